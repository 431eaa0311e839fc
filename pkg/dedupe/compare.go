package dedupe

import (
	"slices"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Comparison explains how two articles are tied.
type Comparison struct {
	// Relation is verdict.None when nothing ties them; Score is then the probability that
	// one is a copy of the other, 0 where a rule forbids it.
	Pair
	Features    verdict.Features     // what the verdict rests on
	Explanation *verdict.Explanation // how; nil for verdict.Exact, which no model decides
	Conflicts   []Conflict           // in order of A
	Agreements  []Agreement          // in order of A
	Attributes  [2]text.Attributes   // of A and of B
	Swapped     bool                 // the pair's A is Compare's second article
}

// Conflict is what the two sides of a passage disagree on: the numbers, or the names, to
// which nothing on the other side corresponds. Neither side is empty.
type Conflict struct {
	Kind shingle.MarkKind
	A, B []Mention // in order of the text
}

// Agreement is what the two sides of a passage have both: numbers, or names. One side is
// empty where the counterpart is written as a plain word.
type Agreement struct {
	Kind shingle.MarkKind
	A, B []Mention // in order of the text
}

// Mention is a number or a name as an article has it. Neighbouring names are one:
// "Buenos Aires".
type Mention struct {
	Span article.Span
	Text string
}

// Compare judges one pair. Passages are always filled in. Furniture is what the rules
// find: that a line recurs in its source shows in a pile only, to Scan. Nor does it know
// the other candidates of the two articles, against which Scan weighs a pair.
func (d *Detector) Compare(a, b article.Article) Comparison {
	v := d.NewVerifier()
	swapped := b.ID < a.ID
	if swapped {
		a, b = b, a
	}
	sa, sb := v.Analyse(&a), v.Analyse(&b)
	j := v.judge(sa, sb, true)
	c := Comparison{Features: j.Features, Swapped: swapped}
	if j.Relation != verdict.Exact {
		c.Explanation = v.explain(sa, sb, &j)
		c.Conflicts, c.Agreements = v.marks(&a, &b, sa, sb, j.Alignment)
	}
	if !j.Holds {
		j.Verdict = verdict.Verdict{}
		if against := c.Explanation.Against; !slices.Contains(against, verdict.TooShort) && !slices.Contains(against, verdict.NoPassage) {
			j.Score = c.Explanation.Copy.Probability
		}
	}
	c.Pair = newPair(&a, &b, sa, sb, &j, true)
	c.Attributes = [2]text.Attributes{text.AttributesOf(&a), text.AttributesOf(&b)}
	return c
}

// explain adds to the model's explanation what only the articles show.
func (v *Verifier) explain(a, b *shingle.Article, j *Judgement) *verdict.Explanation {
	e := v.model.Explain(&j.Features)
	if !e.Copy.Holds && a.Language != b.Language && !(hasLexicon(a.Language) && hasLexicon(b.Language)) {
		e.Against = append(e.Against, verdict.NoLexicon)
	}
	return &e
}

// hasLexicon reports whether the words of a language are translated.
func hasLexicon(l article.Language) bool { return l == article.English || l == article.French }

// marks finds in the texts what the passages disagree on, and what they agree on.
func (v *Verifier) marks(a, b *article.Article, sa, sb *shingle.Article, x *align.Alignment) ([]Conflict, []Agreement) {
	differ, agree := verdict.Conflicts(sa, sb, x), verdict.Agreements(sa, sb, x)
	if len(differ)+len(agree) == 0 {
		return nil, nil
	}
	inA := v.builder.Places(a, sa.Language, v.furniture.Of(a)...)
	inB := v.builder.Places(b, sb.Language, v.furniture.Of(b)...)
	var conflicts []Conflict
	for _, c := range differ {
		conflicts = append(conflicts, Conflict{c.Kind, mentions(a.Text, c.A, inA), mentions(b.Text, c.B, inB)})
	}
	var agreements []Agreement
	for _, c := range agree {
		agreements = append(agreements, Agreement{c.Kind, mentions(a.Text, c.A, inA), mentions(b.Text, c.B, inB)})
	}
	return conflicts, agreements
}

// mentions are the marks where they stand first in their shingles.
func mentions(text string, marks []shingle.Mark, places []shingle.Place) []Mention {
	var spans []article.Span
	for _, m := range marks {
		if i, ok := slices.BinarySearchFunc(places, m, shingle.Place.Compare); ok {
			spans = append(spans, places[i].Span)
		}
	}
	slices.SortFunc(spans, article.Span.Compare)
	var out []Mention
	for i := 0; i < len(spans); {
		whole := spans[i]
		for i++; i < len(spans) && marks[0].Kind == shingle.NameMark && linked(text, whole, spans[i]); i++ {
			whole.End = spans[i].End
		}
		out = append(out, Mention{whole, whole.Of(text)})
	}
	return out
}

// linked reports whether only a space or a hyphen parts two words.
func linked(text string, a, b article.Span) bool {
	if b.Start < a.End {
		return false
	}
	gap := text[a.End:b.Start]
	return gap == " " || gap == "\u00a0" || gap == "-"
}
