package spill

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestRecordsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := New(rapid.Int64Range(0, 3*chunkSize).Draw(t, "room"))
		defer l.Close()
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var refs []Ref
		var twin [][]byte
		for _, n := range rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(chunkSize/3, 2*chunkSize)), 0, 12).Draw(t, "lengths") {
			record := make([]byte, n)
			for i := 0; i < n; i += 1 + n/64 {
				record[i] = byte(rng.Uint32())
			}
			r, err := l.Append(record)
			if err != nil {
				t.Fatal(err)
			}
			refs, twin = append(refs, r), append(twin, record)
		}
		var buffer []byte
		for _, i := range rng.Perm(len(refs)) {
			got, err := l.Read(refs[i], buffer)
			if err != nil || !bytes.Equal(got, twin[i]) {
				t.Fatalf("record %d of %d bytes: %d bytes, %v", i, len(twin[i]), len(got), err)
			}
			buffer = got
			first := rng.IntN(len(twin[i]) + 2)
			if got, err = l.Read(refs[i].First(first), nil); err != nil || !bytes.Equal(got, twin[i][:min(first, len(twin[i]))]) {
				t.Fatalf("first %d of %d bytes: %d, %v", first, len(twin[i]), len(got), err)
			}
		}
	})
}

func TestWhatHasNoRoomIsInTheFile(t *testing.T) {
	l := New(2 * chunkSize)
	defer l.Close()
	record := make([]byte, chunkSize/4)
	for range 40 {
		if _, err := l.Append(record); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.Spilled(); got != 9*chunkSize {
		t.Errorf("%d bytes of %d are in the file, with room for %d", got, 40*len(record), 2*chunkSize)
	}
}

func TestRecordsAreReadWhileOthersWrite(t *testing.T) {
	l := New(chunkSize)
	defer l.Close()
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 3))
			var refs []Ref
			for i := range 2000 {
				r, err := l.Append(bytes.Repeat([]byte{byte(i)}, 3000))
				if err != nil {
					t.Error(err)
					return
				}
				refs = append(refs, r)
				k := rng.IntN(len(refs))
				got, err := l.Read(refs[k], nil)
				if err != nil || len(got) != 3000 || got[0] != byte(k) || got[2999] != byte(k) {
					t.Errorf("record %d: %v", k, err)
					return
				}
			}
		})
	}
	group.Wait()
}
