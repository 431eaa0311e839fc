package dedupe

import (
	"context"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
)

// piled is a pile of articles, with their analysed forms as far as they are given.
func piled(t *testing.T, articles []article.Article, forms map[int]*shingle.Article) *pile {
	p := newPile(1 << 20)
	t.Cleanup(func() { p.Close() })
	for i := range articles {
		x := detector(t, Options{}).NewVerifier().Analyse(&articles[i])
		f, _, err := p.file(&articles[i], x, nil, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if forms[i] != nil {
			p.forms.left.Store(int64(forms[i].Size()))
			f.form = p.forms.keep(forms[i])
		}
		p.add([]filed{f})
	}
	return p
}

func TestArticlesAnalysedAgainAreTheSame(t *testing.T) {
	d := detector(t, Options{})
	v := d.NewVerifier()
	fresh := func(v *Verifier, a *article.Article) *shingle.Article {
		x := v.Analyse(a)
		x.Keys, x.Sketch = nil, shingle.Sketch{} // what comparing does not need
		return x
	}
	c := newCache(d.NewVerifier(), piled(t, stories(), nil))
	for range 2 {
		for i, a := range stories() {
			if !reflect.DeepEqual(fresh(v, &a), c.get(int32(i))) {
				t.Fatal(a.ID, "differs when it comes from the cache")
			}
		}
	}
	// Whatever order a builder meets the articles in, they come out the same.
	late := d.NewVerifier()
	for i := len(stories()) - 1; i >= 0; i-- {
		a := stories()[i]
		if !reflect.DeepEqual(c.get(int32(i)), fresh(late, &a)) {
			t.Fatal(a.ID, "differs when it is analysed after others")
		}
	}
}

func TestAnAnalysedArticleThatWasKeptIsNotAnalysedAgain(t *testing.T) {
	kept := &shingle.Article{Words: 77}
	c := newCache(detector(t, Options{}).NewVerifier(), piled(t, make([]article.Article, 9), map[int]*shingle.Article{5: kept}))
	for i := range int32(9) {
		if x := c.get(i); (x == kept) != (i == 5) || c.get(i) != x {
			t.Fatalf("article %d is the kept one: %v", i, x == kept)
		}
	}
}

func TestWhatIsRememberedHasRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type thing struct{ article, size int }
		room := rapid.IntRange(0, 100).Draw(t, "room")
		r := newRecent(int64(room), func(x *thing) int { return x.size })
		last := map[int32]*thing{}
		var before int32
		for n, i := range rapid.SliceOf(rapid.Int32Range(0, 20)).Draw(t, "articles") {
			made := false
			x := r.get(i, func(i int32) *thing {
				made = true
				return &thing{int(i), rapid.IntRange(0, room/4+2).Draw(t, "size")}
			})
			switch {
			case x.article != int(i):
				t.Fatalf("asked for article %d, got %d", i, x.article)
			case !made && last[i] != x:
				t.Fatalf("article %d is remembered as it never was", i)
			case n > 0 && i == before && made:
				t.Fatalf("article %d was made twice in a row", i)
			}
			last[i], before = x, i
			size, largest := 0, 0
			for _, generation := range []map[int32]*thing{r.young, r.old} {
				for _, x := range generation {
					size += x.size
					largest = max(largest, x.size)
				}
			}
			if size > room+4*largest {
				t.Fatalf("%d bytes in room for %d", size, room)
			}
		}
	})
}

func TestAnArticleIsReadAsItWasFiled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := article.Article{
			ID: rapid.String().Draw(t, "id"), Title: rapid.String().Draw(t, "title"), Text: rapid.String().Draw(t, "text"),
			Language: "fr", URL: "https://example.org/x", Source: rapid.String().Draw(t, "source"), Origin: "feed.jsonl:3",
			Author: rapid.String().Draw(t, "author"), AltID: rapid.String().Draw(t, "other id"), Urgency: rapid.IntRange(-1, 300).Draw(t, "urgency"),
		}
		if rapid.Bool().Draw(t, "dated") {
			zone := time.FixedZone("", rapid.IntRange(-14, 14).Draw(t, "hours")*3600)
			want.Published = time.Unix(rapid.Int64Range(-1e11, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanoseconds")).In(zone)
		}
		at := stored{file: rapid.Uint32Range(0, 2).Draw(t, "file")}
		if at.file > 0 {
			at.offset, at.length = rapid.Int64Min(0).Draw(t, "offset"), rapid.IntRange(2, 1<<30).Draw(t, "length")
		}
		record := appendArticle(nil, &want, at)
		if at.file > 0 {
			want.Text = ""
		}
		got, where, err := parseArticle(record)
		if err != nil || !got.Published.Equal(want.Published) || got.Published.Format(time.RFC3339Nano) != want.Published.Format(time.RFC3339Nano) {
			t.Fatalf("%v, %v", got, err)
		}
		got.Published = want.Published
		if got != want || where != at {
			t.Fatalf("%+v at %+v, want %+v at %+v", got, where, want, at)
		}
		if _, _, err := parseArticle(record[:rapid.IntRange(0, len(record)-1).Draw(t, "cut")]); err == nil && want.Published.IsZero() {
			t.Fatal("a record that is cut short is read")
		}
	})
}

func TestNoMoreIsKeptThanThereIsRoomFor(t *testing.T) {
	x := detector(t, Options{}).NewVerifier().Analyse(&article.Article{Text: german})
	var room forms
	room.left.Store(3 * int64(x.Size()))
	n := 0
	for range 10 {
		if room.keep(x) != 0 {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d kept in the room of 3", n)
	}
}

func BenchmarkScan(b *testing.B) {
	d := detector(b, Options{})
	for b.Loop() {
		if _, err := d.Scan(context.Background(), values(stories())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(stories()))/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkCompare(b *testing.B) {
	d := detector(b, Options{})
	english, french := story(b, "b-senegal-en.txt"), story(b, "b-senegal-fr.txt")
	for b.Loop() {
		d.Compare(english, french)
	}
}
