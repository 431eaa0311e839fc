package fit

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/verdict"
)

func embeddedLexicon(tb testing.TB) *lexicon.Lexicon {
	tb.Helper()
	l, err := lexicon.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// pool writes a pool of labelled articles into a folder of its own.
func pool(tb testing.TB, files map[string]string) string {
	tb.Helper()
	folder := tb.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return folder
}

// storyPool is the pool of the fixtures: pairs are the whole copies of the gold file.
func storyPool(tb testing.TB) string {
	tb.Helper()
	var docs strings.Builder
	for a, err := range ingest.Read(context.Background(), []string{"../../../fixtures/stories"}, ingest.Options{}) {
		if err != nil {
			continue // the fixtures hold bad files on purpose
		}
		line, err := json.Marshal(map[string]string{"id": a.ID, "title": a.Title, "text": a.Text, "lang": string(a.Language)})
		if err != nil {
			tb.Fatal(err)
		}
		fmt.Fprintf(&docs, "%s\n", line)
	}
	gold, err := os.ReadFile("../../../fixtures/gold.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	var pairs strings.Builder
	for line := range strings.Lines(string(gold)) {
		switch relation := line[strings.LastIndexByte(line, '\t')+1:]; strings.TrimSpace(relation) {
		case "exact", "near-duplicate", "reworded", "translation":
			pairs.WriteString(line)
		}
	}
	return pool(tb, map[string]string{"docs.jsonl": docs.String(), "pairs.tsv": pairs.String()})
}

func TestFitLearnsToTellCopiesFromOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("fits a model")
	}
	folder := storyPool(t)
	var report bytes.Buffer
	m, err := Fit(context.Background(), [][]string{{folder}}, Options{Lexicon: embeddedLexicon(t), Folds: 2, Report: &report})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{folder, "two languages", "one language", "F0.5", "F3", "partial-translation"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, &report)
		}
	}
	var stored bytes.Buffer
	if err := m.Write(&stored); err != nil {
		t.Fatal(err)
	}
	if m, err = verdict.Read(&stored); err != nil {
		t.Fatal(err)
	}
	sources, err := readPool(context.Background(), []string{folder})
	if err != nil {
		t.Fatal(err)
	}
	var right, wrong int
	for _, e := range examples(variants(sources, 0), embeddedLexicon(t)) {
		copied := e.class == verdict.Whole || e.class == verdict.Part
		if v := m.Judge(&e.features); v.Relation.IsCopy() == copied {
			right++
		} else {
			wrong++
		}
	}
	if right < 9*wrong {
		t.Errorf("of the examples it was fitted to the model has %d right and %d wrong", right, wrong)
	}
}

func TestTheSamePoolGivesTheSameExamples(t *testing.T) {
	sources, err := readPool(context.Background(), []string{storyPool(t)})
	if err != nil {
		t.Fatal(err)
	}
	first, second := examples(variants(sources[:30], 0), embeddedLexicon(t)), examples(variants(sources[:30], 0), embeddedLexicon(t))
	if diff := cmp.Diff(first, second, cmp.AllowUnexported(example{})); diff != "" || len(first) == 0 {
		t.Errorf("%d examples: %s", len(first), diff)
	}
}

func TestTooFewExamplesAreAnErrorOfTheirOwn(t *testing.T) {
	lone := `{"id": "a", "text": "The harbour of Lorient was closed on Monday after a tanker lost its anchor.", "lang": "en"}` + "\n"
	tests := map[string][][]string{
		"no pool":         nil,
		"empty file":      {{pool(t, map[string]string{"docs.jsonl": ""})}},
		"one article":     {{pool(t, map[string]string{"docs.jsonl": lone})}},
		"two of one text": {{pool(t, map[string]string{"docs.jsonl": lone + strings.ReplaceAll(lone, `"a"`, `"b"`)})}},
	}
	for name, pools := range tests {
		t.Run(name, func(t *testing.T) {
			m, err := Fit(context.Background(), pools, Options{Lexicon: embeddedLexicon(t)})
			if !errors.Is(err, ErrNoExamples) || m != nil {
				t.Fatal(err)
			}
			if strings.Contains(err.Error(), "PANIC") {
				t.Error(err)
			}
		})
	}
}

func TestAPoolThatCannotBeReadIsAnError(t *testing.T) {
	const docs = `{"id": "a", "text": "one"}` + "\n"
	tests := []struct{ name, folder, want string }{
		{"no folder", filepath.Join(t.TempDir(), "missing"), "docs.jsonl"},
		{"no docs", pool(t, map[string]string{"pairs.tsv": "a\tb\n"}), "docs.jsonl"},
		{"pairs without a tab", pool(t, map[string]string{"docs.jsonl": docs, "pairs.tsv": "a\tb\na b\n"}), "pairs.tsv:2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Fit(context.Background(), [][]string{{test.folder}}, Options{Lexicon: embeddedLexicon(t)})
			if err == nil || errors.Is(err, ErrNoExamples) || m != nil {
				t.Fatal("it was read:", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q does not name %q", err, test.want)
			}
		})
	}
}

func TestDamagedDocsAreAnError(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for i := range 2000 {
		fmt.Fprintf(w, "{\"id\": \"%d\", \"text\": \"article %d of the pool\"}\n", i, i*i)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	folder := pool(t, map[string]string{"docs.jsonl.gz": packed.String()[:packed.Len()/2]})
	sources, err := readPool(context.Background(), []string{folder})
	if err == nil {
		t.Errorf("a file that is cut off gives %d of 2000 articles and no error", len(sources))
	}
}

func TestAPoolIsFoundWhateverItsFolderIsCalled(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pool[1]")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "docs.jsonl"), []byte(`{"id": "a", "text": "one"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readPool(context.Background(), []string{folder}); err != nil {
		t.Error("the folder's name is taken for a pattern: ", err)
	}
}

func TestFitStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Fit(ctx, [][]string{{storyPool(t)}}, Options{Lexicon: embeddedLexicon(t)}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPairsTieOriginsAcrossLines(t *testing.T) {
	var docs strings.Builder
	for _, id := range strings.Split("abcdefg", "") {
		fmt.Fprintf(&docs, "{\"id\": %q, \"text\": \"text %s\"}\n", id, id)
	}
	folder := pool(t, map[string]string{
		"docs.jsonl": docs.String(),
		"pairs.tsv":  "d\tc\nb\tc\ttranslation\nd\ta\ne\tnowhere\nf\tf\na\tb\n",
	})
	other := pool(t, map[string]string{"docs.jsonl": docs.String()}) // the same ids, not tied to these
	sources, err := readPool(context.Background(), []string{folder, other})
	if err != nil {
		t.Fatal(err)
	}
	var origins []int
	for _, s := range sources {
		origins = append(origins, s.origin)
	}
	if diff := cmp.Diff([]int{0, 0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, origins); diff != "" {
		t.Error(diff)
	}
}

func TestASampleKeepsOriginsWhole(t *testing.T) {
	sources := toySources(60)
	for i := range sources {
		sources[i].origin = i / 3 * 3 // three that say the same
	}
	kept := sample(sources, 20)
	if len(kept) == 0 || len(kept) == len(sources) {
		t.Fatalf("%d of %d kept", len(kept), len(sources))
	}
	count := map[int]int{}
	for _, s := range kept {
		count[s.origin]++
	}
	for origin, n := range count {
		if n != 3 {
			t.Errorf("%d of the 3 articles of origin %d were kept", n, origin)
		}
	}
	if len(sample(sources, 0)) != len(sources) || len(sample(sources, 60)) != len(sources) {
		t.Error("a sample of all leaves some out")
	}
}
