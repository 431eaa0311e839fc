package dedupe

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

// A record of what skimming an article gave is its lines, then the fingerprints by place.
// Which lines recur in its source is known when all articles are read; then the fingerprints
// that are left, by hash, are written over it.

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

// surveyed are the editions as candidate.JoinRuns reads them.
type surveyed struct {
	editions
	scan *scan
}

// Survey is part of candidate.RunPile. It reads the records as they stand in the file, and writes
// them anew.
func (s surveyed) Survey(ctx context.Context, _ int, take func(worker int) candidate.TakeRuns) error {
	record := func(i int32) spill.Ref { return s.pile.at(s.all[i].leader).keys }
	order := make([]int32, len(s.all))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(record(i).Compare(record(j)), cmp.Compare(s.all[i].leader, s.all[j].leader))
	})
	var chunks [][]int32 // of articles
	for from, past := 0, 0; from < len(order); from = past {
		for past < len(order) && record(order[past]).Chunk() == record(order[from]).Chunk() {
			past++
		}
		chunks = append(chunks, order[from:past])
	}
	surveyors := map[*Verifier]*surveyor{}
	for w, v := range s.scan.workers {
		surveyors[v] = &surveyor{surveyed: s, furniture: v.furniture, take: take(w)}
	}
	err := s.scan.each(ctx, len(chunks), func(v *Verifier, n int) {
		s.pile.failure.note(surveyors[v].survey(chunks[n]))
	})
	return cmp.Or(err, s.pile.failure.get())
}

// surveyor surveys for one worker.
type surveyor struct {
	surveyed
	k         skimmer
	furniture *text.Furniture
	take      candidate.TakeRuns
	chunk     []byte
}

// survey hands over the editions whose records are in one chunk, in order of their leaders.
func (s *surveyor) survey(editions []int32) (err error) {
	leader := func(n int) int32 { return s.all[editions[n]].leader }
	chunk := s.pile.at(leader(0)).keys.Chunk()
	if s.chunk, err = s.pile.records.Chunk(chunk, s.chunk); err != nil {
		return err
	}
	for from, past := 0, 0; from < len(editions); from = past {
		for past < len(editions) && leader(past) == leader(from) {
			past++
		}
		f := s.pile.at(leader(from))
		if err := s.k.settle(f, s.chunk, s.furniture, s.pile.terms.values[f.source]); err != nil {
			return err
		}
		for _, i := range editions[from:past] {
			if err := s.take(int(i), s.k.keys, s.k.places); err != nil {
				return err
			}
		}
	}
	return s.pile.records.Rewrite(chunk, s.chunk)
}

// settle writes the fingerprints that an article keeps over its record, which is in the chunk,
// and leaves them in order in the keys and the places.
func (k *skimmer) settle(f *filed, chunk []byte, furniture *text.Furniture, source string) error {
	record := f.keys.In(chunk)
	if err := k.parseRecord(record); err != nil {
		return err
	}
	k.withoutFurniture(furniture, source)
	k.place()
	for n, key := range k.keys {
		binary.LittleEndian.PutUint32(record[placedBytes*n:], uint32(key)&^placeMask|uint32(k.places[n]))
	}
	f.keys = f.keys.First(placedBytes * len(k.keys))
	return nil
}

// A key with its place takes no more than the key alone before: the place stands for the last
// bits of the key. Of the rest, two articles of a hundred fingerprints have one in common by
// chance in fewer than one case in a hundred.
const (
	placedBytes = 4
	placeMask   = candidate.Places - 1
)

// place puts the keys in order, each once, with its place.
func (k *skimmer) place() {
	placed := k.placed[:0]
	for i, key := range k.keys {
		placed = append(placed, uint64(key)<<32|uint64(i*candidate.Places/len(k.keys)))
	}
	shingle.SortHashes(placed)
	k.placed = slices.CompactFunc(placed, func(x, y uint64) bool { return x>>32 == y>>32 })
	k.keys, k.places = k.keys[:0], k.places[:0]
	for _, p := range k.placed {
		k.keys, k.places = append(k.keys, shingle.Key(p>>32)), append(k.places, uint8(p))
	}
}

// Runs is part of candidate.RunPile.
func (s surveyed) Runs(i int, keys []shingle.Key, places []uint8) ([]shingle.Key, []uint8, error) {
	var room [4096]byte
	record, err := s.pile.records.Read(s.pile.at(s.all[i].leader).keys, room[:])
	for ; len(record) > 0; record = record[placedBytes:] {
		placed := binary.LittleEndian.Uint32(record)
		keys, places = append(keys, shingle.Key(placed&^placeMask)), append(places, uint8(placed&placeMask))
	}
	return keys, places, err
}
