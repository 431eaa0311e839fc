package dedupe

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
)

// sieve drops pairs of articles by a record of each of the two: their sketches, or their
// outlines. To read two records for every pair would take longer than what is done with them.
// So the pairs are collected first and laid apart by the block of records, as many as there is
// room for, in which that of one of the two is; then, for one block after another, all
// records behind it are read in the order in which they were written, and each is compared
// with those of its partners that are in the block.
type sieve struct {
	*scan
	log       *spill.Log
	records   []record // in the order in which they were written
	languages []article.Language
	place     []int32 // by article: that of its record
	blocks    []recordBlock
	groups    int // into which the pairs of a block are parted, by the later of their articles
	pairs     *spill.Spread
}

// record is where that of an article is.
type record struct {
	ref      spill.Ref
	article  int32
	language int32 // its number in languages
}

// recordBlock is some chunks of records.
type recordBlock struct {
	chunk, past int      // the first one, and that after the last
	first       int32    // the place of the first record
	bytes       [][]byte // by chunk, when they are at hand
}

// leastGroups is in how many groups the pairs come at the least.
const leastGroups = 64

// pairsPart is which part of its room a sieve has for pairs before it runs; joining leaves as
// much when lists are made. Half of it is for records.
const pairsPart = 6

// newSieve makes a sieve for the records of which refs tells where they are. It takes about
// room bytes, and until it runs a part of them, for pairs.
func (s *scan) newSieve(log *spill.Log, refs func(i int32) spill.Ref, room int64) *sieve {
	v := &sieve{scan: s, log: log, records: make([]record, s.pile.Len()), place: make([]int32, s.pile.Len())}
	numbers := map[article.Language]int32{}
	for i := range v.records {
		language := s.pile.languageOf(int32(i))
		number, ok := numbers[language]
		if !ok {
			number = int32(len(v.languages))
			numbers[language] = number
			v.languages = append(v.languages, language)
		}
		v.records[i] = record{refs(int32(i)), int32(i), number}
	}
	slices.SortFunc(v.records, func(a, b record) int {
		if c := a.ref.Compare(b.ref); c != 0 {
			return c
		}
		return cmp.Compare(a.article, b.article)
	})
	for n, r := range v.records {
		v.place[r.article] = int32(n)
	}
	v.block(room / 2)
	v.groups = max(leastGroups/len(v.blocks), s.o.Workers)
	v.pairs = spill.NewSpread(len(v.blocks)*v.groups, 64, room/pairsPart)
	return v
}

// block parts the chunks into blocks of so many bytes, or of one chunk. What is in memory
// anyway is one block.
func (v *sieve) block(room int64) {
	left := int64(0)
	for n := range v.log.Chunks() {
		size := int64(v.log.ChunkLen(n))
		if left -= size; len(v.blocks) == 0 || left < 0 && v.log.Spilled() > 0 {
			first, _ := slices.BinarySearchFunc(v.records, n, func(r record, n int) int { return cmp.Compare(r.ref.Chunk(), n) })
			v.blocks = append(v.blocks, recordBlock{chunk: n, first: int32(first)})
			left = room - size
		}
		v.blocks[len(v.blocks)-1].past = n + 1
	}
}

func (v *sieve) close() { _ = v.pairs.Close() }

// add makes what takes pairs, for one goroutine. One that is taken twice comes out once.
func (v *sieve) add() func(p candidate.Pair) error {
	w := v.pairs.Writer()
	return func(p candidate.Pair) error {
		a, b := v.place[p.A], v.place[p.B]
		early, late := min(a, b), max(a, b)
		block := sort.Search(len(v.blocks), func(n int) bool { return v.blocks[n].first > early }) - 1
		group := int(int64(late) * int64(v.groups) / int64(len(v.records)))
		return w.Add(block*v.groups+group, uint64(late)<<32|uint64(early))
	}
}

// recordTest tells which pairs a sieve keeps. It serves one goroutine.
type recordTest interface {
	// own has holds compare an article with this one.
	own(language article.Language, record []byte) error
	// holds reports whether the pair is kept. It is the same for either article as own.
	holds(language article.Language, record []byte) (bool, error)
}

// run returns the pairs that are kept, and of those dropped those that are to be noted, both
// in order. No pair can be added any more.
func (v *sieve) run(ctx context.Context, newTest func() recordTest, note bool) (kept, dropped []candidate.Pair, err error) {
	if err := v.pairs.Flush(); err != nil {
		return nil, nil, err
	}
	tests := map[*Verifier]*sifting{}
	for _, w := range v.workers {
		tests[w] = &sifting{sieve: v, recordTest: newTest(), note: note}
	}
	for b := range v.blocks {
		if err := v.load(ctx, &v.blocks[b]); err != nil {
			return nil, nil, err
		}
		err := v.each(ctx, v.groups, func(w *Verifier, g int) {
			v.pile.failure.note(tests[w].sift(b, g))
		})
		if err == nil {
			err = v.pile.failure.get()
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for _, w := range v.workers {
		kept, dropped = append(kept, tests[w].kept...), append(dropped, tests[w].dropped...)
		tests[w] = nil
	}
	slices.SortFunc(kept, comparePairs)
	slices.SortFunc(dropped, comparePairs)
	return kept, dropped, nil
}

// load reads the records of a block, into the memory of the one before.
func (v *sieve) load(ctx context.Context, b *recordBlock) error {
	b.bytes = make([][]byte, b.past-b.chunk)
	for before := range v.blocks {
		if &v.blocks[before] != b && v.blocks[before].bytes != nil {
			copy(b.bytes, v.blocks[before].bytes)
			v.blocks[before].bytes = nil
		}
	}
	err := v.each(ctx, len(b.bytes), func(_ *Verifier, n int) {
		var err error
		b.bytes[n], err = v.log.Chunk(b.chunk+n, b.bytes[n])
		v.pile.failure.note(err)
	})
	if err != nil {
		return err
	}
	return v.pile.failure.get()
}

// sifting is what one worker does of a run.
type sifting struct {
	*sieve
	recordTest
	note          bool
	kept, dropped []candidate.Pair
	chunk         int    // the one at hand that is behind the block, plus one
	bytes         []byte // of it
	others        [][]byte
	fetched       byte
}

// sift sifts the pairs of a block and a group.
func (s *sifting) sift(block, group int) error {
	pairs, err := s.pairs.Part(block*s.groups + group)
	if err != nil {
		return err
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	for from, to := 0, 0; from < len(pairs); from = to {
		for to = from + 1; to < len(pairs) && pairs[to]>>32 == pairs[from]>>32; to++ {
		}
		if err := s.partners(&s.blocks[block], pairs[from:to]); err != nil {
			return err
		}
	}
	return nil
}

// partners sifts the pairs of the later article of them all.
func (s *sifting) partners(b *recordBlock, pairs []uint64) error {
	late := s.records[pairs[0]>>32]
	bytes, err := s.bytesOf(b, late.ref)
	if err == nil {
		err = s.own(s.languages[late.language], bytes)
	}
	if err != nil {
		return err
	}
	// The records are looked into all together, so that the processor has the memory of
	// several fetched at a time. The sum is for nothing else.
	s.others = s.others[:0]
	for _, p := range pairs {
		ref := s.records[uint32(p)].ref
		s.others = append(s.others, ref.In(b.bytes[ref.Chunk()-b.chunk]))
	}
	for _, other := range s.others {
		for n := 0; n < min(len(other), 4*cacheLine); n += cacheLine {
			s.fetched += other[n]
		}
	}
	for n, p := range pairs {
		early := s.records[uint32(p)]
		holds, err := s.holds(s.languages[early.language], s.others[n])
		if err != nil {
			return err
		}
		pair := candidate.Pair{A: min(early.article, late.article), B: max(early.article, late.article)}
		if holds {
			s.kept = append(s.kept, pair)
		} else if s.note {
			s.dropped = append(s.dropped, pair)
		}
	}
	return nil
}

// cacheLine is how much memory a processor fetches at a time, in bytes.
const cacheLine = 64

// bytesOf is a record in the block or behind it.
func (s *sifting) bytesOf(b *recordBlock, ref spill.Ref) (_ []byte, err error) {
	n := ref.Chunk()
	if n < b.past {
		return ref.In(b.bytes[n-b.chunk]), nil
	}
	if s.chunk != n+1 {
		if s.bytes, err = s.log.Chunk(n, s.bytes); err != nil {
			return nil, err
		}
		s.chunk = n + 1
	}
	return ref.In(s.bytes), nil
}
