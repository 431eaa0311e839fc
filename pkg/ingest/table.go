package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// maxColumnsShown is how many columns a message names.
const maxColumnsShown = 20

// tableArticle builds the article of a row. cell is the text of a field's cell; known is
// false if there is no such column, or nothing in it. The article's ID may be empty, and
// is given along with an error.
func tableArticle(cell func(field) (text string, known bool)) (article.Article, error) {
	get := func(f field) string {
		s, _ := cell(f)
		return s
	}
	a := article.Article{ID: get(fieldID)}
	text, known := cell(fieldText)
	switch {
	case !known:
		return a, ErrNoText
	case strings.TrimSpace(text) == "":
		return a, ErrEmptyText
	}
	a.Text = text
	a.Title = get(fieldTitle)
	a.Language = article.ParseLanguage(get(fieldLang))
	a.URL = get(fieldURL)
	a.Source = get(fieldSource)
	a.Published = parseTime(get(fieldPublished))
	if a.Published.IsZero() {
		a.Published = parseTime(get(fieldDate))
	}
	a.Author = get(fieldAuthor)
	a.Urgency = urgency(get(fieldUrgency))
	a.AltID = get(fieldAltID)
	return a, nil
}

// findColumns says which column has each field, -1 for none. As with JSON, the last of
// equal names counts.
func (r *run) findColumns(names []string) (columns [fieldCount]int) {
	for f, path := range r.paths {
		columns[f] = -1
		for i, name := range names {
			if name == path {
				columns[f] = i
			}
		}
	}
	return columns
}

// noTextColumn says that no column is called what the text should be, and what there is.
func (r *run) noTextColumn(names []string) error {
	var shown []string
	for _, name := range names[:min(len(names), maxColumnsShown)] {
		shown = append(shown, strconv.Quote(name))
	}
	if more := len(names) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("%d more", more))
	}
	text := fmt.Sprintf("no column %q; the columns are %s", r.paths[fieldText], strings.Join(shown, ", "))
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, r.paths[fieldText]) }); i >= 0 {
		text += fmt.Sprintf("; map text to %q", names[i])
	}
	return &reason{text: text, class: ErrNoText}
}
