package report

import (
	"io"
	"strconv"
	"time"

	"github.com/calque-dev/calque/pkg/article"
)

// jsonArticle is an article as package ingest reads it.
type jsonArticle struct {
	ID        string           `json:"id"`
	Title     string           `json:"title,omitempty"`
	Text      string           `json:"text"`
	Language  article.Language `json:"lang,omitempty"`
	URL       string           `json:"url,omitempty"`
	Source    string           `json:"source,omitempty"`
	Author    string           `json:"author,omitempty"`
	Published string           `json:"published,omitempty"`
	Urgency   int              `json:"urgency,omitempty"`
	AltID     string           `json:"altid,omitempty"`
}

// Article writes an article as one JSON object on a line, which package ingest reads
// as the same article. What is not known is left out.
func Article(w io.Writer, a *article.Article) error {
	return newEncoder(w).Encode(jsonArticle{
		ID: a.ID, Title: a.Title, Text: a.Text, Language: a.Language, URL: a.URL, Source: a.Source,
		Author: a.Author, Published: published(a), Urgency: a.Urgency, AltID: a.AltID,
	})
}

// ArticleRow is an article as a row of a table with columns that package ingest reads.
// What is not known is empty.
type ArticleRow struct {
	ID        string `parquet:"id"`
	Title     string `parquet:"title"`
	Text      string `parquet:"text"`
	Language  string `parquet:"lang,dict"`
	URL       string `parquet:"url"`
	Source    string `parquet:"source,dict"`
	Author    string `parquet:"author"`
	Published string `parquet:"published"` // RFC 3339, in UTC
	Urgency   string `parquet:"urgency,dict"`
	AltID     string `parquet:"altid"`
}

// NewArticleRow makes the row of an article.
func NewArticleRow(a *article.Article) ArticleRow {
	r := ArticleRow{
		ID: a.ID, Title: a.Title, Text: a.Text, Language: string(a.Language), URL: a.URL, Source: a.Source,
		Author: a.Author, Published: published(a), AltID: a.AltID,
	}
	if a.Urgency != 0 {
		r.Urgency = strconv.Itoa(a.Urgency)
	}
	return r
}

// published is the time of an article as it stands in JSON and in tables.
func published(a *article.Article) string {
	if a.Published.IsZero() {
		return ""
	}
	return a.Published.UTC().Format(time.RFC3339Nano)
}

// ArticleColumns are the names of the columns, in their order.
func ArticleColumns() []string {
	return []string{"id", "title", "text", "lang", "url", "source", "author", "published", "urgency", "altid"}
}

// Cells is the row as text.
func (r *ArticleRow) Cells() []string {
	return []string{r.ID, r.Title, r.Text, r.Language, r.URL, r.Source, r.Author, r.Published, r.Urgency, r.AltID}
}

// Size is about how many bytes the row takes in memory.
func (r *ArticleRow) Size() int {
	return len(r.ID) + len(r.Title) + len(r.Text) + len(r.URL) + len(r.Author) + len(r.Published) + len(r.AltID) + 64
}
