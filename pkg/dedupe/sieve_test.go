package dedupe

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
)

// sumTest keeps the pairs of which the last bytes of the records make an even sum.
type sumTest struct{ mine byte }

func (t *sumTest) own(_ article.Language, record []byte) error {
	t.mine = record[len(record)-1]
	return nil
}

func (t *sumTest) holds(_ article.Language, record []byte) (bool, error) {
	return (t.mine+record[len(record)-1])%2 == 0, nil
}

func TestASieveKeepsWhatComparingEachPairKeeps(t *testing.T) {
	const n = 300
	rng := rand.New(rand.NewPCG(4, 7))
	for _, c := range []struct {
		inMemory, room int64
		workers        int
	}{{1 << 30, 1, 1}, {0, 1, 1}, {0, 1, 3}, {0, 6 << 20, 2}, {0, 1 << 30, 2}} {
		d, err := New(Options{Workers: c.workers})
		if err != nil {
			t.Fatal(err)
		}
		s := d.newScan()
		s.pile.term("") // the language of all
		s.pile.add(make([]filed, n))
		log := spill.New(c.inMemory)
		refs, last := make([]spill.Ref, n), make([]byte, n)
		for written := range 2 { // some records are written again: the first is of no article then
			for _, i := range rng.Perm(n) {
				if written == 0 || i%3 == 0 {
					last[i] = byte(rng.Uint32())
					if refs[i], err = log.Append(append(bytes.Repeat([]byte{7}, rng.IntN(50_000)), last[i])); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		v := s.newSieve(log, func(i int32) spill.Ref { return refs[i] }, c.room)
		if blocks := len(v.blocks); blocks > 1 != (c.inMemory == 0 && c.room < 1<<30) {
			t.Errorf("%+v: %d blocks", c, blocks)
		}
		var kept, dropped []candidate.Pair
		add := v.add()
		for range 5000 {
			a, b := rng.Int32N(n), rng.Int32N(n)
			if a == b {
				continue
			}
			p := candidate.Pair{A: min(a, b), B: max(a, b)}
			for range 1 + rng.IntN(2) {
				if err := add(p); err != nil {
					t.Fatal(err)
				}
			}
			if (last[a]+last[b])%2 == 0 {
				kept = append(kept, p)
			} else {
				dropped = append(dropped, p)
			}
		}
		for _, pairs := range []*[]candidate.Pair{&kept, &dropped} {
			slices.SortFunc(*pairs, comparePairs)
			*pairs = slices.Compact(*pairs)
		}
		gotKept, gotDropped, err := v.run(context.Background(), func() recordTest { return &sumTest{} }, true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([][]candidate.Pair{kept, dropped}, [][]candidate.Pair{gotKept, gotDropped}); diff != "" {
			t.Errorf("%+v: %s", c, diff)
		}
		v.close()
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}
