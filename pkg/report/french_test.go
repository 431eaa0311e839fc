package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

var verbs = regexp.MustCompile(`%[^%a-z]*[%a-z]`)

// said are the formats that the package gives to speaker.say.
func said(t *testing.T) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "say" || len(call.Args) == 0 {
				return true
			}
			if literal, ok := call.Args[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				format, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[format] = true
			}
			return true
		})
	}
	return found
}

func TestEverySentenceHasItsFrench(t *testing.T) {
	formats := said(t)
	if len(formats) < 40 {
		t.Fatalf("found %d formats", len(formats))
	}
	for format := range formats {
		fr, ok := frenchSentences[format]
		if diff := cmp.Diff(verbs.FindAllString(format, -1), verbs.FindAllString(fr, -1)); !ok || diff != "" {
			t.Errorf("%q is %q in French: the verbs differ\n%s", format, fr, diff)
		}
	}
	for format := range frenchSentences {
		if !formats[format] {
			t.Errorf("nobody says %q", format)
		}
	}
}

func TestReasonsAreGivenInBothLanguages(t *testing.T) {
	c := translated(t)
	got := strings.Join(Reasons(&c, article.French), " ")
	for _, want := range []string{"A est en anglais, B en français.", "87\u00a0% de A", "similarité moyenne de 0,55", "L’un traduit donc l’autre"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if english := strings.Join(Reasons(&c, article.English), " "); !strings.Contains(english, "A is in English, B in French.") {
		t.Errorf("in English: %q", english)
	}
}

func TestFeaturesAreDescribedInFrench(t *testing.T) {
	seen := map[string]verdict.Feature{}
	for f := range verdict.NumFeatures {
		words := FeatureWords(f, article.French)
		if other, twice := seen[words]; twice || words == "" || words == FeatureWords(f, article.English) {
			t.Errorf("%s is %q in French, as is %s", f, words, other)
		}
		seen[words] = f
	}
}

func TestSpeakersNameLanguages(t *testing.T) {
	for _, l := range []article.Language{article.Unknown, "en", "fr", "de", "pt", "sw"} {
		if got := (speaker{french: true}).language(l); !strings.HasPrefix(got, "en ") && !strings.HasPrefix(got, "dans ") {
			t.Errorf("%q: %q", l, got)
		}
	}
}
