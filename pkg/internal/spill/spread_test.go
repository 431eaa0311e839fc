package spill

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreInTheirPartsHoweverManyWrite(t *testing.T) {
	for _, room := range []int64{0, 1 << 30} {
		const parts, writers, each = 37, 3, 40_000
		s := NewSpread(parts, 17, room)
		var group sync.WaitGroup
		for w := range writers {
			to := s.Writer()
			group.Go(func() {
				for i := range uint64(each) {
					if err := to.Add(int(i%parts), i*writers+uint64(w)); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		if err := s.Flush(); err != nil {
			t.Fatal(err)
		}
		for n := range s.Len() {
			got, err := s.Part(n)
			if err != nil || len(got) != s.Size(n) {
				t.Fatalf("part %d: %d numbers of %d, %v", n, len(got), s.Size(n), err)
			}
			slices.Sort(got)
			var want []uint64
			for i := uint64(n); i < each; i += parts {
				want = append(want, i*writers, i*writers+1, i*writers+2)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("room %d: part %d has %d numbers, want %d", room, n, len(got), len(want))
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRecordsStandInTheirChunksAndAreRewrittenThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := New(rapid.SampledFrom([]int64{0, 1 << 30}).Draw(t, "room"))
		defer l.Close()
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		var refs []Ref
		var records [][]byte
		for range rapid.IntRange(0, 8).Draw(t, "records") {
			record := bytes.Repeat([]byte{byte(rng.Uint32())}, rng.IntN(chunkSize/2))
			r, err := l.Append(record)
			if err != nil {
				t.Fatal(err)
			}
			refs, records = append(refs, r), append(records, record)
		}
		var buffer []byte
		for n := range l.Chunks() {
			chunk, err := l.Chunk(n, buffer)
			if err != nil || len(chunk) != l.ChunkLen(n) {
				t.Fatalf("chunk %d: %d bytes of %d, %v", n, len(chunk), l.ChunkLen(n), err)
			}
			for i, r := range refs {
				if r.Chunk() == n && !bytes.Equal(r.In(chunk), records[i]) {
					t.Fatalf("record %d is not in chunk %d", i, n)
				}
			}
			for i := range chunk {
				chunk[i]++
			}
			if err := l.Rewrite(n, chunk); err != nil {
				t.Fatal(err)
			}
			buffer = chunk
		}
		for i, r := range refs {
			got, err := l.Read(r, nil)
			for k := range got {
				got[k]--
			}
			if err != nil || !bytes.Equal(got, records[i]) {
				t.Fatalf("record %d is not what it was rewritten to: %v", i, err)
			}
		}
		if !slices.IsSortedFunc(refs, Ref.Compare) {
			t.Fatal("records are not in the order in which they were written")
		}
	})
}
