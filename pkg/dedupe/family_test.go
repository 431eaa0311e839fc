package dedupe

import (
	"slices"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

func TestAFamilyOfCopiesIsOneCluster(t *testing.T) {
	original := story(t, "c-fusion-en.txt")
	for _, n := range []int{2, 10, 45, 46, 200} {
		r := scanned(t, Options{}, copied(original, "copy", n))
		pairs := slices.Collect(r.Pairs())
		for _, p := range pairs {
			if p.Relation != verdict.Exact || p.Score != 1 || p.Coverage != [2]float64{1, 1} {
				t.Fatalf("%d copies: %+v", n, p)
			}
		}
		if all := n * (n - 1) / 2; len(pairs) != all && n <= 10 || len(pairs) > MaxExpanded || len(pairs) < n-1 {
			t.Errorf("%d copies give %d pairs; all would be %d", n, len(pairs), all)
		}
		if n == 200 && len(pairs) != n-1 {
			t.Errorf("%d copies are chained by %d pairs", n, len(pairs))
		}
		clusters := slices.Collect(r.Clusters())
		if len(clusters) != 1 || len(clusters[0].Members) != n {
			t.Errorf("%d copies: clusters %v", n, clusters)
		}
	}
}

func TestFamiliesOfCopiesAndTheirTranslationsAreOneCluster(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	for _, n := range []int{5, 40, 200} {
		r := scanned(t, Options{}, slices.Concat(copied(english, "en", n), copied(french, "fr", n)))
		var exact, translations int
		for p := range r.Pairs() {
			switch p.Relation {
			case verdict.Exact:
				exact++
			case verdict.Translation:
				translations++
				if p.Languages != [2]article.Language{"en", "fr"} {
					t.Errorf("%+v", p)
				}
			default:
				t.Errorf("%+v", p)
			}
		}
		if n == 5 && (translations != n*n || exact != n*(n-1)) || translations < 1 || exact < 2*(n-1) || exact+translations > 4*MaxExpanded {
			t.Errorf("families of %d: %d exact, %d translations", n, exact, translations)
		}
		clusters := slices.Collect(r.Clusters())
		if len(clusters) != 1 || len(clusters[0].Members) != 2*n {
			t.Errorf("families of %d: %d clusters", n, len(clusters))
		}
	}
}

func TestALargeFamilyStaysTiedWhenOnlyTranslationsAreWanted(t *testing.T) {
	english, french := story(t, "c-fusion-en.txt"), story(t, "c-fusion-fr.txt")
	r := scanned(t, Options{Relations: []verdict.Relation{verdict.Translation}}, slices.Concat(copied(english, "en", 1100), copied(french, "fr", 1)))
	in := map[string]bool{}
	for p := range r.Pairs() {
		in[p.A], in[p.B] = true, true
	}
	if len(in) != 1101 {
		t.Errorf("with one translation of 1 100 copies and no exact relation wanted, %d of 1 101 articles are in a pair", len(in))
	}
}
