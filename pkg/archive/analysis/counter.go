package analysis

import (
	"github.com/calque-dev/calque/pkg/text"
)

// Counter counts the terms of texts that somebody else has cut into sentences already. The
// zero value works. It serves one goroutine.
type Counter struct{ readers map[*text.Scanner]*reader }

// Count is the function Count, of a text in the language of the scanner whose sentences
// these are: all that Scanner.Sentences gave for an article with this text whose Body is
// the whole text.
func (c *Counter) Count(scanner *text.Scanner, s string, sentences []text.Sentence, yield func(term string, times int)) (all int) {
	r := c.readers[scanner]
	if r == nil {
		if c.readers == nil {
			c.readers = map[*text.Scanner]*reader{}
		}
		r = newReader(scanner)
		c.readers[scanner] = r
	}
	return r.count(s, sentences, yield)
}
