package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
)

func TestNinjsIsKnownByItsProperties(t *testing.T) {
	usual := article.Article{ID: "urn:x:1@2", Title: "Strike", Text: "One.\n\nTwo.", Language: "en", Source: "AFP",
		Published: newsTime("2026-05-07T09:42:00Z")}
	const head = `"uri":"urn:x:1","type":"text","pubstatus":"usable","language":"en-GB","versioncreated":"2026-05-07T11:42:00+02:00",`
	with := func(change func(*article.Article)) article.Article {
		a := usual
		change(&a)
		return a
	}
	for _, c := range []struct {
		name, object string
		want         article.Article
	}{
		{"version 1, XHTML", `{` + head + `"version":"2","headline":"Strike","infosource":[{"name":"AFP"}],"body_xhtml":"<p>One.</p><p>Two.</p>","body_text":"No."}`, usual},
		{"version 1, text", `{` + head + `"version":2,"headline":"Strike","copyrightholder":"AFP","body_text":"One.\r\n\r\nTwo."}`, usual},
		{"version 2", `{` + head + `"version":"2","infosources":[{"name":"AFP"}],
			"headlines":[{"role":"short","value":"S"},{"role":"main","value":"Strike"}],
			"bodies":[{"role":"teaser","value":"No."},{"role":"main","contenttype":"text/html","value":"<p>One.</p><p>Two.</p>"}]}`, usual},
		{"a property of another type", `{` + head + `"version":"2","headline":"Strike","infosource":"AFP","copyrightholder":"AFP","body_text":"One.\n\nTwo."}`, usual},
		{"names of articles go before", `{` + head + `"id":"mine","source":"Ours","url":"https://x.example/1","headline":"Strike","body_text":"One.\n\nTwo."}`,
			with(func(a *article.Article) { a.ID, a.Source, a.URL = "mine", "Ours", "https://x.example/1" })},
		{"text alone", `{"body_text":"One."}`, article.Article{ID: "stdin:1", Text: "One."}},
		{"an article with a text is an article", `{"text":"Mine.","body_text":"No.","headline":"No.","pubstatus":"canceled"}`,
			article.Article{ID: "stdin:1", Text: "Mine."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, only(t, c.object)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNinjsWithoutUseIsRejected(t *testing.T) {
	lines := `{"uri":"urn:x:1","version":"2","pubstatus":"canceled","body_text":"Text."}
{"uri":"urn:x:2","pubstatus":"stat:withheld","headline":"H"}
{"uri":"urn:x:3","type":"picture","headline":"H"}
{"uri":"urn:x:4","type":"text","body_text":" "}
{"headline":"no ninjs"}
{"uri":5,"bodies":7}
`
	articles, rejects := outcome(t, "", Options{Stdin: strings.NewReader(lines)}, "-")
	want(t, articles)
	want(t, rejects,
		"stdin:1: not for use: canceled by its provider",
		"stdin:2: not for use: withheld by its provider",
		"stdin:3: no text in this picture",
		"stdin:4: no text",
		"stdin:5: no text",
		"stdin:6: no text",
	)
}

func TestMappedFieldsGoBeforeNinjs(t *testing.T) {
	object := `{"uri":"urn:x:1","headline":"H","slugline":"S","body_text":"Text.","body_xhtml":"<p>Other</p>"}`
	opts := Options{Fields: map[string]string{"text": "body_text"}, Stdin: strings.NewReader(object)}
	articles, _ := outcome(t, "", opts, "-")
	want(t, articles, "stdin:1||Text.")
	opts = Options{Fields: map[string]string{"title": "slugline"}, Stdin: strings.NewReader(object)}
	articles, _ = outcome(t, "", opts, "-")
	want(t, articles, "urn:x:1|S|Other")
}
