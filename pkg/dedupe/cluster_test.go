package dedupe

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Every cluster hangs together by reported pairs, and each reported copy lies in one.
func TestEveryEdgeOfAClusterIsAReportedPair(t *testing.T) {
	for _, relations := range [][]verdict.Relation{nil, {verdict.Translation}, verdict.Relations()} {
		r := scanned(t, Options{Relations: relations}, stories())
		pairs := slices.Collect(r.Pairs())
		id := r.ID
		inside := 0
		for c := range r.Clusters() {
			if !slices.Contains(c.Members, c.Canonical) {
				t.Errorf("%s is no member of its cluster", id(c.Canonical))
			}
			reached := map[string]bool{id(c.Members[0]): true}
			var own []Pair
			for range c.Members {
				own = own[:0]
				for _, p := range pairs {
					if p.Relation.IsCopy() && (reached[p.A] || reached[p.B]) {
						reached[p.A], reached[p.B] = true, true
						own = append(own, p)
					}
				}
			}
			inside += len(own)
			if len(reached) != len(c.Members) {
				t.Errorf("%d members, pairs reach %d", len(c.Members), len(reached))
			}
			w := c.Weakest
			if !slices.ContainsFunc(own, func(p Pair) bool {
				return p.A == id(int(w.A)) && p.B == id(int(w.B)) && p.Relation == w.Relation && p.Score == w.Score
			}) {
				t.Errorf("the weakest link %+v is no reported pair", w)
			}
		}
		if n := len(slices.DeleteFunc(pairs, func(p Pair) bool { return !p.Relation.IsCopy() })); n != inside || n == 0 {
			t.Errorf("%v: %d copies, %d in clusters", relations, n, inside)
		}
	}
}

func TestClustersDoNotDependOnTheOrderOfInput(t *testing.T) {
	some := slices.Clone(stories()[:30])
	some = append(some, copied(story(t, "a-dam-en.txt"), "copy", 3)...)
	for i := range some {
		if i%3 > 0 {
			some[i].Published = time.Unix(int64(1e9+i%5*3600), 0)
		}
	}
	for _, policy := range []cluster.Policy{cluster.First, cluster.Last, cluster.Longest, cluster.Original} {
		d := detector(t, Options{KeepPolicy: policy, Workers: 2})
		scan := func(articles []article.Article) []cluster.Cluster {
			r, err := d.Scan(t.Context(), values(articles))
			if err != nil {
				t.Fatal(err)
			}
			return slices.Collect(r.Clusters())
		}
		want := scan(some)
		slices.Reverse(some)
		if diff := cmp.Diff(want, scan(some)); diff != "" {
			t.Errorf("%v: %s", policy, diff)
		}
	}
}

func TestOriginalDoesNotPreferFrenchForItsLength(t *testing.T) {
	english := article.Article{Text: strings.Repeat("a", 1000)}
	french := article.Article{Text: strings.Repeat("a", 1100)}
	for policy, frenchFirst := range map[cluster.Policy]bool{cluster.Longest: true, cluster.Original: false} {
		a, b := memberOf(&english, "en", policy), memberOf(&french, "fr", policy)
		if got := b.Length > a.Length; got != frenchFirst {
			t.Errorf("%v: lengths %d and %d", policy, a.Length, b.Length)
		}
	}
}

func TestOriginalKeepsWhatTheOthersAreShorterThan(t *testing.T) {
	whole := story(t, "c-fusion-en.txt")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(len(whole.Text)/2, len(whole.Text)).Draw(t, "bytes")
		part := whole
		part.Text = whole.Text[:n]
		if a, b := memberOf(&whole, "en", cluster.Original), memberOf(&part, "en", cluster.Original); a.Length < b.Length {
			t.Fatalf("an excerpt of %d bytes is longer than all %d", n, len(whole.Text))
		}
	})
}
