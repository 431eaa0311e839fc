// Package stages has a Go benchmark of every stage through which an article goes, in the
// order in which it does, all on the same pile:
//
//	go test -run - -bench . ./benchmarks/stages
//
// Each tells articles or pairs a second, and the bytes and allocations that one of them
// takes. The pile is a hundred articles made of the fixtures; CALQUE_CORPUS names another
// one, of which the first 10 000 articles are taken. benchmarks/baseline.txt is what a named
// machine took, for benchstat.
package stages
