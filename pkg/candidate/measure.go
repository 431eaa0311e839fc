package candidate

import "math/bits"

// measure is what the scores of an article are measured by: what it scores with itself, above
// the eight bits of its language.
type measure uint32

const mostOwn = 1<<24 - 1

func newMeasure(own uint32, language uint8) measure {
	return measure(min(own, mostOwn)<<8 | uint32(language))
}

func (m measure) own() uint32     { return uint32(m) >> 8 }
func (m measure) language() uint8 { return uint8(m) }

// grade is a measure in a byte, so that those of a million articles are near the processor:
// its language, or otherLanguage, above six bits that tell within a half how great it is.
type grade uint8

const (
	otherLanguage = 3
	levelBits     = 6
)

func (m measure) grade() grade {
	own := m.own()
	level := 2 * bits.Len32(own)
	if level >= 4 {
		level += int(own>>(level/2-2)) & 1
	}
	return grade(min(m.language(), otherLanguage)<<levelBits | uint8(level))
}

func (g grade) language() uint8 { return uint8(g >> levelBits) }

// least is the least that an article with the grade scores with itself.
func (g grade) least() uint32 {
	level := int(g) & (1<<levelBits - 1)
	if level < 4 {
		return uint32(level / 2)
	}
	return uint32(2+level&1) << (level/2 - 2)
}

// needs is, by grade, with which score an article of it may be worth a look at all, and with
// which it may be strong.
type needs struct{ some, strong [1 << 8]uint32 }

// of sets what articles need for one with the measure mine.
func (n *needs) of(mine measure) {
	own := mine.grade().language()
	for g := range n.some {
		g := grade(g)
		least := min(mine.own(), g.least())
		part := uint32(64)
		if g.language() == own && own != otherLanguage {
			part = 32
		}
		n.some[g], n.strong[g] = (least+part-1)/part, (3*least+19)/20
	}
}
