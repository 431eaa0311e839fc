package dedupe

// recent remembers what was made of the articles asked for last, by number, in two
// generations: those met since the last change of generation, and those before. It serves one
// goroutine.
type recent[T any] struct {
	young, old map[int32]*T
	room, left int // bytes for a generation, and what the young have not taken yet
	size       func(*T) int
}

// newRecent remembers things of so many bytes.
func newRecent[T any](room int64, size func(*T) int) recent[T] {
	return recent[T]{room: int(room / 2), left: int(room / 2), size: size}
}

// get is what is remembered, or else made.
func (r *recent[T]) get(i int32, make func(int32) *T) *T {
	if x := r.young[i]; x != nil {
		return x
	}
	x := r.old[i]
	if x == nil {
		x = make(i)
	}
	size := r.size(x)
	if r.left -= size; r.young == nil || r.left < 0 && len(r.young) > 1 { // a pair is two
		r.old, r.young, r.left = r.young, map[int32]*T{}, r.room-size
	}
	r.young[i] = x
	return x
}
