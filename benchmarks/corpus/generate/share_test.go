package generate

import (
	"errors"
	"strings"
	"testing"
)

// base is what the articles that are made of a stretch have of the corpus.
type base struct {
	event   int32
	numbers map[int]bool
	length  [2]int
}

// bases are all stories that are no copies.
func (g *Generator) bases() (all []base) {
	for i := range g.plan.entries {
		e := &g.plan.entries[i]
		if e.kind != original {
			continue
		}
		w := g.newWriter()
		w.begin(e, int32(i))
		w.story()
		b := base{event: e.event, numbers: map[int]bool{}}
		for _, n := range w.numbers {
			b.numbers[n] = true
			for side := range b.length {
				b.length[side] += len(g.plan.corpus.sentences[side][n])
			}
		}
		all = append(all, b)
	}
	return all
}

// shared is the number of sentences that two bases share, and the share of the shorter
// that they make up, in the language in which it is more.
func (g *Generator) shared(a, b base) (n int, share float64) {
	var length [2]int
	for number := range a.numbers {
		if b.numbers[number] {
			n++
			for side := range length {
				length[side] += len(g.plan.corpus.sentences[side][number])
			}
		}
	}
	for side := range length {
		share = max(share, float64(length[side])/float64(min(a.length[side], b.length[side])))
	}
	return n, share
}

func TestNoTwoArticlesAreCopiesByAccident(t *testing.T) {
	c := invented(1500)
	o := planted(900)
	g := generator(t, c, o)
	bases := g.bases()
	used := map[int]int{}
	for _, b := range bases {
		for n := range b.numbers {
			used[n]++
		}
	}
	total := 0
	for _, n := range used {
		total += n
	}
	if total < 4*c.Len() {
		t.Fatalf("the sentences come %.1f times only, which proves little", float64(total)/float64(c.Len()))
	}
	quoting := 0
	for i, a := range bases {
		for _, b := range bases[:i] {
			n, share := g.shared(a, b)
			sameEvent := a.event >= 0 && a.event == b.event
			if sameEvent && n > 1 {
				quoting++
			}
			both := a.event >= 0 && b.event >= 0
			if n > 1 && !both {
				t.Errorf("two articles share %d sentences", n)
			}
			if share > 1.0/3 || share > 0.25 && !both {
				t.Errorf("two articles (events %d and %d) share %.2f of the shorter", a.event, b.event, share)
			}
		}
	}
	if quoting == 0 {
		t.Error("no articles about one event share two sentences")
	}
}

func TestTooManyArticlesAreRefused(t *testing.T) {
	_, err := New(invented(300), Defaults(100_000))
	if !errors.Is(err, ErrTooSmall) || !strings.Contains(err.Error(), "fewer --articles") {
		t.Fatalf("100000 articles of 300 sentences: %v", err)
	}
}

func BenchmarkGenerate(b *testing.B) {
	g := generator(b, invented(20_000), Defaults(10_000))
	w := g.newWriter()
	bytes, i := 0, 0
	for b.Loop() {
		part := w.chunk(i, i+1)
		bytes += len(part.articles)
		i = (i + 1) % g.Len()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(float64(bytes)/1e6/b.Elapsed().Seconds(), "MB/s")
}
