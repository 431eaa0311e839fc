package dedupe

import (
	"context"
	"reflect"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

func TestArticlesAnalysedAgainAreTheSame(t *testing.T) {
	d := detector(t, Options{})
	fresh := d.NewVerifier()
	none := make([]*shingle.Article, len(stories()))
	c := newCache(d.NewVerifier(), none)
	for range 2 {
		for i, a := range stories() {
			if !reflect.DeepEqual(fresh.Analyse(&a), c.get(&a, int32(i))) {
				t.Fatal(a.ID, "differs when it comes from the cache")
			}
		}
	}
	// Whatever order a builder meets the articles in, they come out the same.
	late := d.NewVerifier()
	for i := len(stories()) - 1; i >= 0; i-- {
		a := stories()[i]
		if !reflect.DeepEqual(c.get(&a, int32(i)), late.Analyse(&a)) {
			t.Fatal(a.ID, "differs when it is analysed after others")
		}
	}
}

func TestTheCacheForgetsAndRemembers(t *testing.T) {
	a := article.Article{Text: "One."}
	pinned := &shingle.Article{Words: 77}
	numbers := make([]*shingle.Article, 2*cacheSize)
	numbers[5] = pinned
	c := newCache(detector(t, Options{}).NewVerifier(), numbers)
	first := c.get(&a, 0)
	for i := range int32(2 * cacheSize) {
		x := c.get(&a, i)
		if (x == pinned) != (i == 5) {
			t.Fatalf("article %d is the kept one: %v", i, x == pinned)
		}
		if c.get(&a, i) != x {
			t.Fatalf("article %d was analysed twice in a row", i)
		}
		if n := len(c.young) + len(c.old); n > cacheSize+1 {
			t.Fatalf("%d articles remembered", n)
		}
	}
	if c.get(&a, 0) == first {
		t.Error("the oldest article is still remembered")
	}
}

func TestNoMoreIsKeptThanThereIsRoomFor(t *testing.T) {
	x := detector(t, Options{}).NewVerifier().Analyse(&article.Article{Text: german})
	var room kept
	room.left.Store(3 * int64(x.Size()))
	n := 0
	for range 10 {
		if room.keep(x) != nil {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d kept in the room of 3", n)
	}
}

func BenchmarkScan(b *testing.B) {
	d := detector(b, Options{})
	for b.Loop() {
		if _, err := d.Scan(context.Background(), values(stories())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(stories()))/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkCompare(b *testing.B) {
	d := detector(b, Options{})
	english, french := story(b, "b-senegal-en.txt"), story(b, "b-senegal-fr.txt")
	for b.Loop() {
		d.Compare(english, french)
	}
}
