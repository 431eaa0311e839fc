package dedupe

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
)

// shelf is an article.Store of texts in one string.
type shelf struct {
	mu     sync.Mutex
	texts  string
	reads  int
	closed int
}

func (s *shelf) ReadText(offset int64, length int) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.texts[offset:][:length], nil
}

func (s *shelf) Close() error {
	s.closed++
	return nil
}

// put puts the texts of some articles on the shelf.
func (s *shelf) put(articles []article.Article) []article.Article {
	var texts strings.Builder
	articles = slices.Clone(articles)
	for i := range articles {
		a := &articles[i]
		a.Stored = article.Stored{In: s, Offset: int64(texts.Len()), Length: len(a.Text)}
		texts.WriteString(a.Text)
	}
	s.texts = texts.String()
	return articles
}

// filler is articles of so many bytes that there is no room for texts.
func filler(t *testing.T) []article.Article {
	return copied(story(t, "c-fusion-en.txt"), "filler", 1500)
}

func TestTextsThatStandElsewhereAreReadThere(t *testing.T) {
	articles := slices.Concat(filler(t), editedStories(t), newspaper(t, "The Northquay Paper"))
	for _, o := range []Options{{Passages: true}, {Relations: inOneLanguage}, {Relations: inOneLanguage, KeepPolicy: cluster.Original}} {
		want := scanned(t, o, articles)
		o.Memory = 1
		elsewhere := new(shelf)
		got := scanned(t, o, elsewhere.put(articles))
		if diff := cmp.Diff(want, got, everything); diff != "" {
			t.Fatal(diff)
		}
		if in := got.pile.texts.Spilled(); elsewhere.reads == 0 || in > 3<<20 {
			t.Errorf("%d texts were read where they stand, and %d bytes written", elsewhere.reads, in)
		}
		if err := errors.Join(got.Close(), want.Close()); err != nil || elsewhere.closed == 0 {
			t.Errorf("%v; closed %d times", err, elsewhere.closed)
		}
	}
}

func TestTextsForWhichThereIsRoomAreKept(t *testing.T) {
	elsewhere := new(shelf)
	got := scanned(t, Options{Relations: inOneLanguage}, elsewhere.put(editedStories(t)))
	if _, err := got.Article(0); err != nil || elsewhere.reads > 0 {
		t.Errorf("%d texts were read again: %v", elsewhere.reads, err)
	}
}

func TestATextThatChangedIsAnError(t *testing.T) {
	elsewhere := new(shelf)
	articles := elsewhere.put(slices.Concat(filler(t), editedStories(t)))
	for i := range articles {
		articles[i].Origin = "feed.jsonl:" + articles[i].ID
	}
	elsewhere.texts = strings.ReplaceAll(elsewhere.texts, "e", "o")
	_, err := detector(t, Options{Relations: inOneLanguage, Memory: 1}).Scan(t.Context(), values(articles))
	if !errors.Is(err, article.ErrChanged) || !strings.HasPrefix(err.Error(), "feed.jsonl:") {
		t.Errorf("texts changed while they were read: %v", err)
	}
}
