package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// made is an article that depends on nothing but its arguments.
func made(number uint32, id string, r *rand.Rand) Document {
	text := make([]byte, 0, 300)
	for range 40 {
		text = fmt.Appendf(text, "word%d ", r.IntN(500))
	}
	keys := func(n int, most uint32) []uint32 {
		var k []uint32
		for range r.IntN(n) {
			k = append(k, r.Uint32N(most))
		}
		slices.Sort(k)
		return slices.Compact(k)
	}
	bytes := func(n int) []byte {
		b := make([]byte, r.IntN(n))
		for i := range b {
			b[i] = [...]byte{0, 1, 0xfe, 0xff}[r.IntN(4)]
		}
		return b
	}
	d := Document{
		Article: article.Article{
			ID: id, Title: fmt.Sprintf("Title %d", number), Text: string(text), Language: article.French,
			URL: "https://example.org/" + id, Source: fmt.Sprintf("Source %d", number%3),
			Published: time.Date(2024, 1, int(number%28)+1, 3, 4, 5, 6, time.FixedZone("", 3600)),
		},
		Language: [...]article.Language{"en", "fr", "de", ""}[r.IntN(4)],
		Number:   number, Agency: [...]string{"", "AFP", "Reuters"}[r.IntN(3)],
		Cluster: fmt.Sprint(number % 5), Keys: append(keys(8, 12), keys(8, 1<<32-1)...), Linked: keys(3, 9),
		Column: bytes(40), Links: bytes(20),
	}
	if r.IntN(2) == 0 {
		d.Article.Author, d.Article.AltID, d.Article.Urgency = "Jane Doe; John Roe", fmt.Sprint("slug-", number), r.IntN(9)
	}
	d.Hash = d.Article.Hash()
	return d
}

// model is the naive twin: what a Snapshot must show.
type model struct {
	documents map[string]Document
	meta      map[string]string
}

func (m *model) check(t rapid.TB, x *Snapshot) {
	t.Helper()
	same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0), cmpopts.IgnoreFields(Document{}, "Keys", "Linked")}
	if x.Count() != len(m.documents) {
		t.Fatalf("count %d, want %d", x.Count(), len(m.documents))
	}
	rows := make(map[uint32]bool)
	for row, err := range x.Columns(context.Background()) {
		ok(t, err)
		rows[row.Number] = true
	}
	all := make(map[string]bool)
	for d, err := range x.Articles(context.Background()) {
		ok(t, err)
		all[d.Article.ID] = true
	}
	keys := [2]map[uint32][]uint32{{}, {}}
	x.release()
	for id, want := range m.documents {
		got, found, err := x.Get(id)
		ok(t, err)
		if diff := cmp.Diff(want, got, same); !found || diff != "" {
			t.Fatalf("Get %q: %v, %s", id, found, diff)
		}
		got, found, err = x.ByNumber(want.Number)
		ok(t, err)
		if diff := cmp.Diff(want, got, same); !found || diff != "" {
			t.Fatalf("ByNumber %d: %v, %s", want.Number, found, diff)
		}
		column, links, found, err := x.Column(want.Number)
		ok(t, err)
		if !found || !bytes.Equal(column, want.Column) || !bytes.Equal(links, want.Links) {
			t.Fatalf("Column %d: %v %x %x, want %x %x", want.Number, found, column, links, want.Column, want.Links)
		}
		if !rows[want.Number] || !all[id] {
			t.Fatalf("%q is not among the rows or the articles", id)
		}
		if !contains(t, x.ByHash(want.Hash), want.Number) || !contains(t, x.BySource(context.Background(), want.Article.Source), want.Number) ||
			!contains(t, x.ByCluster(context.Background(), want.Cluster), want.Number) {
			t.Fatalf("%q is not found by its hash, source or cluster", id)
		}
		for f, list := range [...][]uint32{want.Keys, want.Linked} {
			for _, k := range list {
				keys[f][k] = append(keys[f][k], want.Number)
			}
		}
	}
	if len(rows) != len(m.documents) || len(all) != len(m.documents) {
		t.Fatalf("%d rows, %d articles, want %d", len(rows), len(all), len(m.documents))
	}
	for f := range keys {
		m.checkKeys(t, x, Field(f), keys[f])
	}
	for k, v := range m.meta {
		got, found, err := x.Meta(k)
		ok(t, err)
		if !found || string(got) != v {
			t.Fatalf("meta %q: %q, want %q", k, got, v)
		}
	}
}

func (m *model) checkKeys(t rapid.TB, x *Snapshot, f Field, want map[uint32][]uint32) {
	t.Helper()
	var order []uint32
	for row, err := range x.Terms(context.Background(), f) {
		ok(t, err)
		slices.Sort(want[row.Key])
		if got := slices.Sorted(slices.Values(row.Numbers)); !slices.Equal(got, want[row.Key]) {
			t.Fatalf("%v %d: %v, want %v", f, row.Key, got, want[row.Key])
		}
		order = append(order, row.Key)
	}
	if sorted := slices.Sorted(maps.Keys(want)); !slices.Equal(order, sorted) {
		t.Fatalf("%v: terms %v, want %v", f, order, sorted)
	}
	for key, numbers := range want {
		got, err := x.Postings(f, key, []uint32{77}, 1000)
		ok(t, err)
		if slices.Sort(got[1:]); got[0] != 77 || !slices.Equal(got[1:], numbers) {
			t.Fatalf("%v %d: %v, want %v", f, key, got, numbers)
		}
		most := 1 + len(numbers)/2
		if got, err = x.Postings(f, key, nil, most); err != nil || len(got) != min(most, len(numbers)) {
			t.Fatalf("%v %d: %v, %v, want %d of %v", f, key, got, err, most, numbers)
		}
	}
	if got, err := x.Postings(f, 123456789, nil, 5); err != nil || len(got) > 0 {
		t.Fatalf("a key that is nowhere: %v, %v", got, err)
	}
}

func contains(t rapid.TB, numbers func(func(uint32, error) bool), number uint32) (found bool) {
	t.Helper()
	for n, err := range numbers {
		ok(t, err)
		found = found || n == number
	}
	return found
}

func ok(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestStoreHoldsWhatAMapWouldHold(t *testing.T) {
	base, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		dir := filepath.Join(base, fmt.Sprint(runs))
		s, err := Create(dir, Options{Fingerprint: "f"})
		ok(t, err)
		defer func() { s.Close() }()
		m := model{documents: map[string]Document{}, meta: map[string]string{}}
		number := uint32(0)
		id := rapid.OneOf(rapid.SampledFrom([]string{"a", "b", "\xff\xfe", "\x00", "ab", "é"}), rapid.StringN(1, 5, -1))
		steps := rapid.IntRange(1, 8).Draw(t, "steps")
		for range steps {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			default:
				var b Batch
				for range rapid.IntRange(0, 6).Draw(t, "changes") {
					id := id.Draw(t, "id")
					if rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
						b.Delete(id)
						delete(m.documents, id)
						continue
					}
					number += rapid.Uint32Range(1, 2000).Draw(t, "gap")
					d := made(number, id, rand.New(rand.NewPCG(uint64(number), 1)))
					b.Put(d)
					d.Article.Origin = ""
					m.documents[id] = d
				}
				if rapid.Bool().Draw(t, "meta") {
					v := rapid.String().Draw(t, "value")
					b.SetMeta("k", []byte(v))
					m.meta["k"] = v
				}
				ok(t, s.Write(context.Background(), &b))
			case 0:
				ok(t, s.Compact(context.Background()))
				if n, deleted, err := s.segments(); err != nil || n > 1 || deleted > 0 {
					t.Fatalf("compact left %d segments with %d deleted articles: %v", n, deleted, err)
				}
			case 1:
				ok(t, s.Close())
				s, err = Open(dir, Options{Fingerprint: "f"})
				ok(t, err)
			}
			x, err := s.Snapshot()
			ok(t, err)
			m.check(t, x)
			ok(t, x.Close())
		}
	})
}

func exampleDir() (dir string, done func()) {
	dir, err := os.MkdirTemp("", "calque-example-")
	if err != nil {
		panic(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}
