package archive

import (
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
)

// keys are what a text is looked up by, as they are indexed.
type keys struct {
	concepts []uint32
	weights  []uint32 // of the concepts, in eighths
	runs     []uint32
}

func keysOf(x *shingle.Article) keys {
	k := keys{concepts: make([]uint32, len(x.Keys)), weights: make([]uint32, len(x.Keys)), runs: make([]uint32, 0, len(x.Fingerprints))}
	for i, c := range x.Keys {
		k.concepts[i], k.weights[i] = uint32(c.Concept), uint32(math.Round(8*float64(c.Weight)))
	}
	for _, f := range x.Fingerprints {
		k.runs = append(k.runs, candidate.RunKey(f))
	}
	slices.Sort(k.runs)
	k.runs = slices.Compact(k.runs)
	return k
}

// newWording is the text of an analysed leader.
func newWording(x *shingle.Article) *wording {
	t := &wording{identity: identity{x.Hash, x.Language}, words: x.Words > 0, sketch: x.Sketch, runs: uint32(len(x.Fingerprints))}
	for _, w := range keysOf(x).weights {
		t.own += w
	}
	return t
}

// lister tells who has a key: the numbers of leaders, at most so many.
type lister interface {
	list(k kind, key uint32, dst []uint32, most int) ([]uint32, error)
}

// tally is what a text shares with another: how many keys, and their weights in eighths.
type tally struct{ shared, score uint32 }

// finder counts what one text shares with all others. It serves one goroutine.
type finder struct {
	lister
	tally  []tally // by number, zero between uses
	seen   []uint32
	buffer []uint32
}

// shared yields the numbers of the texts that share enough keys of a kind, and the score.
func (f *finder) shared(own *keys, k kind, yield func(number, score uint32)) error {
	names := own.concepts
	if k == byRuns {
		names = own.runs
	}
	defer f.forget()
	for i, key := range names {
		weight := uint32(8)
		if k == byConcepts {
			weight = own.weights[i]
		}
		var err error
		if f.buffer, err = f.list(k, key, f.buffer[:0], candidate.Hot); err != nil {
			return err
		}
		for _, n := range f.buffer {
			for int(n) >= len(f.tally) {
				f.tally = append(f.tally, make([]tally, max(1024, len(f.tally)))...)
			}
			t := &f.tally[n]
			if t.shared == 0 {
				f.seen = append(f.seen, n)
			}
			t.shared++
			t.score += weight
		}
	}
	for _, n := range f.seen {
		if t := f.tally[n]; int(t.shared) >= k.leastShared() {
			yield(n, t.score)
		}
	}
	return nil
}

func (f *finder) forget() {
	for _, n := range f.seen {
		f.tally[n] = tally{}
	}
	f.seen = f.seen[:0]
}

// list makes a memory of keys a lister.
func (m *memory) list(k kind, key uint32, dst []uint32, most int) ([]uint32, error) {
	return m.postings[k].of(key, dst, most), nil
}

// memory is the keys of all texts.
type memory struct{ postings [numKinds]postings }

// add adds the keys of texts, by their numbers.
func (m *memory) add(numbers []uint32, keys []*keys) {
	var concepts, runs []uint64
	for i, n := range numbers {
		for _, key := range keys[i].concepts {
			concepts = append(concepts, posting(key, n))
		}
		for _, key := range keys[i].runs {
			runs = append(runs, posting(key, n))
		}
	}
	m.postings[byConcepts].add(concepts)
	m.postings[byRuns].add(runs)
}

// proposal is a text that another proposes, or is proposed by.
type proposal struct {
	other *wording
	score uint32
	kind  kind
}
