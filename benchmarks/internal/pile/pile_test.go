package pile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calque-dev/calque/benchmarks/internal/process"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestMain(m *testing.M) {
	process.Main()
	os.Exit(m.Run())
}

// gold writes the gold of a pile: a family of f1, f2 and f3, and a pair in two languages.
func gold(t *testing.T) *Gold {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gold.tsv")
	text := "f1\tf2\texact\nf1\tf3\tnear-duplicate\nen\tfr\ttranslation\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := ReadGold(path)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func found(t *testing.T, g *Gold, csv string) *Found {
	t.Helper()
	f, err := g.ReadFound(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAPairOfTheFamilyThatTheGoldDoesNotNameIsNeitherRightNorWrong(t *testing.T) {
	g := gold(t)
	f := found(t, g, "a,b,relation,score\nf1,f2,exact,1\nf2,f3,near-duplicate,0.9\nen,fr,translation,0.99\nen,f1,excerpt,0.6\n")
	if f.Unknown != 1 || len(f.Pairs) != 4 || f.Tied != 1 {
		t.Fatalf("%+v", f)
	}
	r := g.ByRelation(f, nil)
	if want := (evaluation.Counts{Gold: 3, Found: 4, Correct: 3}); r.All != want {
		t.Errorf("%+v, want %+v", r.All, want)
	}
	if f.Pairs[1].Relation != verdict.Translation || f.Pairs[1].Score != 0.99 {
		t.Errorf("%+v", f.Pairs[1])
	}
}

func TestAMemberOfTheFamilyIsFoundThroughOthersAndNoneOfASmallGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gold.tsv")
	if err := os.WriteFile(path, []byte("f1\tf2\texact\nf1\tf3\texact\nf1\tf4\texact\na\tb\texact\na\tc\texact\nb\tc\texact\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := ReadGold(path)
	if err != nil {
		t.Fatal(err)
	}
	f := found(t, g, "a,b,relation,score\nf1,f2,exact,1\nf2,f3,exact,1\na,b,exact,1\nb,c,exact,1\n")
	if got, want := g.ByRelation(f, nil).All, (evaluation.Counts{Gold: 6, Found: 4, Correct: 4}); got != want || f.Tied != 1 {
		t.Errorf("%+v, want %+v; tied %d", got, want, f.Tied)
	}
}

func TestWhoDoesNotNameRelationsIsNotAskedForOthers(t *testing.T) {
	g := gold(t)
	copies := []verdict.Relation{verdict.Exact, verdict.NearDuplicate}
	f := found(t, g, "a,b\nf2,f1\nf1,f2\nfr,en\nen,f3\n")
	if got, want := g.Regardless(f, copies), (evaluation.Counts{Gold: 2, Found: 2, Correct: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestPairsThatCannotBeReadAreNamed(t *testing.T) {
	for csv, want := range map[string]string{
		"":                           "no header",
		"x,b\n":                      "no columns",
		"a,b,relation\nc,d,cousin\n": "cousin",
		"a,b\nc\n":                   "wrong number of fields",
		"a,b,score\nc,d,much\n":      "much",
	} {
		if _, err := gold(t).ReadFound(strings.NewReader(csv)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", csv, err, want)
		}
	}
}

func TestAPileIsMadeOnce(t *testing.T) {
	root, err := process.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if err := process.Build(t.Context(), root, programs, "./benchmarks/corpus"); err != nil {
		t.Fatal(err)
	}
	o := Options{Cache: filepath.Join(t.TempDir(), "cache"), Family: -1, Seed: 1}
	p, err := Make(t.Context(), root, filepath.Join(programs, "corpus"), 50, o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(p.Articles)
	if err != nil || strings.Count(string(text), "\n") != 50 || p.Bytes != int64(len(text)) {
		t.Errorf("%d bytes of %+v: %v", len(text), p, err)
	}
	again, err := Make(t.Context(), root, "no program is needed", 50, o)
	if err != nil || again != p {
		t.Errorf("%+v, want %+v: %v", again, p, err)
	}
	o.OneLanguage = true
	one, err := Make(t.Context(), root, filepath.Join(programs, "corpus"), 50, o)
	if err != nil || one.Articles == p.Articles {
		t.Errorf("%+v: %v", one, err)
	}
	if text, err := os.ReadFile(one.Articles); err != nil || strings.Contains(string(text), `"lang":"fr"`) {
		t.Errorf("a French article, or %v", err)
	}
}
