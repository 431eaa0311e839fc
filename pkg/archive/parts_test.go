package archive

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/candidate"
)

func TestPostingsAnswerLikeAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p postings
		twin := map[uint32][]uint32{}
		for n := range rapid.Uint32Range(0, 60).Draw(t, "texts") {
			var run []uint64
			for _, key := range rapid.SliceOfNDistinct(rapid.Uint32(), 0, 5, func(k uint32) uint32 { return k % 12 }).Draw(t, "keys") {
				key %= 12
				key *= 0x15555555 // from the least to nearly the greatest
				run = append(run, posting(key, n))
				twin[key] = append(twin[key], n)
			}
			if n%2 == 0 {
				p.add(run)
				continue
			}
			for i, part := range spread(run) {
				p.shards[i].addUnsorted(part)
			}
		}
		for key := range uint32(12) {
			key *= 0x15555555
			got := p.of(key, nil, 1000)
			slices.Sort(got)
			if diff := cmp.Diff(twin[key], got); diff != "" {
				t.Fatalf("key %x: %s", key, diff)
			}
			if few := p.of(key, nil, 3); len(few) != min(3, len(got)) {
				t.Fatalf("%d of at most 3 of %d", len(few), len(got))
			}
		}
	})
}

// TestAListIsTheBestOfAllThatCame offers partners in two orders, takes some out, and
// compares with sorting them.
func TestAListIsTheBestOfAllThatCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []partner
		for i, score := range rapid.SliceOfN(rapid.Uint32Range(1, 30), 0, 100).Draw(t, "scores") {
			all = append(all, partner{uint32(i), score})
		}
		strong := func(p partner) bool { return p.score > 12 }
		of := ties(func(number uint32) uint64 { return uint64(number*7) % 256 })
		var l list
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		for _, i := range random.Perm(len(all)) {
			wanted := l.wants(all[i], strong(all[i]), of)
			if taken := l.insert(all[i], strong(all[i]), of); taken != wanted {
				t.Fatalf("wanted %v, taken %v", wanted, taken)
			}
		}
		sorted := slices.SortedFunc(slices.Values(all), of.compare)
		best := sorted[:min(len(sorted), candidate.PerArticle)]
		if !slices.Equal(best, l.best) {
			t.Fatal("the best are not those that sorting finds")
		}
		dead, gone := 0, numbers{}
		for _, p := range best {
			if rapid.Bool().Draw(t, "dead") {
				gone.add(p.number)
				dead++
			}
		}
		l.drop(&gone, of)
		if missing := dead > 0 && len(sorted) > candidate.PerArticle; missing && l.complete(of) {
			t.Fatal("a list that lost partners, of more than have a place, calls itself complete")
		}
		if dead == 0 && !l.complete(of) {
			t.Fatal("a list that lost nobody calls itself incomplete")
		}
	})
}

func FuzzParseColumn(f *testing.F) {
	e := &entry{number: 3, id: "an id", column: column{language: "fr", source: "s", group: "g", words: true}}
	e.wording = &wording{leader: e}
	f.Add(appendColumn(nil, e))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parseColumn(b)
		if err == nil && p.leads {
			_, _ = p.newWording()
		}
	})
}

func FuzzParseLinks(f *testing.F) {
	a, b := &wording{}, &wording{}
	e := &edge{a: a, b: b, rival: true, holds: true, relation: 2, score: 0.5}
	f.Add(appendLinks(nil, a, []link{{other: 7, score: 3, edge: e}, {other: 9}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		links, err := parseLinks(b)
		if err == nil && len(links) > len(b) {
			t.Fatal("more links than bytes")
		}
	})
}

func TestLinksAreReadAsTheyWereWritten(t *testing.T) {
	a, b := &wording{}, &wording{}
	e := &edge{a: a, b: b, rival: true, holds: true, relation: 2, score: 0.5, coverage: [2]float64{0.25, 1}}
	e.features.Cross, e.features.BiMax, e.features.Values[3] = true, [2]float64{0.5, 0.75}, 0.1
	links := []link{{other: 7, score: 3, edge: e}, {other: 900, score: 1}}
	got, err := parseLinks(appendLinks(nil, a, links))
	if err != nil || len(got) != 2 || !got[0].first || got[0].other != 7 || got[1].other != 900 || got[1].edge != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	got[0].edge.a, got[0].edge.b = a, b
	if diff := cmp.Diff(e, got[0].edge, cmp.AllowUnexported(edge{}, wording{}), cmp.Comparer(func(x, y *wording) bool { return x == y })); diff != "" {
		t.Error(diff)
	}
	if got[0].score != links[0].score || got[1].score != links[1].score {
		t.Errorf("%+v", got)
	}
}
