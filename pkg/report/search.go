package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
)

// The rules of lists of hits:
//
// A hit is its headline, a faint line of its id, source, language, date and score, and its
// fragments, indented, an ellipsis before what is not the beginning of the text. Words that
// match are bold, on a screen that has colours; elsewhere nothing marks them. Blank lines
// part hits, and the facets from them.

// hitIndent stands before what belongs to a hit.
const hitIndent = "    "

// Search writes the hits and the facets of a response for people.
func Search(w io.Writer, r *search.Response, screen Screen) error {
	out := bufio.NewWriter(w)
	if r.Total == 0 {
		fmt.Fprintln(out, "no articles found")
		return out.Flush()
	}
	for i := range r.Hits {
		if i > 0 {
			fmt.Fprintln(out)
		}
		writeHit(out, &r.Hits[i], screen)
	}
	for _, f := range []struct {
		name  string
		facet search.Facet
	}{{"LANGUAGES", r.Languages}, {"SOURCES", r.Sources}, {"MONTHS", r.Months}} {
		writeFacet(out, f.name, &f.facet, screen)
	}
	return out.Flush()
}

func writeHit(out *bufio.Writer, h *search.Hit, screen Screen) {
	if h.Title != "" {
		for _, line := range wrapMarked(h.Title, h.TitleMatches, screen.Width, screen) {
			fmt.Fprintln(out, line)
		}
	}
	parts := []string{Printable(h.ID)}
	if h.Source != "" {
		parts = append(parts, Printable(h.Source))
	}
	parts = append(parts, languageCode(h.Language))
	if !h.Published.IsZero() {
		parts = append(parts, h.Published.UTC().Format(time.DateOnly))
	}
	parts = append(parts, fmt.Sprintf("%.2f", h.Score))
	fmt.Fprintln(out, screen.paint(faint, strings.Join(parts, " · ")))
	for _, f := range h.Fragments {
		mark := ""
		if f.Start > 0 {
			mark = "… "
		}
		for i, line := range wrapMarked(f.Text, f.Matches, max(0, screen.Width-len(hitIndent)-columns(mark)), screen) {
			if i > 0 {
				mark = ""
			}
			fmt.Fprintln(out, hitIndent+mark+line)
		}
	}
}

// writeFacet writes the counts of a facet on a line, or on several that a screen holds.
func writeFacet(out *bufio.Writer, name string, f *search.Facet, screen Screen) {
	var counts []string
	for _, c := range f.Counts {
		counts = append(counts, fmt.Sprintf("%s\u00a0%d", strings.ReplaceAll(c.Value, " ", "\u00a0"), c.Count))
	}
	if f.Other > 0 {
		counts = append(counts, fmt.Sprintf("others\u00a0%d", f.Other))
	}
	if f.Missing > 0 {
		counts = append(counts, fmt.Sprintf("unknown\u00a0%d", f.Missing))
	}
	if len(f.Counts) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", screen.paint(strong, name))
	for _, line := range wrapMarked(strings.Join(counts, ", "), nil, max(0, screen.Width-len(hitIndent)), screen) {
		fmt.Fprintln(out, hitIndent+strings.ReplaceAll(line, "\u00a0", " "))
	}
}

// wrapMarked is wrap with some spans bold. Width 0 is one line of any length. A word that
// is longer than a line is left to the terminal.
func wrapMarked(text string, bold []article.Span, width int, screen Screen) (lines []string) {
	var line strings.Builder
	used := 0
	for start := 0; start < len(text); {
		if isBreak(rune(text[start])) {
			start++
			continue
		}
		end := start + len(text[start:])
		if n := strings.IndexFunc(text[start:], isBreak); n >= 0 {
			end = start + n
		}
		size := columns(Printable(text[start:end]))
		switch {
		case used == 0:
		case width > 0 && used+1+size > width:
			lines, used = append(lines, line.String()), 0
			line.Reset()
		default:
			line.WriteByte(' ')
			used++
		}
		used += size
		paintSpans(&line, text, article.Span{Start: start, End: end}, bold, screen)
		start = end
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// paintSpans writes a stretch of text, bold where it is in a span.
func paintSpans(line *strings.Builder, text string, stretch article.Span, bold []article.Span, screen Screen) {
	at := stretch.Start
	for _, s := range bold {
		s.Start, s.End = max(s.Start, at), min(s.End, stretch.End)
		if s.Start >= s.End {
			continue
		}
		line.WriteString(Printable(text[at:s.Start]))
		line.WriteString(screen.paint(strong, Printable(s.Of(text))))
		at = s.End
	}
	line.WriteString(Printable(text[at:stretch.End]))
}

// jsonHit is a hit as it stands in JSON.
type jsonHit struct {
	ID           string           `json:"id"`
	Score        float64          `json:"score"`
	Title        string           `json:"title,omitempty"`
	TitleMatches [][2]int         `json:"title_matches,omitempty"`
	Source       string           `json:"source,omitempty"`
	Language     article.Language `json:"lang,omitempty"`
	URL          string           `json:"url,omitempty"`
	Published    string           `json:"published,omitempty"`
	Cluster      string           `json:"cluster,omitempty"`
	Fragments    []jsonFragment   `json:"fragments"`
}

type jsonFragment struct {
	Start   int      `json:"start"`
	Text    string   `json:"text"`
	Matches [][2]int `json:"matches"`
}

// jsonFound is the line below the hits.
type jsonFound struct {
	Total     int        `json:"total"`
	From      int        `json:"from"`
	Widened   []jsonWord `json:"widened,omitempty"`
	Languages *jsonFacet `json:"languages,omitempty"`
	Sources   *jsonFacet `json:"sources,omitempty"`
	Months    *jsonFacet `json:"months,omitempty"`
}

type jsonWord struct {
	Word   string           `json:"word"`
	From   article.Language `json:"from"`
	To     article.Language `json:"to"`
	Term   string           `json:"term"`
	Weight float64          `json:"weight"`
}

type jsonFacet struct {
	Counts  []jsonCount `json:"counts"`
	Other   int         `json:"other"`
	Missing int         `json:"missing"`
}

type jsonCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// SearchJSONLines writes one JSON object a hit, and one below them with the number of
// articles that match, "total", how many hits were passed over, "from", the words that were
// searched in the other language too, "widened", and the facets, if they were counted.
// Matches are byte offsets in title and fragment, "start" is one in the article's text.
func SearchJSONLines(w io.Writer, r *search.Response, from int, facets bool) error {
	out := bufio.NewWriter(w)
	e := newEncoder(out)
	for i := range r.Hits {
		if err := e.Encode(newJSONHit(&r.Hits[i])); err != nil {
			return err
		}
	}
	found := jsonFound{Total: r.Total, From: from}
	for _, x := range r.Widened {
		found.Widened = append(found.Widened, jsonWord{x.Word, x.From, x.To, x.Term, rounded(x.Weight)})
	}
	if facets {
		found.Languages, found.Sources, found.Months = newJSONFacet(&r.Languages), newJSONFacet(&r.Sources), newJSONFacet(&r.Months)
	}
	if err := e.Encode(found); err != nil {
		return err
	}
	return out.Flush()
}

func newJSONHit(h *search.Hit) jsonHit {
	j := jsonHit{
		ID: h.ID, Score: rounded(h.Score), Title: h.Title, Source: h.Source, Language: h.Language, URL: h.URL,
		Cluster: h.Cluster, TitleMatches: spanOffsets(h.TitleMatches), Fragments: []jsonFragment{},
	}
	if !h.Published.IsZero() {
		j.Published = h.Published.UTC().Format(time.RFC3339Nano)
	}
	for _, f := range h.Fragments {
		j.Fragments = append(j.Fragments, jsonFragment{f.Start, f.Text, spanOffsets(f.Matches)})
	}
	return j
}

func spanOffsets(spans []article.Span) [][2]int {
	out := make([][2]int, len(spans))
	for i, s := range spans {
		out[i] = [2]int{s.Start, s.End}
	}
	return out
}

func newJSONFacet(f *search.Facet) *jsonFacet {
	j := &jsonFacet{Counts: []jsonCount{}, Other: f.Other, Missing: f.Missing}
	for _, c := range f.Counts {
		j.Counts = append(j.Counts, jsonCount{c.Value, c.Count})
	}
	return j
}
