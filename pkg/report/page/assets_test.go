package page

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/verdict"
)

func asset(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(assets, "assets/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestEveryAssetIsPartOfThePage(t *testing.T) {
	entries, err := fs.ReadDir(assets, "assets")
	if err != nil {
		t.Fatal(err)
	}
	used := append(slices.Concat(styles, scripts), "body.html")
	for _, e := range entries {
		if !slices.Contains(used, e.Name()) {
			t.Errorf("%s is in no list", e.Name())
		}
		content := asset(t, e.Name())
		if path.Ext(e.Name()) != ".html" && (strings.Contains(strings.ToLower(content), "</s") || strings.Contains(content, "<!--")) {
			t.Errorf("%s would end the element that it stands in", e.Name())
		}
		if n := strings.Count(content, "\n"); n > 500 {
			t.Errorf("%s has %d lines", e.Name(), n)
		}
	}
}

var entry = regexp.MustCompile(`(?m)(?:^  |, )"?([A-Za-z0-9.-]+)"?: "((?:[^"\\]|\\.)*)"`)

// words are the entries of a file of words.
func words(t *testing.T, name string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range entry.FindAllStringSubmatch(asset(t, name), -1) {
		if _, twice := found[m[1]]; twice {
			t.Errorf("%s: %s stands there twice", name, m[1])
		}
		found[m[1]] = m[2]
	}
	return found
}

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	english, french := words(t, "words.js"), words(t, "french.js")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(french))); diff != "" || len(english) < 100 {
		t.Errorf("%d words in English (-), in French (+):\n%s", len(english), diff)
	}
	places := regexp.MustCompile(`\{\d\}`)
	for key, word := range english {
		if !slices.Equal(slices.Sorted(slices.Values(places.FindAllString(word, -1))), slices.Sorted(slices.Values(places.FindAllString(french[key], -1)))) {
			t.Errorf("%s: %q and %q have other places", key, word, french[key])
		}
		if bad := regexp.MustCompile(`\S [:;?!»]|« `).FindString(french[key]); bad != "" {
			t.Errorf("%s: %q breaks the line at %q", key, french[key], bad)
		}
	}
}

func TestEveryWordThatIsSaidIsKnown(t *testing.T) {
	known := words(t, "words.js")
	script, err := joined(scripts)
	if err != nil {
		t.Fatal(err)
	}
	body := asset(t, "body.html")
	for _, m := range regexp.MustCompile(`\bt\("([A-Za-z0-9.-]+)"[,)]`).FindAllStringSubmatch(script, -1) {
		if _, ok := known[m[1]]; !ok {
			t.Errorf("nobody knows the word %q", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`data-t(?:-label|-placeholder)?="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if _, ok := known[m[1]]; !ok {
			t.Errorf("nobody knows the word %q", m[1])
		}
	}
	for _, r := range verdict.Relations() {
		if known[r.String()] == "" || known[r.String()+".what"] == "" {
			t.Errorf("%s has no words", r)
		}
		if !strings.Contains(asset(t, "base.css"), `[data-relation="`+r.String()+`"]`) {
			t.Errorf("%s has no colour", r)
		}
	}
	for key := range known {
		stem, _, _ := strings.Cut(key, ".")
		if !strings.Contains(script, `"`+stem+`"`) && !strings.Contains(body, `"`+stem+`"`) && !strings.Contains(script, `"theme"`) &&
			!slices.ContainsFunc(verdict.Relations(), func(r verdict.Relation) bool { return r.String() == stem }) {
			t.Errorf("nobody says %q", key)
		}
	}
}
