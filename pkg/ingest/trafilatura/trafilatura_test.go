package trafilatura

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/ingest"
)

const pages = "../../../fixtures/formats/html/*"

func TestMainTextIsWithoutWhatStandsAroundIt(t *testing.T) {
	paths, err := filepath.Glob(pages)
	if err != nil || len(paths) != 4 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Page(ingest.Page{HTML: raw})
		if err != nil {
			t.Fatal(err)
		}
		if a.Title == "" || a.Source == "" || a.URL == "" || a.Published.IsZero() || a.Language == article.Unknown {
			t.Errorf("%s: %+v", path, a)
		}
		if n := strings.Count(a.Text, "\n\n"); n < 8 {
			t.Errorf("%s has %d paragraphs", path, n+1)
		}
		for _, around := range []string{"ookies", "Facebook", "Sport", "Photo", "Ferry", "ferries", "©", "Sign up", "S’inscrire"} {
			if strings.Contains(a.Text, around) {
				t.Errorf("%s: %q is in the text", path, around)
			}
		}
	}
}

func TestPageThatCannotBeTakenApartHasAllItsText(t *testing.T) {
	a, err := Page(ingest.Page{HTML: []byte("<title>T</title>" + strings.Repeat("<div>", 600) + "<p>Some text to be read.")})
	if err != nil || a.Title != "T" || a.Text != "Some text to be read." {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestPageWithoutMainTextIsRejected(t *testing.T) {
	for _, page := range []string{"", "<title>T</title>", "<nav><a href=/>Home</a></nav>", "<form><input></form>"} {
		if a, err := Page(ingest.Page{HTML: []byte(page)}); !errors.Is(err, ingest.ErrNoText) {
			t.Errorf("%q: %+v, %v", page, a, err)
		}
	}
}

func TestBriefIsFoundOnceAndAlone(t *testing.T) {
	const brief = "The evening ferry to the islands was two hours late on Thursday because of fog, and the last bus had left when it came in at midnight."
	const page = `<html lang="en"><head><title>Ferry late | The Paper</title></head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
		<article><header><h1>Ferry late</h1><div class="meta">By Ann Lind</div></header><div class="article-body"><p>` + brief + `</p></div></article>
		<ul class="share"><li><a href="#">Facebook</a></li></ul></body></html>`
	a, err := Page(ingest.Page{HTML: []byte(page), URL: "https://www.paper.example/ferry"})
	if err != nil || a.Text != brief {
		t.Errorf("%+v, %v", a, err)
	}
	if a.Title != "Ferry late" || a.URL != "https://www.paper.example/ferry" || a.Source != "paper.example" {
		t.Errorf("%+v", a)
	}
}

func FuzzPage(f *testing.F) {
	paths, err := filepath.Glob(pages)
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "", "https://paper.example/1")
		f.Add(raw[:2000], "iso-8859-1", "")
	}
	f.Add([]byte("<p>x<table><td><svg><math><p>"), "utf-8", ":")
	f.Fuzz(func(t *testing.T, raw []byte, charset, url string) {
		a, err := Page(ingest.Page{HTML: raw, Charset: charset, URL: url})
		switch {
		case err != nil:
			if a != (article.Article{}) {
				t.Fatalf("%+v beside %v", a, err)
			}
		case strings.TrimSpace(a.Text) == "" || !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title):
			t.Fatalf("%+v", a)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	raw, err := os.ReadFile("../../../fixtures/formats/html/a-bank-en.html")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := Page(ingest.Page{HTML: raw}); err != nil {
			b.Fatal(err)
		}
	}
}
