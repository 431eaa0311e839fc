package dedupe

import (
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"sync"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
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

// A record of what skimming an article gave is its lines, then the fingerprints by place.
// Which lines recur in its source is known when all articles are read; the fingerprints of
// these are left out then.

// appendRecord appends the record.
func (k *skimmer) appendRecord(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(k.lines)))
	first := 0 // the first fingerprint that may reach into the line
	for i, l := range k.lines {
		words := k.stretch[i]
		for first < len(k.chosen) && k.chosen[first].Word <= words.from-shingle.FingerprintWords {
			first++
		}
		past := first
		for past < len(k.chosen) && k.chosen[past].Word < words.to {
			past++
		}
		b = binary.LittleEndian.AppendUint64(b, l.Key)
		b = binary.AppendUvarint(b, uint64(l.Span.Len()))
		b = binary.AppendUvarint(b, uint64(first))
		b = binary.AppendUvarint(b, uint64(past-first))
	}
	for _, c := range k.chosen {
		b = binary.LittleEndian.AppendUint32(b, c.Hash)
	}
	return b
}

// parseRecord reads lines, of which only the lengths of the spans are known, and the keys
// of the fingerprints by place; the stretches count fingerprints.
func (k *skimmer) parseRecord(b []byte) error {
	var err error
	next := func() int {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			err = errRecord
			return 0
		}
		b = b[size:]
		return int(n)
	}
	k.lines, k.stretch, k.keys = k.lines[:0], k.stretch[:0], k.keys[:0]
	for range next() {
		if len(b) < 8 || err != nil {
			return errRecord
		}
		key := binary.LittleEndian.Uint64(b)
		b = b[8:]
		length, first := next(), next()
		k.lines = append(k.lines, text.Line{Key: key, Span: article.Span{End: length}})
		k.stretch = append(k.stretch, stretch{int32(first), int32(first + next())})
	}
	for ; len(b) >= 4; b = b[4:] {
		k.keys = append(k.keys, shingle.Key(binary.LittleEndian.Uint32(b)))
	}
	return err
}

// withoutFurniture drops the fingerprints of lines that recur in the source.
func (k *skimmer) withoutFurniture(f *text.Furniture, source string) {
	recurs := f.Among(source, k.lines, k.recurs)
	if recurs == nil {
		return
	}
	k.recurs = recurs
	kept, at := k.keys[:0], 0
	for i, s := range k.stretch {
		if recurs[i] && int(s.to) > at {
			kept = append(kept, k.keys[at:max(at, int(s.from))]...)
			at = int(s.to)
		}
	}
	k.keys = append(kept, k.keys[at:]...)
}

// skimming is what the workers share while they skim.
type skimming struct {
	pile    *pile
	records *spill.Log

	mu      sync.Mutex
	counted text.Recurrence
}

// skim reads the articles as they come, takes their fingerprints and files them.
func (s *scan) skim(ctx context.Context, articles iter.Seq2[article.Article, error]) error {
	k := &skimming{pile: s.pile, records: spill.New(s.o.memory() / pilePart)}
	defer k.records.Close()
	if err := s.feedAll(ctx, articles, k.batch); err != nil {
		return err
	}
	s.result.Rejected = append(s.result.Rejected, s.pile.sortByID()...)
	furniture := k.counted.FurnitureBy(s.o.Workers)
	for _, v := range s.workers {
		v.furniture = furniture
	}
	if err := s.fileFingerprints(ctx, k, furniture); err != nil {
		return err
	}
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
		if f.keys, err = r.records.Append(k.record); err != nil {
			return err
		}
	}
	r.pile.add(done)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counted.Merge(&counted)
	return nil
}

// fileFingerprints files the fingerprints of every article, without its furniture, by hash.
func (s *scan) fileFingerprints(ctx context.Context, r *skimming, furniture *text.Furniture) error {
	skimmers := map[*Verifier]*skimmer{}
	for _, v := range s.workers {
		skimmers[v] = &skimmer{}
	}
	return s.each(ctx, (s.pile.Len()+readBatch-1)/readBatch, func(v *Verifier, block int) {
		from := block * readBatch
		for i := from; i < min(from+readBatch, s.pile.Len()); i++ {
			s.pile.failure.note(skimmers[v].file(s.pile, s.pile.at(int32(i)), r.records, furniture))
		}
	})
}

// file files the fingerprints of one article.
func (k *skimmer) file(p *pile, f *filed, records *spill.Log, furniture *text.Furniture) (err error) {
	if k.record, err = records.Read(f.keys, k.record); err != nil {
		return err
	}
	if err := k.parseRecord(k.record); err != nil {
		return err
	}
	k.withoutFurniture(furniture, p.terms.values[f.source])
	k.record = k.appendPlaced(k.record[:0])
	f.keys, err = p.keys.Append(k.record)
	return err
}

// placedBytes is what a key with its place takes: four bytes and one.
const placedBytes = 5

// appendPlaced appends the places of the keys, and then these, in order and each once.
func (k *skimmer) appendPlaced(b []byte) []byte {
	placed := k.placed[:0]
	for i, key := range k.keys {
		placed = append(placed, uint64(key)<<32|uint64(i*candidate.Places/len(k.keys)))
	}
	shingle.SortHashes(placed)
	k.placed = slices.CompactFunc(placed, func(x, y uint64) bool { return x>>32 == y>>32 })
	for _, p := range k.placed {
		b = append(b, uint8(p))
	}
	for _, p := range k.placed {
		b = binary.LittleEndian.AppendUint32(b, uint32(p>>32))
	}
	return b
}

// Runs makes editions a candidate.RunPile.
func (e editions) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	f := e.pile.at(e.all[i].leader)
	var room [4096]byte
	record, err := e.pile.keys.Read(f.keys, room[:])
	if err != nil {
		return keys, places, err
	}
	n := len(record) / placedBytes
	return appendKeys(keys, record[n:]), append(places, record[:n]...), nil
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
		pairs, err := candidate.JoinRuns(ctx, joined, candidate.Options{
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
