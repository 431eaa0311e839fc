package candidate

import "slices"

// asking is what one article asks of the others: the lists of its fingerprints that are read,
// and the places where these stand. It serves one goroutine.
type asking struct {
	*runIndex
	ordered  []uint64 // mentions
	lists    []askedList
	read     []byte      // lists that were in a file
	cold     placesAsked // those of lists that are read whole
	hot      placesAsked // those of hot lists
	from, to int32       // with a window: the dated articles that may be near
}

// askedList is a list that is read for a fingerprint in a place, a bit.
type askedList struct {
	list
	place uint32
}

// isHot reports whether only a part of the list is read.
func (l askedList) isHot() bool { return l.len() > hotRun }

// toRead is how many articles are read of a list of so many.
func toRead(n int) int {
	if n > hotRun {
		return hotRunFirst + hotRunRead
	}
	return n
}

// maxThinning is the greatest that is told apart.
const maxThinning = 8

// placesAsked are the places, a bit each, of fingerprints that are chosen with a thinning of
// so much: what a sparser choice leaves, a denser one does.
type placesAsked [maxThinning + 1]uint32

// add adds the place of a fingerprint that is chosen with the thinning and any lesser one.
func (p *placesAsked) add(thinning uint64, place uint32) { p[min(thinning, maxThinning)] |= place }

// spread is to be called when all are added.
func (p *placesAsked) spread() {
	for t := maxThinning - 1; t > 0; t-- {
		p[t] |= p[t+1]
	}
}

// gather finds the lists to read for article i, given the mentions of all that it has, and
// reports whether these are all. Doing nothing else has it wait for the memory of many at a
// time.
func (a *asking) gather(i int32, mentions []uint64) (all bool, err error) {
	a.lists, a.read, a.cold, a.hot = a.lists[:0], a.read[:0], placesAsked{}, placesAsked{}
	enough := max(enoughRead, enoughPerRun*len(mentions))
	if a.times != nil {
		a.from, a.to = a.times.around(i)
		a.order(mentions, maxRead) // of any list there may be few articles near
	} else {
		a.order(mentions, enough)
	}
	read := 0
	for _, m := range a.ordered {
		if read >= enough {
			break
		}
		mentions = mentions[1:]
		var l list
		if l, a.read, err = a.list(m, a.read); err != nil {
			return false, err
		}
		if a.times == nil {
			read += a.add(l, m)
			continue
		}
		// Those without a time are by themselves, lest one of the two hide the other if it is
		// hot.
		undated, dated := a.times.cut(l, a.from, a.to)
		read += a.add(undated, m) + a.add(dated, m)
	}
	a.cold.spread()
	a.hot.spread()
	return len(mentions) == 0, nil
}

// maxRead is more than anybody reads.
const maxRead = 1 << 62

// add adds a list that is mentioned, or a part of it, and returns how many of its articles are
// read.
func (a *asking) add(l list, mention uint64) (read int) {
	place := uint32(1) << a.placeOf(mention)
	asked := askedList{l, place}
	if asked.isHot() {
		a.hot.add(a.leastThinning(mention), place)
	} else {
		a.cold.add(a.leastThinning(mention), place)
	}
	a.lists = append(a.lists, asked)
	return toRead(l.len())
}

// order orders the mentions of an article as their lists are read: first one of each of its
// places, of a fingerprint that is chosen with any thinning if there is one, and of such in
// places that are not next to each other before all; then the others; always the shortest
// first. So what is asked about, if that is not all, is an even sample: a sentence that others
// quote is a small part of it, and not, being rare, the first thing read. The others are left
// out when the first ones have so many articles as are enough.
func (a *asking) order(mentions []uint64, enough int) {
	const none, dense = 1<<64 - 1, 1 << 63 // above the bits of a list
	var shortest [askedPlaces]uint64
	for p := range shortest {
		shortest[p] = none
	}
	for n, m := range mentions {
		m = a.ofList(m)
		if a.leastThinning(m) < maxThinning {
			m |= dense
		}
		mentions[n] = m
		p := a.placeOf(m)
		shortest[p] = min(shortest[p], m)
	}
	var firsts [askedPlaces]uint64
	first, read := firsts[:0], 0
	for _, m := range shortest {
		if m != none {
			first = append(first, m)
			read += toRead(a.length(m))
		}
	}
	slices.Sort(first)
	a.ordered = a.ordered[:0]
	var taken, near uint32
	for _, m := range first {
		if place := uint32(1) << a.placeOf(m); m < dense && near&place == 0 {
			a.ordered = append(a.ordered, m)
			taken |= place
			near |= place<<1 | place | place>>1
		}
	}
	for _, m := range first {
		if taken>>a.placeOf(m)&1 == 0 {
			a.ordered = append(a.ordered, m&^dense)
		}
	}
	if read >= enough {
		return
	}
	n := len(a.ordered)
	for _, m := range mentions {
		if shortest[a.placeOf(m)] != m {
			a.ordered = append(a.ordered, m&^dense)
		}
	}
	slices.Sort(a.ordered[n:])
}
