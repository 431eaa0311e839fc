package generate

import "iter"

// cut yields the stretches of all lines, round by round, with their length in bytes.
func (p *plan) cut() (next func() (stretch, int, bool), stop func()) {
	return iter.Pull2(func(yield func(stretch, int) bool) {
		n := 0
		for round := range p.plane.rounds() {
			for l := range p.plane.lines() {
				line := p.plane.line(round, l)
				for from := 0; from < p.plane.size; n++ {
					language := english
					if unit(mix(p.Seed, 13, uint64(n))) < p.French {
						language = french
					}
					s, length, ok := p.cutOne(stretch{line: int32(line), from: uint16(from), round: uint16(round), language: language}, p.target(n))
					from = int(s.to)
					if ok && !yield(s, length) {
						return
					}
				}
			}
		}
	})
}

// cutOne ends a stretch where its text has the length wanted, where its line ends, or in
// round 0 where a document ends; ok is false if what there is makes no article.
func (p *plan) cutOne(s stretch, target int) (_ stretch, length int, ok bool) {
	s.limit = uint16(min(maxSentence, target/(maxSentenceShare+1)))
	var lengths, longest [2]int
	to := int(s.from)
	for ; to < p.plane.size && lengths[s.language] < target; to++ {
		i := p.plane.sentence(int(s.round), int(s.line), to)
		if s.round == 0 && p.corpus.begins(i) && lengths[s.language] >= minBase {
			break
		}
		if p.corpus.size(i) > int(s.limit) {
			continue
		}
		for side := range lengths {
			n := len(p.corpus.sentences[side][i])
			lengths[side] += n
			longest[side] = max(longest[side], n)
		}
	}
	s.to = uint16(to)
	for side := range lengths {
		if longest[side]*maxSentenceShare > lengths[side] {
			return s, 0, false
		}
	}
	return s, lengths[s.language], lengths[s.language] >= minBase
}

// size is the length in bytes of the longer side of pair i.
func (c *Corpus) size(i int) int {
	return max(len(c.sentences[english][i]), len(c.sentences[french][i]))
}

// appendSentences appends the numbers of the sentences of a stretch.
func (p *plan) appendSentences(dst []int, s stretch) []int {
	for place := int(s.from); place < int(s.to); place++ {
		if i := p.plane.sentence(int(s.round), int(s.line), place); p.corpus.size(i) <= int(s.limit) {
			dst = append(dst, i)
		}
	}
	return dst
}
