package pile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Gold is what is known about a pile: the pairs that ought to be found, and which articles
// belong to one group of copies.
//
// The gold names all pairs of a group but those of the large family, which it ties to their
// first member alone. A found pair of two others of the family is neither right nor wrong;
// and a member counts as found with the first when found pairs tie it to it through others:
// nobody wants the fifty million pairs of ten thousand copies.
type Gold struct {
	lines evaluation.Gold
	pairs map[evaluation.Pair]verdict.Relation
	first map[string]string // by id, another article of its group, or the id of the group
}

// ReadGold reads the gold of a pile.
func ReadGold(path string) (*Gold, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	g := &Gold{pairs: map[evaluation.Pair]verdict.Relation{}, first: map[string]string{}}
	if err := g.lines.Read(strings.NewReader(string(text)), path); err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("%s: %q is not two ids and a relation", path, line)
		}
		relation, err := verdict.ParseRelation(fields[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		g.pairs[evaluation.PairOf(fields[0], fields[1])] = relation
		g.first[g.group(fields[0])] = g.group(fields[1])
	}
	return g, nil
}

// group is the group of an article: its own id where it is in none.
func (g *Gold) group(id string) string { return root(g.first, id) }

// root is where the path from an id ends, which is made shorter.
func root(next map[string]string, id string) string {
	end := id
	for next[end] != "" && next[end] != end {
		end = next[end]
	}
	for id != end {
		id, next[id] = next[id], end
	}
	return end
}

// unknown reports whether the gold says nothing about a pair.
func (g *Gold) unknown(p evaluation.Pair) bool {
	_, known := g.pairs[p]
	return !known && g.group(p.A) == g.group(p.B)
}

// Found is what was found in a pile.
type Found struct {
	Pairs   []dedupe.Pair // those that are right or wrong, with relation and score if told
	Unknown int           // others: of two articles of the large family
	Tied    int           // those of Pairs that were found through others of the family

	ties map[string]string // by article of a group, another that it was found with
}

// ReadFound reads found pairs: CSV with columns a and b and maybe relation and score.
func (g *Gold) ReadFound(r io.Reader) (*Found, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("pairs: no header: %w", err)
	}
	head = slices.Clone(head)
	a, b := slices.Index(head, "a"), slices.Index(head, "b")
	relation, score := slices.Index(head, "relation"), slices.Index(head, "score")
	if a < 0 || b < 0 {
		return nil, fmt.Errorf("pairs: no columns a and b in %q", head)
	}
	f := &Found{ties: map[string]string{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			g.tie(f)
			return f, nil
		}
		if err != nil {
			return nil, fmt.Errorf("pairs: %w", err)
		}
		pair := evaluation.PairOf(row[a], row[b])
		if g.group(pair.A) == g.group(pair.B) {
			f.ties[root(f.ties, strings.Clone(pair.A))] = root(f.ties, strings.Clone(pair.B))
		}
		if g.unknown(pair) {
			f.Unknown++
			continue
		}
		p := dedupe.Pair{A: strings.Clone(pair.A), B: strings.Clone(pair.B)}
		if relation >= 0 {
			if p.Relation, err = verdict.ParseRelation(row[relation]); err != nil {
				return nil, fmt.Errorf("pairs: %w", err)
			}
		}
		if score >= 0 {
			if p.Score, err = strconv.ParseFloat(row[score], 64); err != nil {
				return nil, fmt.Errorf("pairs: %w", err)
			}
		}
		f.Pairs = append(f.Pairs, p)
	}
}

// tie adds the pairs of the large family that others tie.
func (g *Gold) tie(f *Found) {
	if f.Unknown == 0 {
		return
	}
	direct := make(map[evaluation.Pair]bool, len(f.Pairs))
	for i := range f.Pairs {
		direct[evaluation.PairOf(f.Pairs[i].A, f.Pairs[i].B)] = true
	}
	large := g.large()
	for pair, relation := range g.pairs {
		if !direct[pair] && large[g.group(pair.A)] && root(f.ties, pair.A) == root(f.ties, pair.B) {
			f.Pairs = append(f.Pairs, dedupe.Pair{A: pair.A, B: pair.B, Relation: relation, Score: 1})
			f.Tied++
		}
	}
}

// large are the groups of which not all pairs are named.
func (g *Gold) large() map[string]bool {
	pairs, members := map[string]int{}, map[string]int{}
	seen := map[string]bool{}
	for pair := range g.pairs {
		group := g.group(pair.A)
		pairs[group]++
		for _, id := range []string{pair.A, pair.B} {
			if !seen[id] {
				seen[id] = true
				members[group]++
			}
		}
	}
	large := map[string]bool{}
	for group, n := range members {
		large[group] = pairs[group] < n*(n-1)/2
	}
	return large
}

// ByRelation counts the found pairs of the relations against the gold, each right only as
// the relation that the gold names.
func (g *Gold) ByRelation(f *Found, relations []verdict.Relation) *evaluation.Result {
	return evaluation.Evaluate(&g.lines, slices.Values(f.Pairs), relations)
}

// Regardless counts the pairs that the gold calls one of the relations, and which of them
// were found, under whatever name. What it calls by another relation is neither right nor
// wrong.
func (g *Gold) Regardless(f *Found, relations []verdict.Relation) (c evaluation.Counts) {
	for _, relation := range g.pairs {
		if slices.Contains(relations, relation) {
			c.Gold++
		}
	}
	seen := make(map[evaluation.Pair]bool, len(f.Pairs))
	for i := range f.Pairs {
		pair := evaluation.PairOf(f.Pairs[i].A, f.Pairs[i].B)
		relation, known := g.pairs[pair]
		asked := slices.Contains(relations, relation)
		if seen[pair] || known && !asked {
			continue
		}
		seen[pair] = true
		c.Found++
		if asked {
			c.Correct++
		}
	}
	return c
}
