package settings

import (
	"fmt"
	"slices"
)

// DidYouMean is a question after the nearest of the names, in the form given ("--%s"), or
// nothing where none is near.
func DidYouMean(name string, names []string, form string) string {
	slices.Sort(names)
	best, least := "", len(name)/2+1
	for _, n := range names {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean "+form+"?", best)
}

// distance is how many characters must be changed, added or taken away to make b of a.
// After Levenshtein (1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
