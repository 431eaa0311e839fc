package candidate

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWhoWasMetOftenIsTalliedAsIfAllWere(t *testing.T) {
	var m meetings
	var tally tally
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int32{20, 3000, 1<<24 - 1}).Draw(t, "articles")
		lists := make([][]int32, rapid.IntRange(0, 40).Draw(t, "lists"))
		all, places, order := 0, map[int32]uint32{}, []int32(nil)
		for n := range lists {
			lists[n] = rapid.SliceOfNDistinct(rapid.Int32Range(0, most), 0, 20, rapid.ID).Draw(t, "list")
			all += len(lists[n])
			for _, a := range lists[n] {
				if places[a] == 0 {
					order = append(order, a)
				}
				places[a] |= 1 << (n % askedPlaces)
			}
		}
		m.begin(all)
		for n, l := range lists {
			m.add(listOf(3, l), 1<<(n%askedPlaces))
		}
		least := rapid.IntRange(1, 6).Draw(t, "least")
		from := rapid.IntRange(0, all).Draw(t, "from")
		tally.begin(1)
		m.tell(&tally, 0, from, least)
		m.tell(&tally, from, all, least)
		var told []int32
		for n := range tally.len() {
			c := tally.at(n)
			if told = append(told, c.number()); c.score != places[c.number()] {
				t.Fatalf("article %d was met in %b, not in %b", c.number(), places[c.number()], c.score)
			}
		}
		tally.forget()
		order = slices.DeleteFunc(order, func(a int32) bool {
			return bits.OnesCount32(places[a]) < least && !slices.Contains(told, a)
		})
		if !slices.Equal(told, order) {
			t.Fatalf("told %v, want %v and maybe more, in %d places", told, order, least)
		}
		if seldom := slices.DeleteFunc(told, func(a int32) bool { return bits.OnesCount32(places[a]) >= least }); len(seldom) > 1+all/3 {
			t.Fatalf("of %d meetings, those of %d articles met in fewer than %d places were told", all, len(seldom), least)
		}
	})
}
