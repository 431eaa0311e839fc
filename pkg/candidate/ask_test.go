package candidate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMentionsAreReadInAnOrderThatSpreadsOverThePlaces(t *testing.T) {
	form := runForm{number: minBlockBits, place: placeBits, offset: 12, block: minBlockBits}
	a := asking{runIndex: &runIndex{runLists: &runLists{runForm: form}}}
	rapid.Check(t, func(t *rapid.T) {
		article := rapid.Uint32Range(0, 1<<minBlockBits-1).Draw(t, "article")
		lengths := rapid.OneOf(rapid.IntRange(2, 9), rapid.IntRange(2, hotRun), rapid.IntRange(hotRun+1, 1000))
		var mentions []uint64
		for offset := range rapid.IntRange(0, 90).Draw(t, "mentions") {
			part := rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(0, 1<<runPartBits-1)).Draw(t, "part")
			mentions = append(mentions, form.mention(article, lengths.Draw(t, "length"), rapid.Uint64Range(0, askedPlaces-1).Draw(t, "place"), part, offset))
		}
		a.order(slices.Clone(mentions), maxRead)
		all := slices.Clone(a.ordered)

		for n := range mentions {
			mentions[n] = form.ofList(mentions[n])
		}
		if !slices.Equal(slices.Sorted(slices.Values(mentions)), slices.Sorted(slices.Values(all))) {
			t.Fatalf("%x become %x", mentions, all)
		}
		// One of each place comes first, as good as any of its place; then the others.
		places := map[uint64]bool{}
		for _, m := range all {
			places[form.placeOf(m)] = true
		}
		better := func(a, b uint64) bool {
			sparse, other := form.leastThinning(a) >= maxThinning, form.leastThinning(b) >= maxThinning
			return sparse && !other || sparse == other && form.length(a) < form.length(b)
		}
		for n, m := range all[:len(places)] {
			if !places[form.placeOf(m)] {
				t.Fatalf("number %d of %d places has a place once more", n, len(places))
			}
			places[form.placeOf(m)] = false
			for _, other := range all {
				if form.placeOf(other) == form.placeOf(m) && better(other, m) {
					t.Fatalf("%x is read before %x", m, other)
				}
			}
		}
		if !slices.IsSortedFunc(all[len(places):], func(a, b uint64) int { return form.length(a) - form.length(b) }) {
			t.Fatal("the others do not come the shortest first")
		}

		enough := rapid.IntRange(1, 2000).Draw(t, "enough")
		a.order(slices.Clone(mentions), enough)
		if len(a.ordered) > len(all) || !slices.Equal(a.ordered, all[:len(a.ordered)]) {
			t.Fatalf("%x is not how %x begins", a.ordered, all)
		}
		read := 0
		for _, m := range a.ordered {
			read += toRead(form.length(m))
		}
		if len(a.ordered) < len(all) && read < enough {
			t.Fatalf("%d articles, and %d are asked for", read, enough)
		}
	})
}

func TestAnArticleThatQuotesRareSentencesIsFoundToBeNoCopy(t *testing.T) {
	// Everything in the original recurs often, but for two sentences, which many quote.
	pile := copiesOf(1, 400)
	original := &pile[400]
	for i := range pile[:400] {
		var quoted []int
		if i < 40 {
			quoted = []int{3, 4, 40, 41}
		} else {
			quoted = []int{i % 15 * 4, i%15*4 + 1, i % 15 * 4 / 2, i%15*4/2 + 1}
		}
		for _, n := range quoted {
			pile[i].Keys = append(pile[i].Keys, original.Keys[n])
		}
		slices.Sort(pile[i].Keys)
		pile[i].Keys = slices.Compact(pile[i].Keys)
	}
	if pairs := joinRuns(t, pile, Options{}); len(pairs) > 0 {
		t.Errorf("%v", pairs)
	}
}
