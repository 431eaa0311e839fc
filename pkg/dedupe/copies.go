package dedupe

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Copies in one language have stretches of words in common. Where nothing else is asked for,
// articles are found by fingerprints of these, for which a text is read once and no word is
// looked up; and only those that share enough are analysed, to be judged as ever.

// onlyCopies reports whether nothing is wanted but relations whose articles share stretches
// of words.
func (d *Detector) onlyCopies() bool {
	for r, wanted := range d.wanted {
		switch r {
		case verdict.Exact, verdict.NearDuplicate, verdict.Excerpt:
		default:
			if wanted {
				return false
			}
		}
	}
	return true
}

// skimmer takes the fingerprints of one article after another. It serves one goroutine.
type skimmer struct {
	lines   []text.Line
	recurs  []bool
	stretch []stretch // of lines, those that may be furniture
	normal  []byte
	words   []uint64
	runs    []uint32
	chosen  []shingle.Fingerprint
	keys    []shingle.Key
	places  []uint8
	placed  []uint64
	record  []byte
}

// stretch is the words of a line, by number.
type stretch struct{ from, to int32 }

// skim reads the words of an article.
func (k *skimmer) skim(a *article.Article) article.Hash {
	k.lines = text.AppendLines(k.lines[:0], a)
	k.stretch, k.normal, k.words = k.stretch[:0], k.normal[:0], k.words[:0]
	at := a.Body().Start
	for _, l := range k.lines {
		from := int32(0)
		if l.MayRecur() {
			k.read(a.Text[at:l.Span.Start])
			from, at = int32(len(k.words)), l.Span.End
			k.read(l.Span.Of(a.Text))
		}
		k.stretch = append(k.stretch, stretch{from, int32(len(k.words))})
	}
	k.read(a.Text[at:])
	k.runs = shingle.AppendRuns(k.runs[:0], k.words, shingle.FingerprintWords)
	k.chosen = shingle.Winnow(k.chosen[:0], k.runs, shingle.Thinning(len(k.words)))
	return xxh3.Hash128(k.normal).Bytes()
}

// read appends the words of a part of the body that ends where no word goes on.
func (k *skimmer) read(part string) {
	if len(k.normal) > 0 {
		k.normal = append(k.normal, ' ')
	}
	from := len(k.normal)
	k.normal = article.AppendNormal(k.normal, part)
	if len(k.normal) == from {
		k.normal = k.normal[:max(0, from-1)]
		return
	}
	k.words = shingle.AppendWordHashes(k.words, k.normal[from:])
}

// skimming is what the workers share while they skim.
type skimming struct {
	pile    *pile
	mu      sync.Mutex
	counted text.Recurrence
}

// skim reads the articles as they come, takes their fingerprints and files them.
func (s *scan) skim(ctx context.Context, articles iter.Seq2[article.Article, error]) error {
	k := &skimming{pile: s.pile}
	if err := s.feedAll(ctx, articles, k.batch); err != nil {
		return err
	}
	s.settle(&k.counted)
	s.families = findFamilies(s.pile)
	s.countWords()
	return s.pile.failure.get()
}

// sureWords is from how many words on an article has words for certain, whatever the
// analysis takes for one.
const sureWords = 32

// batch skims some articles and counts their lines.
func (r *skimming) batch(v *Verifier, k *skimmer, batch []article.Article) error {
	done := make([]filed, len(batch))
	var counted text.Recurrence
	for i := range batch {
		a, f := &batch[i], &done[i]
		var err error
		if *f, k.record, err = r.pile.fileText(a, k.record); err != nil {
			return err
		}
		f.hash, f.language = k.skim(a), r.pile.term(string(v.languageOf(a)))
		f.thinning, f.words = uint8(shingle.Thinning(len(k.words))), len(k.words) >= sureWords
		if source := text.SourceOf(a); source == "" {
			k.lines = k.lines[:0]
		} else {
			counted.AddLines(source, k.lines)
		}
		k.record = k.appendRecord(k.record[:0])
		if f.keys, err = r.pile.records.Append(k.record); err != nil {
			return err
		}
	}
	r.pile.add(done)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counted.Merge(&counted)
	return nil
}

// countWords tells which of the articles that others have the words of have any, where that
// is not known yet.
func (s *scan) countWords() {
	for leader := range s.copies {
		if f := s.pile.at(leader); !f.words {
			a := s.pile.article(leader)
			f.words = s.workers[0].Analyse(&a).Words > 0
		}
	}
}

// joinCopies finds the candidate pairs among the leading articles by their fingerprints.
func (s *scan) joinCopies(ctx context.Context) error {
	return s.joinBy(ctx, func(ctx context.Context, joined editions) ([]candidate.Pair, error) {
		// A large family stays tied to its first member, not to who leads the copies of that.
		slices.SortStableFunc(joined.all, func(a, b edition) int {
			return cmp.Compare(s.family(a.leader)[0], s.family(b.leader)[0])
		})
		pairs, err := candidate.JoinRuns(ctx, surveyed{joined, s}, candidate.Options{
			Workers: s.o.Workers, Window: s.o.Window, Memory: s.o.joinRoom(len(joined.all), 0),
		})
		for i, p := range pairs {
			pairs[i] = joined.of(p)
		}
		slices.SortFunc(pairs, comparePairs)
		return slices.DeleteFunc(slices.Compact(pairs), func(p candidate.Pair) bool {
			return s.pile.at(p.A).language != s.pile.at(p.B).language
		}), err
	})
}

// feedAll sends the articles in batches to the workers, each of which has a skimmer.
func (s *scan) feedAll(ctx context.Context, articles iter.Seq2[article.Article, error], work func(*Verifier, *skimmer, []article.Article) error) error {
	batches := make(chan []article.Article, s.o.Workers)
	group, feeding := errgroup.WithContext(ctx)
	for _, v := range s.workers {
		group.Go(func() error {
			k := &skimmer{}
			for batch := range batches {
				if err := work(v, k, batch); err != nil {
					for range batches { // the feeder must not wait for ever
					}
					return err
				}
			}
			return nil
		})
	}
	err := s.feed(feeding, articles, batches)
	close(batches)
	if failed := group.Wait(); failed != nil {
		return failed
	}
	return err
}
