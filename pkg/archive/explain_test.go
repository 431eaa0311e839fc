package archive

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/dedupe"
)

func TestAnArchiveExplainsItsPairsAsAScanDoes(t *testing.T) {
	articles := varied(t, rand.New(rand.NewPCG(3, 3)))
	options := dedupe.Options{Features: true, Workers: 2}
	d, err := dedupe.New(options)
	if err != nil {
		t.Fatal(err)
	}
	result, err := d.Scan(context.Background(), each(articles))
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	var want, got []dedupe.Comparison
	for c, err := range result.Explain(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c)
	}
	a := create(t, Options{Detector: options, Batch: 30})
	add(t, a, articles)
	pairs := pairsOf(t, a)
	for c, err := range a.Explain(context.Background(), pairs) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
		t.Fatalf("%d comparisons; scan, archive:\n%.3000s", len(got), diff)
	}
	for range a.Explain(context.Background(), pairs) {
		break // no more is asked for
	}
}

func TestExplainingAPairThatIsGoneFails(t *testing.T) {
	a := create(t, Options{})
	add(t, a, fixtures(t)[:6])
	for _, err := range a.Explain(context.Background(), []dedupe.Pair{{A: "gone", B: "too"}}) {
		if err == nil || err.Error() != "gone: "+errGone.Error() {
			t.Errorf("error %v", err)
		}
	}
}
