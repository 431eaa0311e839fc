package report

import (
	"io"
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
	Published string           `json:"published,omitempty"`
}

// Article writes an article as one JSON object on a line, which package ingest reads
// as the same article. What is not known is left out.
func Article(w io.Writer, a *article.Article) error {
	return newEncoder(w).Encode(jsonArticle{
		ID: a.ID, Title: a.Title, Text: a.Text, Language: a.Language, URL: a.URL, Source: a.Source, Published: published(a),
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
	Published string `parquet:"published"` // RFC 3339, in UTC
}

// NewArticleRow makes the row of an article.
func NewArticleRow(a *article.Article) ArticleRow {
	return ArticleRow{
		ID: a.ID, Title: a.Title, Text: a.Text, Language: string(a.Language), URL: a.URL, Source: a.Source, Published: published(a),
	}
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
	return []string{"id", "title", "text", "lang", "url", "source", "published"}
}

// Cells is the row as text.
func (r *ArticleRow) Cells() []string {
	return []string{r.ID, r.Title, r.Text, r.Language, r.URL, r.Source, r.Published}
}

// Size is about how many bytes the row takes in memory.
func (r *ArticleRow) Size() int {
	return len(r.ID) + len(r.Title) + len(r.Text) + len(r.URL) + len(r.Published) + 64
}
