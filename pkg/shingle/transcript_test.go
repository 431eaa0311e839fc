package shingle

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestATranscriptTellsWhatAnalysingTellsAgain(t *testing.T) {
	l, d := little(), NewDictionary()
	b, other, plain := NewBuilder(l), NewBuilder(l), NewBuilder(l)
	b.Transcribe(d)
	other.Transcribe(d)
	rapid.Check(t, func(t *rapid.T) {
		a, language := articles().Draw(t, "article"), languages().Draw(t, "language")
		hash := a.Hash()
		if rapid.Bool().Draw(t, "keys") {
			b.BuildKeys(a, language)
		} else {
			b.Build(a, language)
		}
		transcript := slices.Clone(b.Transcript())
		want := plain.Rebuild(a, language, hash)
		for _, teller := range []*Builder{b, other} {
			got, err := teller.Retell(transcript, language, hash)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got %+v, want %+v", got, want)
			}
		}
	})
}

func TestATranscriptOfAVeryLongTextTellsTheSame(t *testing.T) {
	b := NewBuilder(little())
	b.Transcribe(NewDictionary())
	sentence := strings.Repeat("the harbour strike of 2003 closed Zeebrugge ", 40) + "for 3 nights. "
	a := &article.Article{Title: "Strike", Text: strings.Repeat(sentence, 2100)}
	want := b.Build(a, article.English)
	got, err := b.Retell(b.Transcript(), article.English, want.Hash)
	if err != nil {
		t.Fatal(err)
	}
	want.Keys, want.Sketch = nil, Sketch{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d shingles, %d entries, want %d, %d", len(got.Shingles), len(got.Entries), len(want.Shingles), len(want.Entries))
	}
}

func TestADictionaryServesSeveralBuildersAtATime(t *testing.T) {
	l, d := little(), NewDictionary()
	a := &article.Article{Title: "La grève", Text: "La grève a fermé le port. 20 dockers, dit-on à Zeebrugge."}
	want := NewBuilder(l).Build(a, article.French)
	want.Keys, want.Sketch = nil, Sketch{}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			b := NewBuilder(l)
			b.Transcribe(d)
			for _, text := range []string{"le bac de la nuit", "un capitaine dans la tempête", "the ferry sank"} {
				b.BuildKeys(&article.Article{Text: text}, article.French)
				b.BuildKeys(a, article.French)
				if got, err := b.Retell(b.Transcript(), article.French, want.Hash); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, %v, want %+v", got, err, want)
				}
			}
		})
	}
	group.Wait()
}

func FuzzRetell(f *testing.F) {
	b := NewBuilder(little())
	b.Transcribe(NewDictionary())
	for _, text := range []string{"", "The strike closed the harbour. 20 ships sank at Zeebrugge in 1987.", "a\n\nb\n\nc"} {
		b.Build(&article.Article{Title: text, Text: text}, article.English)
		f.Add(slices.Clone(b.Transcript()))
	}
	f.Fuzz(func(t *testing.T, transcript []byte) {
		x, err := b.Retell(transcript, article.English, article.Hash{})
		if (err != nil) != (x == nil) || err != nil && !errors.Is(err, ErrTranscript) {
			t.Fatalf("%+v, %v", x, err)
		}
	})
}
