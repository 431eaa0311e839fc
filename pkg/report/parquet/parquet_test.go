package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

func Example() {
	pairs := []dedupe.Pair{{A: "bank-en", B: "bank-fr", Relation: verdict.Translation, Score: 0.99}}
	var file bytes.Buffer
	w := NewPairWriter(&file, false)
	if err := errors.Join(w.Write(slices.Values(pairs)), w.Close()); err != nil {
		panic(err)
	}
	rows, err := parquet.Read[report.PairRow](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		panic(err)
	}
	fmt.Println(rows[0].A, rows[0].B, rows[0].Relation, rows[0].Score)
	// Output:
	// bank-en bank-fr translation 0.99
}

// drawPairs draws pairs with ids of any letters, some with passages.
func drawPairs(t *rapid.T) []dedupe.Pair {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) dedupe.Pair {
		share := rapid.Float64Range(0, 1)
		p := dedupe.Pair{
			A: rapid.String().Draw(t, "a"), B: rapid.String().Draw(t, "b"),
			Relation:  rapid.SampledFrom(verdict.Relations()).Draw(t, "relation"),
			Score:     share.Draw(t, "score"),
			Languages: [2]article.Language{article.French, rapid.SampledFrom([]article.Language{"", "en"}).Draw(t, "language")},
			Coverage:  [2]float64{share.Draw(t, "a"), share.Draw(t, "b")},
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "passages") {
			p.Passages = append(p.Passages, align.Passage{
				A: article.Span{Start: n, End: n + 1}, B: article.Span{Start: 2 * n, End: 3 * n}, Similarity: share.Draw(t, "similarity"),
			})
		}
		return p
	}), 0, 600).Draw(t, "pairs")
}

func TestPairsAreReadBackAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		var file bytes.Buffer
		w := NewPairWriter(&file, true)
		for part := range slices.Chunk(pairs, 7) {
			if err := w.Write(slices.Values(part)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := parquet.Read[passagesRow](bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(pairs) {
			t.Fatalf("%d rows of %d pairs", len(got), len(pairs))
		}
		for i := range pairs {
			want := passagesRow{report.NewPairRow(&pairs[i]), report.NewPassageRows(&pairs[i])}
			if diff := cmp.Diff(want, got[i]); diff != "" && len(want.Passages)+len(got[i].Passages) > 0 {
				t.Fatal(diff)
			}
		}
	})
}

func TestTheSamePairsGiveTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		write := func(at int) []byte {
			var file bytes.Buffer
			w := NewPairWriter(&file, false)
			if err := errors.Join(w.Write(slices.Values(pairs[:at])), w.Write(slices.Values(pairs[at:])), w.Close()); err != nil {
				t.Fatal(err)
			}
			return file.Bytes()
		}
		if !bytes.Equal(write(0), write(rapid.IntRange(0, len(pairs)).Draw(t, "at"))) {
			t.Fatal("the bytes depend on how the pairs come")
		}
	})
}

// counter counts what is written to it.
type counter struct{ bytes int }

func (c *counter) Write(b []byte) (int, error) { c.bytes += len(b); return len(b), nil }

func TestAFullGroupIsWrittenBeforeTheFileEnds(t *testing.T) {
	var out counter
	w := NewPairWriter(&out, false)
	long := strings.Repeat("x", 1<<20)
	for i := range 17 {
		p := dedupe.Pair{A: fmt.Sprint(i, long), B: long}
		if err := w.Write(slices.Values([]dedupe.Pair{p})); err != nil {
			t.Fatal(err)
		}
	}
	if out.bytes < 1<<16 {
		t.Errorf("%d bytes written of two groups", out.bytes)
	}
}

func TestAnErrorAmongTheRowsEndsTheFile(t *testing.T) {
	broken := errors.New("cannot be read")
	var rows iter.Seq2[report.ClusterRow, error] = func(yield func(report.ClusterRow, error) bool) {
		_ = yield(report.ClusterRow{ID: "a"}, nil) && yield(report.ClusterRow{}, broken)
	}
	if err := Clusters(io.Discard, rows); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestTheLibraryDoesNotLinkParquet(t *testing.T) {
	for _, face := range []string{"dedupe", "archive"} {
		deps, err := exec.Command("go", "list", "-deps", "github.com/calque-dev/calque/pkg/"+face).Output()
		if err != nil {
			t.Skip("go list:", err)
		}
		if strings.Contains(string(deps), "parquet-go") {
			t.Errorf("pkg/%s links parquet-go", face)
		}
	}
}
