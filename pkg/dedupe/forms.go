package dedupe

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/calque-dev/calque/pkg/shingle"
)

// forms are the analysed articles that stay in memory between reading and verifying, while
// there is room; the others are analysed again when they are candidates. If most of a pile
// has no room none is kept: they would take memory from the rest and save little. It is
// safe for use by several goroutines, but for at.
type forms struct {
	left    atomic.Int64 // bytes
	refused atomic.Int64 // articles

	mu   sync.Mutex
	kept []*shingle.Article
}

// form is the number of a kept form, from 1 on; 0 is none.
type form uint32

// noRoom is what is left where nothing will ever be kept.
const noRoom = math.MinInt64 / 2

// refuses reports whether there is no room any more, before an article is analysed for it.
func (f *forms) refuses() bool {
	refused := f.left.Load() < 0
	if refused {
		f.refused.Add(1)
	}
	return refused
}

// keep keeps an analysed article while there is room.
func (f *forms) keep(x *shingle.Article) form {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left.Add(-int64(x.Size())) < 0 {
		f.refused.Add(1)
		return 0
	}
	f.kept = append(f.kept, x)
	return form(len(f.kept))
}

// release makes room again.
func (f *forms) release(n form) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x := f.at(n); x != nil {
		f.kept[n-1] = nil
		f.left.Add(int64(x.Size()))
	}
}

// at is a kept form, nil for none.
func (f *forms) at(n form) *shingle.Article {
	if n == 0 || int(n) > len(f.kept) {
		return nil
	}
	return f.kept[n-1]
}

// settle forgets all of them if they are only a small part of so many articles. Once there
// is no room there is none for any other, so that this may be known long before the last.
func (f *forms) settle(articles int) {
	if 2*f.refused.Load() >= int64(articles) {
		f.forget()
	}
}

// forget forgets all of them, and keeps none from now on.
func (f *forms) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left.Store(noRoom)
	f.kept = nil
}
