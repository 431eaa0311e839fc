// Package evaluation measures found pairs against a gold file.
//
// In go the pairs that ought to be found, a [Gold], and the pairs that were found;
// out come precision, recall and F1, for each relation and for all together, and
// the single mistakes, so that one can look at them.
//
// # What counts
//
// A found pair counts when its relation is wanted. Wanted are the relations that the
// caller names; when it names none, all of them but related, and that too if the gold
// names it.
//
// A gold line counts when it names a wanted relation, or none at all: then any wanted
// relation meets it.
//
// A counting pair is correct when the gold has it with the same relation, or with
// none. Every other counting pair is wrong, be it that the gold names another relation
// or does not have the pair.
//
// # Where it counts
//
// For each relation, a found pair counts under the relation it was found as, and a
// gold line under the relation that it names. A pair that was found under another
// relation than the gold names is thus a mistake twice: it lowers the precision of the
// one and the recall of the other. A gold line without relation counts under the
// relation as which its pair was found. If the pair was not found it counts under the
// wanted relation, where the caller names exactly one, and else in the total only.
//
// In the total each gold line and each found pair counts once, and a pair is correct
// when its relation is.
package evaluation

import (
	"iter"
	"slices"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Counts are numbers of pairs: Correct ones are both in the gold and found.
type Counts struct{ Gold, Found, Correct int }

// Precision is the share of the found pairs that are correct, 0 when none was found.
func (c Counts) Precision() float64 { return share(c.Correct, c.Found) }

// Recall is the share of the gold that was found, 0 when there is none.
func (c Counts) Recall() float64 { return share(c.Correct, c.Gold) }

// F1 is the harmonic mean of precision and recall, 0 when both are.
func (c Counts) F1() float64 { return share(2*c.Correct, c.Found+c.Gold) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Mistake is a pair that was missed, wrongly found, or both: found as another relation
// than the gold names.
type Mistake struct {
	Pair
	Missed   bool             // a gold line that was not met
	Wrong    bool             // a counting pair that is not correct
	Expected verdict.Relation // by the gold: None if it does not have the pair, or names no relation
	Found    verdict.Relation // None when the pair was not found; may be one that does not count
	Score    float64          // of Found
}

// Result is how the found pairs compare with the gold.
type Result struct {
	Relations map[verdict.Relation]Counts // those that occur or that were asked for by name
	All       Counts
	Mistakes  []Mistake // by ids
}

// Evaluate compares the found pairs with the gold; wanted limits what counts, as the
// package comment says. Found pairs that do not count are passed over, but for telling
// as what a missed pair was found.
func Evaluate(g *Gold, found iter.Seq[dedupe.Pair], wanted []verdict.Relation) *Result {
	e := &evaluation{
		Result: Result{Relations: map[verdict.Relation]Counts{}},
		found:  map[Pair]dedupe.Pair{},
	}
	e.want(g, wanted)
	for p := range found {
		e.found[PairOf(p.A, p.B)] = p
	}
	for pair, relation := range g.all() {
		missed := e.goldLine(pair, relation)
		wrong := e.foundPair(pair, true, relation)
		e.note(pair, relation, missed, wrong)
	}
	for pair := range e.found {
		if _, in := g.lines[pair]; !in {
			e.note(pair, verdict.None, false, e.foundPair(pair, false, verdict.None))
		}
	}
	slices.SortFunc(e.Mistakes, func(x, y Mistake) int { return comparePairs(x.Pair, y.Pair) })
	return &e.Result
}

// evaluation is one run of Evaluate.
type evaluation struct {
	Result
	wanted map[verdict.Relation]bool
	only   verdict.Relation // the one relation that was asked for, or None
	found  map[Pair]dedupe.Pair
}

func (e *evaluation) want(g *Gold, named []verdict.Relation) {
	e.wanted = map[verdict.Relation]bool{}
	for _, r := range verdict.Relations() {
		e.wanted[r] = len(named) == 0 && (r != verdict.Related || g.Names(r))
	}
	for _, r := range named {
		e.wanted[r] = true
		e.count(r, Counts{})
	}
	if len(slices.Compact(slices.Sorted(slices.Values(named)))) == 1 {
		e.only = named[0]
	}
}

// count adds to a relation's counts.
func (e *evaluation) count(r verdict.Relation, more Counts) {
	c := e.Relations[r]
	e.Relations[r] = Counts{c.Gold + more.Gold, c.Found + more.Found, c.Correct + more.Correct}
}

// note keeps a mistake.
func (e *evaluation) note(pair Pair, expected verdict.Relation, missed, wrong bool) {
	if missed || wrong {
		p := e.found[pair]
		e.Mistakes = append(e.Mistakes, Mistake{pair, missed, wrong, expected, p.Relation, p.Score})
	}
}

// goldLine counts one line of the gold and reports whether it was missed.
func (e *evaluation) goldLine(pair Pair, relation verdict.Relation) (missed bool) {
	if relation != verdict.None && !e.wanted[relation] {
		return false
	}
	found := e.found[pair].Relation
	met := e.wanted[found] && (relation == verdict.None || relation == found)
	under := relation
	if relation == verdict.None {
		under = e.only
		if met {
			under = found
		}
	}
	e.All.Gold++
	if under != verdict.None {
		e.count(under, Counts{Gold: 1})
	}
	return !met
}

// foundPair counts a pair if it was found and counts, and reports whether it is wrong.
// inGold says that the gold has the pair, expected with which relation.
func (e *evaluation) foundPair(pair Pair, inGold bool, expected verdict.Relation) (wrong bool) {
	found := e.found[pair].Relation
	if !e.wanted[found] {
		return false
	}
	counts := Counts{Found: 1}
	if inGold && (expected == verdict.None || expected == found) {
		counts.Correct = 1
	}
	e.All.Found++
	e.All.Correct += counts.Correct
	e.count(found, counts)
	return counts.Correct == 0
}
