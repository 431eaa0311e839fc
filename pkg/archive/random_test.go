package archive

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

// varied are the fixtures as several outlets print them: each with lines of its own, some
// articles twice with other capitals, and lines that recur here and there.
func varied(t testing.TB, random *rand.Rand) []article.Article {
	var out []article.Article
	for i, a := range fixtures(t) {
		a.Source = fmt.Sprintf("Outlet %d", i%3)
		switch i % 3 {
		case 0:
			a.Text += "\n\nThe evening letter of the harbour town comes by post"
		case 1:
			a.Text = "Le carnet du port et de ses environs\n\n" + a.Text
		}
		out = append(out, a)
		if random.IntN(4) == 0 {
			b := a
			b.ID, b.Title = a.ID+"-again", strings.ToUpper(a.Title)
			if random.IntN(2) == 0 {
				b.Text = strings.ToUpper(b.Text[:1]) + b.Text[1:] + "\n"
			}
			b.Source = fmt.Sprintf("Outlet %d", random.IntN(3))
			out = append(out, b)
		}
	}
	random.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
	return out
}

// step adds, changes and removes some articles, in the archive and in the pile.
func step(t *testing.T, a *Archive, random *rand.Rand, waiting, pile []article.Article) (left, now []article.Article) {
	n := min(len(waiting), 1+random.IntN(40))
	given := slices.Clone(waiting[:n])
	now = append(pile, given...)
	for range random.IntN(4) {
		i := random.IntN(len(now))
		if !slices.ContainsFunc(given, func(x article.Article) bool { return x.ID == now[i].ID }) {
			now[i].Text = now[random.IntN(len(now))].Text + "\n\nUpdated with a further paragraph."
			given = append(given, now[i])
		}
	}
	add(t, a, given)
	var gone []string
	for range random.IntN(5) {
		if i := random.IntN(len(now)); len(now) > 1 {
			gone = append(gone, now[i].ID)
			now = slices.Delete(now, i, i+1)
		}
	}
	if n, err := a.Remove(context.Background(), gone); err != nil || n != len(gone) {
		t.Fatalf("%d of %d removed: %v", n, len(gone), err)
	}
	return waiting[n:], now
}

// TestAnArchiveIsAFunctionOfItsArticles adds, changes and removes articles at random, and
// now and then closes and opens the archive: its pairs are always those of a scan.
func TestAnArchiveIsAFunctionOfItsArticles(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			dir := filepath.Join(t.TempDir(), "archive")
			o := Options{Batch: 1 + random.IntN(30)}
			a, err := Create(dir, o)
			if err != nil {
				t.Fatal(err)
			}
			waiting := varied(t, random)
			var pile []article.Article
			for len(waiting) > 0 {
				waiting, pile = step(t, a, random, waiting, pile)
				if random.IntN(3) == 0 {
					if err := a.Close(); err != nil {
						t.Fatal(err)
					}
					if a, err = Open(dir, o); err != nil {
						t.Fatal(err)
					}
				}
				same(t, fmt.Sprintf("%d articles", len(pile)), scanned(t, pile), pairsOf(t, a))
				if n, err := a.Count(); err != nil || n != len(pile) {
					t.Fatalf("%d articles counted, %v; want %d", n, err, len(pile))
				}
			}
			if err := a.Verify(context.Background(), func(p Problem) error { t.Error(p); return nil }); err != nil {
				t.Fatal(err)
			}
			if err := a.Compact(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			rebuilt(t, dir, pile)
		})
	}
}

// rebuilt makes the archive anew from what is stored.
func rebuilt(t *testing.T, dir string, pile []article.Article) {
	lost, err := Rebuild(context.Background(), dir, dir+".new", Options{}, func(Added) error { return nil })
	if err != nil || len(lost) > 0 {
		t.Fatal(err, lost)
	}
	a, err := Open(dir+".new", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	same(t, "rebuilt", scanned(t, pile), pairsOf(t, a))
}
