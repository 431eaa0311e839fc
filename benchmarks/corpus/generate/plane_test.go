package generate

import "testing"

func TestTwoLinesOfAPlaneShareASentenceAtMost(t *testing.T) {
	for _, seed := range []uint64{0, 1, 12345} {
		p := newPlane(130, 7, seed)
		if p.blocks != 2 {
			t.Fatalf("%+v", p)
		}
		type line struct{ round, number int }
		of := map[int][]line{} // the lines that have a sentence
		for round := range p.rounds() {
			once := map[int]bool{}
			for n := range p.lines() {
				number := p.line(round, n)
				last := -1
				for place := range p.size {
					i := p.sentence(round, number, place)
					if once[i] || i < 0 || i >= p.used() {
						t.Fatalf("round %d: sentence %d comes again or is none", round, i)
					}
					if i <= last {
						t.Fatalf("round %d, line %d: %d after %d", round, number, i, last)
					}
					if round == 0 && last >= 0 && i != last+1 {
						t.Fatalf("round 0: %d after %d", i, last)
					}
					once[i], last = true, i
					of[i] = append(of[i], line{round, number})
				}
			}
			if len(once) != p.used() {
				t.Fatalf("round %d has %d of %d sentences", round, len(once), p.used())
			}
		}
		shared := map[[2]line]bool{}
		for _, lines := range of {
			for i, a := range lines {
				for _, b := range lines[:i] {
					if shared[[2]line{a, b}] || shared[[2]line{b, a}] {
						t.Fatalf("%v and %v share two sentences", a, b)
					}
					shared[[2]line{a, b}] = true
				}
			}
		}
	}
}

func TestAPlaneKeepsSentencesBack(t *testing.T) {
	for n := range 60_000 {
		last := 1
		for _, size := range sizes(n) {
			p := newPlane(n, size, 1)
			if !isPrime(size) || size <= last || p.used() == 0 || n-p.used() < reserved(n) {
				t.Fatalf("%d sentences: %+v uses %d", n, p, p.used())
			}
			last = size
		}
		if n > 20 && last == 1 {
			t.Fatalf("no plane for %d sentences", n)
		}
	}
	if got := sizes(400_000)[0]; got != usualSize {
		t.Errorf("of a large corpus, the first size is %d", got)
	}
}
