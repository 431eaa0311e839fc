package generate

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// source is an outlet and its habits.
type source struct {
	name, host   string
	language     side
	above, below []string
	paragraph    int  // the most sentences in a paragraph
	straight     bool // quotation marks
	titled       bool // the text repeats the title
	agency       string
}

// newSources invents n outlets, a share of them French.
func newSources(n int, share float64, seed uint64) (all [2][]source) {
	taken := map[string]bool{}
	for i := range n {
		language := english
		if float64(int(float64(i+1)*share)) > float64(int(float64(i)*share)) {
			language = french
		}
		for try := uint64(0); ; try++ {
			s := newSource(mix(seed, uint64(i), try), language)
			if !taken[s.host] {
				taken[s.host] = true
				all[language] = append(all[language], s)
				break
			}
		}
	}
	for language := range all {
		if len(all[language]) < 2 { // a copy is from another source
			return newSources(n+2, 0.5, seed)
		}
	}
	return all
}

func newSource(seed uint64, language side) source {
	rng := draws(seed)
	home := newCast(seed)
	s := source{
		language:  language,
		name:      home.fill(pick(rng.Uint64(), outlets[language]), language, "", rng.Uint64()),
		paragraph: 1 + rng.IntN(4),
		straight:  rng.IntN(3) == 0,
		titled:    rng.IntN(3) == 0,
	}
	s.host = "www." + hostOf(s.name) + ".example"
	if rng.IntN(10) < 3 {
		s.agency = pick(rng.Uint64(), agencies)
	}
	if rng.IntN(4) == 0 {
		return s // nothing but the text
	}
	lines := func(most int, all []string) (chosen []string) {
		for _, i := range rng.Perm(len(all))[:rng.IntN(most+1)] {
			chosen = append(chosen, home.fill(all[i], language, s.name, rng.Uint64()))
		}
		return chosen
	}
	s.above, s.below = lines(3, above[language]), lines(5, below[language])
	return s
}

// hostOf is a name in letters without accents.
func hostOf(name string) string {
	var host strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r < 0x80 && unicode.IsLetter(r):
			host.WriteRune(r)
		case r == ' ' || r == '-' || r == '\'':
			host.WriteByte('-')
		}
	}
	return host.String()
}

// fill sets names and numbers into a line.
func (c *cast) fill(line string, language side, outlet string, h uint64) string {
	return string(c.appendFilled(nil, line, language, outlet, h))
}

// appendFilled appends a line with the cast's names in it, and numbers drawn from h.
func (c *cast) appendFilled(dst []byte, line string, language side, outlet string, h uint64) []byte {
	who := &c.people[h%uint64(len(c.people))]
	return c.appendAbout(dst, line, language, who, outlet, h)
}

func (c *cast) appendAbout(dst []byte, line string, language side, who *person, outlet string, h uint64) []byte {
	for {
		before, rest, ok := strings.Cut(line, "{")
		dst = append(dst, before...)
		if !ok {
			return dst
		}
		name, after, _ := strings.Cut(rest, "}")
		switch name {
		case "person":
			dst = append(append(append(dst, who.first...), ' '), who.last...)
		case "last":
			dst = append(dst, who.last...)
		case "role":
			dst = c.appendAbout(dst, roles[who.role][language], language, who, outlet, h)
		case "firm":
			dst = append(dst, c.firm...)
		case "town":
			dst = append(dst, c.town...)
		case "source":
			dst = append(dst, outlet...)
		case "n":
			h = mix(h)
			dst = strconv.AppendUint(dst, 2+h%58, 10)
		}
		line = after
	}
}
