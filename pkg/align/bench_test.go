package align

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
)

// longText is about a megabyte of sentences that the seed draws.
func longText(seed uint64, sentence func(r *rand.Rand) string) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var text strings.Builder
	for text.Len() < 1<<20 {
		text.WriteString(sentence(r))
		text.WriteByte('\n')
	}
	return text.String()
}

// proseLine is a sentence of twenty words from a long-tailed stock.
func proseLine(r *rand.Rand) string {
	words := make([]string, 20)
	for i := range words {
		words[i] = fmt.Sprintf("w%cx", 'a'+rune(r.IntN(26))) + fmt.Sprintf("%cq%c", 'a'+rune(r.IntN(26)), 'a'+rune(min(25, int(r.ExpFloat64()*6))))
	}
	return "It " + strings.Join(words, " ") + "."
}

// templateLine is one notice with another name and other numbers: every line is like
// every other, the worst case for seeds.
func templateLine(r *rand.Rand) string {
	names := [...]string{"Acme", "Borel", "Crown", "Delta", "Ember", "Fauve", "Grant", "Hydra"}
	return fmt.Sprintf("Shares of %s rose %d percent to %d euros on the Paris stock exchange on Tuesday.",
		names[r.IntN(len(names))], 1+r.IntN(9), 10+r.IntN(90))
}

func BenchmarkAlignLong(b *testing.B) {
	l, err := lexicon.Default()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		line        func(r *rand.Rand) string
		seedA, seed uint64
	}{
		{"copy", proseLine, 1, 1},
		{"nothing in common", proseLine, 1, 2},
		{"template", templateLine, 1, 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			builder := shingle.NewBuilder(l)
			x := builder.Build(&article.Article{Text: longText(c.seedA, c.line)}, article.English)
			y := builder.Build(&article.Article{Text: longText(c.seed, c.line)}, article.English)
			b.ReportAllocs()
			beads := 0
			for b.Loop() {
				beads = len(new(Aligner).Align(x, y).Beads) // new: its buffers count
			}
			b.ReportMetric(float64(beads), "beads")
		})
	}
}
