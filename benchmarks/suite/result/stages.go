package result

import (
	"cmp"
	"maps"
	"slices"
)

// Stages are the names of the stages, those that take the most time at the largest size
// first.
func (s *Suite) Stages() []string {
	if len(s.Runs) == 0 {
		return nil
	}
	last := s.Runs[len(s.Runs)-1].Stages
	return slices.SortedFunc(maps.Keys(last), func(a, b string) int {
		return cmp.Or(cmp.Compare(last[b], last[a]), cmp.Compare(a, b))
	})
}
