package align

// mostSeeds is how many seeds a shingle of the first article has at most. Where every line
// is like every other all pairs would be seeds, and looking for beads took nine times as
// long as the dot products. On the sets of benchmarks/quality 1 441 shingles have more, and no
// measure is another for it.
const mostSeeds = 48

// levels is how finely thin tells cosines apart.
const levels = 256

// thin leaves a row the mostSeeds seeds of the greatest cosine, and of those between which
// the last places are, the nearest to the diagonal: of equal lines the copy stands there.
func (al *Aligner) thin(i int) {
	n, m := len(al.a.Shingles), len(al.b.Shingles)
	seeds := al.seeds[i*m : (i+1)*m]
	level := func(j int) int {
		c := al.dot[i*m+j] / (al.a.Shingles[i].Norm * al.b.Shingles[j].Norm)
		return min(int(c*levels), levels)
	}
	var counts [levels + 1]int
	for j, seed := range seeds {
		if seed != 0 {
			counts[level(j)]++
		}
	}
	room, last := mostSeeds, levels
	for ; counts[last] <= room; last-- {
		room -= counts[last]
	}
	for j, seed := range seeds {
		if seed != 0 && level(j) < last {
			seeds[j] = 0
		}
	}
	place := func(j int) {
		switch {
		case j < 0 || j >= m || seeds[j] == 0 || level(j) != last:
		case room > 0:
			room--
		default:
			seeds[j] = 0
		}
	}
	at := i * m / n
	place(at)
	for away := 1; away < m; away++ {
		place(at - away)
		place(at + away)
	}
}
