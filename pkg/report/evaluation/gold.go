package evaluation

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/calque-dev/calque/pkg/verdict"
)

// ErrGold is wrapped by every error about what a gold file says.
var ErrGold = errors.New("unusable gold line")

// Pair is two ids, the lesser in byte order first: pairs have no direction.
type Pair struct{ A, B string }

// PairOf orders two ids.
func PairOf(a, b string) Pair { return Pair{min(a, b), max(a, b)} }

// Gold is the pairs that ought to be found. The zero value is empty.
type Gold struct {
	lines map[Pair]line
}

// line is what the gold says of a pair.
type line struct {
	relation verdict.Relation // None: any that counts
	where    string           // for messages: "gold.tsv:14"
}

// maxLine is the longest line of a gold file, in bytes.
const maxLine = 1 << 20

// Read adds the lines of a gold file, of which name is the name in errors. A line is
// two ids, in either order, and maybe a relation, with tabs between them; blank lines
// and those that begin with "#" are passed over, as is a byte-order mark.
//
// A pair may stand in several lines or files as long as they do not name two
// relations; a line that names one counts more than a line that names none. What
// cannot be used ends the reading with an error that wraps ErrGold and names the line.
func (g *Gold) Read(r io.Reader, name string) error {
	if g.lines == nil {
		g.lines = map[Pair]line{}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	n := 0
	for lines.Scan() {
		n++
		text := lines.Text()
		if n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		where := fmt.Sprintf("%s:%d", name, n)
		if err := g.add(text, where); err != nil {
			return fmt.Errorf("%s: %w: %w", where, ErrGold, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	return nil
}

// add adds one line.
func (g *Gold) add(text, where string) error {
	columns := strings.Split(strings.TrimSuffix(text, "\r"), "\t")
	if len(columns) < 2 || len(columns) > 3 {
		return fmt.Errorf("want two ids and maybe a relation, separated by tabs; found %d column(s)", len(columns))
	}
	a, b := columns[0], columns[1]
	switch {
	case a == "" || b == "":
		return errors.New("empty id")
	case a == b:
		return fmt.Errorf("%q is paired with itself", a)
	}
	now := line{where: where}
	if len(columns) == 3 && columns[2] != "" {
		var err error
		if now.relation, err = verdict.ParseRelation(columns[2]); err != nil {
			return err
		}
	}
	pair := PairOf(a, b)
	before, met := g.lines[pair]
	switch {
	case !met || before.relation == verdict.None:
		g.lines[pair] = now
	case now.relation != verdict.None && now.relation != before.relation:
		return fmt.Errorf("the pair is %s here and %s in %s", now.relation, before.relation, before.where)
	}
	return nil
}

// Len is the number of pairs.
func (g *Gold) Len() int { return len(g.lines) }

// Names reports whether a line names the relation.
func (g *Gold) Names(relation verdict.Relation) bool {
	for _, l := range g.lines {
		if l.relation == relation {
			return true
		}
	}
	return false
}

// Missing lists the ids, sorted, that has does not have.
func (g *Gold) Missing(has func(id string) bool) []string {
	var ids []string
	for pair := range g.lines {
		for _, id := range []string{pair.A, pair.B} {
			if !has(id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// all yields the pairs with their relations, by A, then B.
func (g *Gold) all() iter.Seq2[Pair, verdict.Relation] {
	pairs := make([]Pair, 0, len(g.lines))
	for pair := range g.lines {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, comparePairs)
	return func(yield func(Pair, verdict.Relation) bool) {
		for _, pair := range pairs {
			if !yield(pair, g.lines[pair].relation) {
				return
			}
		}
	}
}

func comparePairs(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) }
