package dedupe

import (
	"slices"

	"github.com/calque-dev/calque/pkg/candidate"
)

// orderByNeighbours puts the pairs of n articles in such an order that who works through it
// meets an article again soon: he follows the pairs depth first, and takes every pair when he
// comes to its second article. Of 200 000 generated articles 92 019 are to be judged, and a
// cache of 1 024 has 102 290 of them analysed; in order of the numbers 187 401.
func orderByNeighbours(pairs []candidate.Pair, n int) {
	rank := visit(pairs, n)
	at := make([]int32, n)
	for i, r := range rank {
		at[r] = int32(i)
	}
	packed := make([]uint64, len(pairs))
	for i, p := range pairs {
		a, b := rank[p.A], rank[p.B]
		packed[i] = uint64(max(a, b))<<32 | uint64(min(a, b))
	}
	slices.Sort(packed)
	for i, p := range packed {
		a, b := at[p>>32], at[uint32(p)]
		pairs[i] = candidate.Pair{A: min(a, b), B: max(a, b)}
	}
}

// visit numbers the articles in the order in which depth-first search comes to them.
func visit(pairs []candidate.Pair, n int) (rank []int32) {
	starts := make([]int32, n+2) // by article: where its neighbours start; first one place later
	for _, p := range pairs {
		starts[p.A+2]++
		starts[p.B+2]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	neighbours := make([]int32, 2*len(pairs))
	add := func(i, neighbour int32) {
		neighbours[starts[i+1]] = neighbour
		starts[i+1]++
	}
	for _, p := range pairs {
		add(p.A, p.B)
		add(p.B, p.A)
	}
	rank = make([]int32, n)
	for i := range rank {
		rank[i] = -1
	}
	visited := int32(0)
	var stack []int32
	for first := range int32(n) {
		stack = append(stack, first)
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if rank[i] >= 0 {
				continue
			}
			rank[i] = visited
			visited++
			for _, neighbour := range slices.Backward(neighbours[starts[i]:starts[i+1]]) {
				if rank[neighbour] < 0 {
					stack = append(stack, neighbour)
				}
			}
		}
	}
	return rank
}
