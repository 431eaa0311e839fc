package generate

import (
	"math"
	"math/rand/v2"
)

const (
	hour = 3600
	day  = 24 * hour
)

// addNotices plans families of notices: filled into one template, and published all the time.
func (p *plan) addNotices() {
	wanted := int(p.Notices * float64(p.Articles))
	for family := 0; len(p.entries) < wanted; family++ {
		rng := draws(p.Seed, 21, uint64(family))
		size := int(40 * math.Exp(rng.Float64()*math.Log(10))) // 40 to 400
		for range min(size, wanted-len(p.entries)) {
			language := english
			if rng.Float64() < p.French {
				language = french
			}
			p.entries = append(p.entries, entry{
				published: p.anyTime(rng), base: int32(family), first: int32(len(p.entries)), event: -1, kind: notice, language: language,
			})
		}
	}
}

func (p *plan) anyTime(rng *rand.Rand) int64 {
	return start.Unix() + rng.Int64N(int64(p.Days)*day)
}

// delay is how many seconds after its original a copy comes: six hours in the median,
// two weeks at most.
func delay(rng *rand.Rand) int64 {
	return min(14*day, 10*60+int64(6*hour*math.Exp(1.2*rng.NormFloat64())))
}

// filler adds the articles that are made of stretches.
type filler struct {
	*plan
	next   func() (stretch, int, bool)
	base   int32 // number of the stretch taken last
	events int32
	owed   [kinds]float64 // copies that the shares ask for and that are not planned yet
	cover  float64        // articles of events, likewise
}

// take takes the next stretch.
func (f *filler) take() (length int, ok bool) {
	s, length, ok := f.next()
	if ok {
		f.base = int32(len(f.stretches))
		f.stretches = append(f.stretches, s)
	}
	return length, ok
}

// addFamily plans the copies of one text: the first text of at least the median length.
func (f *filler) addFamily() bool {
	if f.Family == 0 || len(f.entries) == f.Articles {
		return true
	}
	for {
		length, ok := f.take()
		if !ok {
			return false
		}
		if length >= f.Bytes*3/4 {
			break
		}
	}
	rng := draws(f.Seed, 22)
	first := f.original(rng, start.Unix()+rng.Int64N(day))
	f.entries[first].clean, f.entries[first].family = true, true
	for range min(f.Family, f.Articles-int(first)) - 1 {
		k := exact
		if rng.IntN(2) == 0 {
			k = near
		}
		f.copy(rng, first, k)
		e := &f.entries[len(f.entries)-1]
		e.family, e.published = true, f.entries[first].published+600+rng.Int64N(int64(f.Days)*day)
	}
	return true
}

// original adds an article made of the stretch taken last.
func (f *filler) original(rng *rand.Rand, published int64) int32 {
	i := int32(len(f.entries))
	f.entries = append(f.entries, entry{
		published: published, base: f.base, first: i, event: -1, language: f.stretches[f.base].language,
	})
	return i
}

// copy adds a copy of an article.
func (f *filler) copy(rng *rand.Rand, first int32, k kind) {
	e := f.entries[first]
	f.entries[first].copies++
	e.copies, e.first, e.kind = 0, first, k
	e.published += delay(rng)
	e.clean = k == exact
	if k.isForeign() {
		e.language = e.language.other()
	}
	f.entries = append(f.entries, e)
}

// addStories plans events, originals with copies, and articles that stand alone, so
// that each has its share at any time.
func (f *filler) addStories() bool {
	shares := [kinds]float64{exact: f.Exact, near: f.Near, excerpt: f.Excerpt, translation: f.Translation, partial: f.Partial}
	left := float64(f.Articles - len(f.entries))
	rate := float64(f.Articles) / max(1, left) // of the articles planned here, more have to be copies
	rng := draws(f.Seed, 23)
	for seen := len(f.entries); len(f.entries) < f.Articles; {
		added := float64(len(f.entries) - seen)
		seen = len(f.entries)
		for k, share := range shares {
			f.owed[k] += added * share * rate
		}
		f.cover += added * f.Events * rate
		length, ok := f.take()
		switch {
		case !ok:
			return false
		case f.cover >= 4:
			if !f.addEvent(rng) {
				return false
			}
		default:
			first := f.original(rng, f.anyTime(rng))
			f.addCopies(rng, first, length)
		}
	}
	return true
}

// addEvent plans 4 to 12 articles about one event: of the stretch taken last and those
// that follow it.
func (f *filler) addEvent(rng *rand.Rand) bool {
	at := f.anyTime(rng)
	size := min(4+rng.IntN(9), f.Articles-len(f.entries))
	round := f.stretches[f.base].round
	for i := range size {
		if i > 0 {
			if _, ok := f.take(); !ok {
				return false
			}
		}
		if f.stretches[f.base].round != round { // it may share a sentence with those before
			f.original(rng, f.anyTime(rng))
			size = i
			break
		}
		n := f.original(rng, at+rng.Int64N(36*hour))
		f.entries[n].event = f.events
	}
	f.events++
	f.cover -= float64(size)
	return true
}

// addCopies plans the copies of an article: of each kind one at most, and of the parts
// one in all, so that what ties two of them is beyond doubt. Up to three originals in
// ten that have a copy have several.
func (f *filler) addCopies(rng *rand.Rand, first int32, length int) {
	var has [kinds]bool
	for {
		most := original
		for k := exact; k <= partial; k++ {
			fits := !k.isPart() || length >= minWhole && !has[excerpt] && !has[partial]
			if fits && !has[k] && f.owed[k] >= 1 && (most == original || f.owed[k] > f.owed[most]) {
				most = k
			}
		}
		if most == original || len(f.entries) >= f.Articles {
			break
		}
		f.copy(rng, first, most)
		has[most] = true
		f.owed[most]--
		if rng.IntN(10) >= 3 {
			break
		}
	}
	if has[exact] {
		f.entries[first].clean = true
	}
}
