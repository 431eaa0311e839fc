package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bylineWords begin a byline that must go on with names and nothing else.
var bylineWords = []string{"by", "par", "from", "de"}

// bylinePhrases begin a byline whatever follows, as long as it is short.
var bylinePhrases = []string{
	"written by", "story by", "report by", "reporting by", "additional reporting by", "edited by", "editing by", "interview by", "compiled by",
	"translated by", "writing by", "by our correspondent", "from our correspondent", "by our own correspondent", "from our own correspondent",
	"by staff reporter", "by staff writer", "by a staff reporter", "by our reporter",
	"propos recueillis par", "recueilli par", "recueillis par", "propos traduits par", "traduit par", "traduit de l'anglais par",
	"écrit par", "rédigé par", "édité par", "un article de", "reportage de", "texte de", "version française",
	"de notre correspondant", "de notre correspondante", "de notre envoyé spécial", "de notre envoyée spéciale",
	"de nos correspondants", "de nos envoyés spéciaux", "par notre correspondant", "par notre correspondante",
	"par notre envoyé spécial", "par notre envoyée spéciale",
}

// maxByline is the length of a byline in bytes. A line in brackets, as agencies put
// them at the foot, names many people.
const maxByline = 110

// byline reports whether the line names its authors and nothing else, and the agency
// for which they write, if it is told.
func byline(line string) (agency string, ok bool) {
	inBrackets := strings.HasPrefix(line, "(") && strings.HasSuffix(line, ")")
	if inBrackets {
		line = line[1 : len(line)-1]
	}
	line = strings.TrimSpace(strings.TrimSuffix(line, ";"))
	if !inBrackets && (len(line) > maxByline || endsSentence(line)) {
		return "", false
	}
	lower := plainLine(line)
	if hasPrefix(lower, bylinePhrases) {
		return agencyOfPeople(line), true
	}
	if inBrackets {
		return "", strings.Contains(lower, "édité par ") || strings.Contains(lower, "edited by ") || strings.Contains(lower, "editing by ")
	}
	first, rest, _ := strings.Cut(line, " ")
	if hasPrefix(strings.ToLower(first), bylineWords[:2]) {
		rest = strings.TrimLeft(strings.TrimPrefix(rest, ":"), " ")
		return agencyOfPeople(rest), arePeople(rest, true)
	}
	if strings.Contains(line, "/") { // "Jane Doe / AFP" took the picture
		return "", false
	}
	agency = agencyOfPeople(line)
	return agency, agency != "" && arePeople(line, false)
}

// people separate the names of a byline.
var people = strings.NewReplacer(" and ", ",", " et ", ",", " & ", ",", " AND ", ",", " ET ", ",", " | ", ",", "/", ",", ";", ",",
	" with ", ",", " avec ", ",", " (", ",", ")", "", " - ", ",", " – ", ",", " — ", ",", " for ", ",", " pour ", ",")

// agencyOfPeople is the first agency among the names.
func agencyOfPeople(line string) string {
	if !mayNameAgency(line) && !strings.Contains(line, ")") { // what it parts is joined below
		return ""
	}
	for part := range strings.SplitSeq(people.Replace(line), ",") {
		if agency := credit(strings.TrimSpace(part)); agency != "" {
			return agency
		}
	}
	return ""
}

// arePeople reports whether the line is a row of names and outlets of which the first
// is a person's. Marked says that a word before it announced an author: then an agency
// may stand alone. Else one must stand at the end.
func arePeople(line string, marked bool) bool {
	parts := strings.Split(people.Replace(line), ",")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		switch {
		case credit(part) != "":
			if i == 0 && !marked {
				return false
			}
		case i == 0 || marked && i < len(parts)-1:
			if !isPerson(part) && (i > 0 || !marked) && !isOutlet(part) || i == 0 && marked && !isPerson(part) {
				return false
			}
		case !isOutlet(part):
			return false
		}
	}
	return marked || credit(strings.TrimSpace(parts[len(parts)-1])) != "" || strings.HasSuffix(line, ")")
}

// particles stand in names without a capital.
var particles = wordSet("de du des la le van von der den di da dos del al bin ben ibn el y d of")

// noNames are words that headings in capitals begin or join, not names.
var noNames = wordSet("the a an our his her its their in on at to for with not no all and or but by of as more most " +
	"le les un une notre nos sa son ses leur dans sur pour avec pas plus tout tous ou mais où")

// isPerson reports whether the words may be a name in full: two to five, with
// capitals, particles apart, and maybe a place after them: "Jane Doe in Paris".
func isPerson(words string) bool {
	name := words
	for _, in := range []string{" in ", " à ", " en ", " au "} {
		if before, place, ok := strings.Cut(words, in); ok && isOutlet(place) {
			name = before
		}
	}
	fields := strings.Fields(name)
	capitals := 0
	for i, w := range fields {
		lower := strings.ToLower(w)
		switch {
		case noNames[lower] && !(particles[lower] && i > 0):
			return false
		case isNameWord(w):
			capitals++
		case !particles[lower] || i == len(fields)-1:
			return false
		}
	}
	return capitals >= 2 && len(fields) <= 5
}

// isOutlet reports whether the words may name a newspaper, a desk or a place: one to
// five with capitals, but for particles.
func isOutlet(words string) bool {
	fields := strings.Fields(words)
	for i, w := range fields {
		if !isNameWord(w) && (i == 0 || !particles[strings.ToLower(w)]) {
			return false
		}
	}
	return len(fields) > 0 && len(fields) <= 5
}

// isNameWord reports whether w begins with a capital and holds letters, hyphens, points
// and apostrophes only.
func isNameWord(w string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(strings.TrimPrefix(w, "d'"), "d’"))
	if !unicode.IsUpper(r) {
		return false
	}
	for _, r := range w {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("-.'’", r) {
			return false
		}
	}
	return true
}
