package dedupe

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestCompareDoesNotDependOnWhichArticleComesFirst(t *testing.T) {
	d := detector(t, Options{})
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.IntRange(0, len(stories())-1)
		a, b := stories()[index.Draw(t, "a")], stories()[index.Draw(t, "b")]
		if a.ID == b.ID {
			return
		}
		ab, ba := d.Compare(a, b), d.Compare(b, a)
		if ab.Swapped == ba.Swapped || ab.Swapped != (b.ID < a.ID) || ab.A != min(a.ID, b.ID) {
			t.Fatalf("%s, %s: swapped %v and %v", a.ID, b.ID, ab.Swapped, ba.Swapped)
		}
		if diff := cmp.Diff(ab, ba, cmpopts.IgnoreFields(Comparison{}, "Swapped")); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCompareCallsTheSameTextExact(t *testing.T) {
	a := story(t, "c-fusion-en.txt")
	b := a
	b.ID, b.Text = "again", strings.ToUpper(a.Text)+"\n"
	b.Title = strings.ToUpper(a.Title)
	c := detector(t, Options{}).Compare(a, b)
	if c.Relation != verdict.Exact || c.Score != 1 || c.Coverage != [2]float64{1, 1} || !c.Swapped || len(c.Passages) == 0 {
		t.Errorf("%v %v %v, swapped %v, %d passages", c.Relation, c.Score, c.Coverage, c.Swapped, len(c.Passages))
	}
}

func TestCompareOfUnrelatedArticlesIsNone(t *testing.T) {
	c := detector(t, Options{}).Compare(story(t, "c-football-1.txt"), story(t, "a-dam-fr.txt"))
	if c.Relation != verdict.None {
		t.Errorf("%v, score %v", c.Relation, c.Score)
	}
}

func TestCanonicalMembersFollowThePolicy(t *testing.T) {
	family := copied(story(t, "c-fusion-en.txt"), "copy", 3)
	family[0].Published, family[1].Published = time.Unix(2e9, 0), time.Unix(1e9, 0)
	family[2].Text += "\n \n" // white space is no length
	for policy, want := range map[cluster.Policy]string{cluster.First: "copy0001", cluster.Last: "copy0000", cluster.Longest: "copy0000"} {
		r := scanned(t, Options{KeepPolicy: policy}, family)
		for c := range r.Clusters() {
			if got := r.ID(c.Canonical); got != want {
				t.Errorf("%v keeps %s, not %s", policy, got, want)
			}
		}
	}
}

func TestADetectorServesSeveralGoroutines(t *testing.T) {
	d := detector(t, Options{Workers: 2, Passages: true})
	some := stories()[:24]
	want, err := d.Scan(context.Background(), values(some))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			got, err := d.Scan(context.Background(), values(some))
			if err != nil {
				t.Error(err)
				return
			}
			if diff := cmp.Diff(want, got, everything); diff != "" {
				t.Error(diff)
			}
			d.Compare(some[0], some[1])
		})
	}
	group.Wait()
}
