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
	j := jsonArticle{ID: a.ID, Title: a.Title, Text: a.Text, Language: a.Language, URL: a.URL, Source: a.Source}
	if !a.Published.IsZero() {
		j.Published = a.Published.UTC().Format(time.RFC3339Nano)
	}
	return newEncoder(w).Encode(j)
}
