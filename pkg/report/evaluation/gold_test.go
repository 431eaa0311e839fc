package evaluation

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/calque-dev/calque/pkg/verdict"
)

func TestGoldLines(t *testing.T) {
	g := goldOf(t, "\ufeff# comment\n\nb\ta\texact\r\n  \t \nc d\te f\nx\ty\t\n")
	want := map[Pair]verdict.Relation{{"a", "b"}: verdict.Exact, {"c d", "e f"}: verdict.None, {"x", "y"}: verdict.None}
	if g.Len() != len(want) {
		t.Errorf("%d pairs, want %d", g.Len(), len(want))
	}
	for pair, relation := range g.all() {
		if r, ok := want[pair]; !ok || r != relation {
			t.Errorf("%v is %v", pair, relation)
		}
	}
	if !g.Names(verdict.Exact) || g.Names(verdict.Related) {
		t.Error("Names is wrong")
	}
}

func TestUnusableGoldLinesAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\n\na b exact\n":        "gold.tsv:3: unusable gold line: want two ids and maybe a relation, separated by tabs; found 1 column(s)",
		"a\tb\texact\tmore\n":        "gold.tsv:1: unusable gold line: want two ids and maybe a relation, separated by tabs; found 4 column(s)",
		"a\t\texact\n":               "gold.tsv:1: unusable gold line: empty id",
		"a\ta\n":                     `gold.tsv:1: unusable gold line: "a" is paired with itself`,
		"a\tb\texact\nb\ta\trelated": "gold.tsv:2: unusable gold line: the pair is related here and exact in gold.tsv:1",
	} {
		var g Gold
		err := g.Read(strings.NewReader(text), "gold.tsv")
		if err == nil || err.Error() != want || !errors.Is(err, ErrGold) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
	var g Gold
	err := g.Read(strings.NewReader("a\tb\tcopy\n"), "gold.tsv")
	if err == nil || !strings.Contains(err.Error(), `gold.tsv:1: unusable gold line: unknown relation "copy"`) {
		t.Errorf("%v", err)
	}
}

func TestGoldFilesAddUp(t *testing.T) {
	var g Gold
	for _, text := range []string{"a\tb\n", "b\ta\texact\nc\td\n", "a\tb\n"} {
		if err := g.Read(strings.NewReader(text), "gold.tsv"); err != nil {
			t.Fatal(err)
		}
	}
	if g.Len() != 2 || g.lines[PairOf("b", "a")].relation != verdict.Exact {
		t.Errorf("%v", g.lines)
	}
}

func TestReadingErrorsAreReturned(t *testing.T) {
	broken := errors.New("broken disk")
	var g Gold
	if err := g.Read(iotest.ErrReader(broken), "gold.tsv"); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if err := g.Read(strings.NewReader(strings.Repeat("a", maxLine+1)), "gold.tsv"); err == nil {
		t.Error("an endless line is read")
	}
}

func TestMissingIDsAreSortedAndDistinct(t *testing.T) {
	g := goldOf(t, "z\tb\nz\ta\nc\td")
	got := g.Missing(func(id string) bool { return id == "c" || id == "b" })
	if !slices.Equal(got, []string{"a", "d", "z"}) {
		t.Errorf("%q", got)
	}
}

func FuzzGold(f *testing.F) {
	f.Add("# comment\na\tb\texact\nb\tc\n")
	f.Add("\ufeffa\tb\t\r\n\n\tx\n")
	f.Fuzz(func(t *testing.T, text string) {
		var g Gold
		err := g.Read(strings.NewReader(text), "gold.tsv")
		if err != nil && !strings.HasPrefix(err.Error(), "gold.tsv:") {
			t.Errorf("error without its place: %v", err)
		}
		for pair := range g.all() {
			if pair.A == "" || pair.A >= pair.B {
				t.Errorf("unusable pair %q", pair)
			}
		}
		if err == nil && g.Len() > strings.Count(text, "\n")+1 {
			t.Errorf("%d pairs in %q", g.Len(), text)
		}
	})
}
