package generate

// plane cuts a corpus into lines that share next to nothing. The size² sentences of a
// block are the points of an affine plane over the integers modulo a prime: sentence
// y·size+x has the coordinates x and y. The lines of one slope share no point; two
// lines of different slopes share exactly one. So the whole corpus can be used once for
// each slope, size+1 times, and two stretches of different lines have at most one
// sentence in common.
//
// In round 0 the lines are the rows: sentences that follow one another. In the other
// rounds a line has one sentence of every row, in their order.
type plane struct {
	size   int // a prime
	blocks int
	seed   uint64
}

// rounds is how often every sentence can be used.
func (p *plane) rounds() int { return p.size + 1 }

// lines is the number of lines of a round.
func (p *plane) lines() int { return p.blocks * p.size }

// used is the number of sentences that are points: the others belong to no line.
func (p *plane) used() int { return p.blocks * p.size * p.size }

// slope is the slope of a round; which one comes when depends on the seed.
func (p *plane) slope(round int) int {
	return (round - 1 + int(p.seed%uint64(p.size))) % p.size
}

// line is the number of a line of a round: the order depends on the seed.
func (p *plane) line(round, n int) int {
	lines := p.lines()
	step := int(mix(p.seed, uint64(round), 1) % uint64(lines))
	for step = max(1, step); gcd(step, lines) != 1; step++ {
	}
	return (n*step + int(mix(p.seed, uint64(round), 2)%uint64(lines))) % lines
}

// sentence is the point that stands at a place, 0 to size-1, of a line of a round.
func (p *plane) sentence(round, line, place int) int {
	block, c := line/p.size, line%p.size
	x, y := place, c
	if round > 0 {
		x, y = (p.slope(round)*place+c)%p.size, place
	}
	return (block*p.size+y)*p.size + x
}

// newPlane divides n sentences, keeping some back, into blocks of the size given, a prime.
func newPlane(n, size int, seed uint64) plane {
	return plane{size: size, blocks: (n - reserved(n)) / (size * size), seed: seed}
}

// reserved is the number of sentences that no line has: quotations are made of them.
func reserved(n int) int { return max(8, n/100) }

// usualSize is the size of the first plane that is tried. In a smaller one, the sentences
// of an article stand closer together in the corpus; in a larger one, fewer articles are
// cut short by the end of their line.
const usualSize = 101

// sizes are the sizes of the planes that can be made of n sentences, growing, with the
// number of rounds.
func sizes(n int) (primes []int) {
	largest := 0
	next := usualSize
	for size := 2; size*size <= n-reserved(n); size++ {
		if !isPrime(size) {
			continue
		}
		largest = size
		if size >= next {
			primes = append(primes, size)
			next = size + size/2
		}
	}
	if largest > 0 && (len(primes) == 0 || primes[len(primes)-1] < largest) {
		primes = append(primes, largest)
	}
	return primes
}

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return n > 1
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
