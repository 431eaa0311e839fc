package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
)

// publishedPhrases begin the lines that tell when an article appeared.
var publishedPhrases = []string{
	"published", "first published", "posted", "updated", "last updated", "last modified", "modified", "date published",
	"publié", "publiée", "paru le", "mis à jour", "mise à jour", "dernière mise à jour", "modifié", "mis en ligne", "posté le", "créé le", "date de publication",
}

// dateWords are the words of dates, times and of such lines. What else stands in a line
// makes it a sentence.
var dateWords = wordSet("january february march april may june july august september october november december " +
	"jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun " +
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre janv févr fév avr juil déc " +
	"lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim er st nd rd th " +
	"at on the le la à a the of de h hr hrs hour hours heure heures min mins minute minutes mn am pm p m s ago il y day days jour jours " +
	"gmt utc bst est edt cst pst pdt et cet cest utc z t today aujourd hui hier yesterday date ist aest is " +
	"published first posted updated update last modified publié publiée paru mis mise dernière modifié en ligne posté créé publication")

// isPublished reports whether the line tells when the article appeared, and maybe by
// whom: "Published: 3 March 2020 10:12", "Publié par Jean Dupont le 3 mars 2020".
func isPublished(line string) bool {
	if len(line) > maxByline || !strings.ContainsAny(line, "0123456789") {
		return false
	}
	lower := plainLine(line)
	return hasPrefix(lower, publishedPhrases) && tellsTime(lower) && isDate(withoutAuthor(line))
}

// tellsTime reports whether a line in lower case has a month, a time such as 10:12 or
// 10h, a date such as 3/3/2020, or how long ago it was.
func tellsTime(lower string) bool {
	if strings.Contains(lower, " ago") || strings.Contains(lower, "il y a ") {
		return true
	}
	for w := range strings.FieldsFuncSeq(lower, notInWord) {
		if months[w] {
			return true
		}
	}
	parts := 0
	for i := 1; i < len(lower); i++ {
		if class[lower[i-1]&0x7f] != digit || lower[i-1] >= utf8.RuneSelf {
			continue
		}
		switch lower[i] {
		case ':', 'h':
			return true
		case '/', '-', '.':
			parts++
		}
	}
	return parts >= 2
}

var months = wordSet("january february march april may june july august september october november december " +
	"jan feb mar apr jun jul aug sept sep oct nov dec janvier février mars avril mai juin juillet août septembre octobre novembre décembre " +
	"janv févr fév avr juil déc")

// withoutAuthor drops "by Jane Doe", with any words in capitals, from a line.
func withoutAuthor(line string) string {
	fields := strings.Fields(line)
	for i, w := range fields {
		if w != "by" && w != "par" {
			continue
		}
		end := i + 1
		for end < len(fields) && isNameWord(strings.TrimRight(fields[end], ",")) {
			end++
		}
		return strings.Join(append(fields[:i:i], fields[end:]...), " ")
	}
	return line
}

// isDate reports whether all words are of dates.
func isDate(s string) bool {
	for w := range strings.FieldsFuncSeq(plainText(s), notInWord) {
		if !dateWords[w] {
			return false
		}
	}
	return true
}

// maxDateline is the length of a dateline in bytes.
const maxDateline = 90

// findDateline looks for the dateline that begins the line, or is all of it. First says
// that no prose came before: only then it may be a line of its own.
func (x *stated) findDateline(text string, span article.Span, first bool) {
	line := span.Of(text)
	end, agency := dateline(line, text[span.End:])
	if end == 0 || end == len(line) && !first {
		return
	}
	if end == len(line) {
		x.lines = append(x.lines, span)
	}
	x.Dateline, x.Agency = strings.TrimSpace(line[:end]), either(agency, x.Agency)
}

// dateline is the end of the dateline with which the line begins, 0 for none, and the
// agency in it. These count:
//
//	(AFP) – …                        an agency in brackets
//	PARIS, le 3 mars (AFP) – …       a place, maybe a date, and an agency; a dash unless in capitals
//	LONDON, March 3 — The …          a place in capitals and a dash
//	Genève, le 3 mars 2020           a place and a date, À Genève: on a line of its own
//
// A word in capitals that the rest of the text has again is no place but an acronym:
// text in capitals writes its places once.
func dateline(line, rest string) (end int, agency string) {
	head := line[:min(len(line), maxDateline)]
	if open := strings.IndexByte(head, '('); open >= 0 {
		if end, agency = agencyDateline(line, head, open); end > 0 {
			return end, agency
		}
	}
	if len(line) <= maxDateline && strings.TrimSpace(rest) != "" && isPlaceLine(line) {
		return len(line), ""
	}
	dash, after := dashIn(head)
	if dash <= 0 || after == len(line) {
		return 0, ""
	}
	place, more, _ := strings.Cut(strings.TrimSpace(line[:dash]), ",")
	r, _ := utf8.DecodeRuneInString(line[after:])
	next, _, _ := strings.Cut(line[after:], " ")
	if !isProse(line) || inCapitals(next) || !inCapitals(place) || !mayBePlace(place) || !isPlaceOrDate(more) || !unicode.IsUpper(r) && !strings.ContainsRune("“\"«'‘", r) {
		return 0, ""
	}
	if strings.Contains(line[after:], place) || strings.Contains(rest, place) {
		return 0, ""
	}
	if again, _ := dashIn(line[after:]); again > 0 && again < 3*maxDateline { // an aside between dashes
		return 0, ""
	}
	return after, ""
}

// agencyDateline reads the forms that have an agency in brackets at open.
func agencyDateline(line, head string, open int) (end int, agency string) {
	length := strings.IndexByte(head[open:], ')')
	if length < 0 {
		return 0, ""
	}
	if agency = credit(head[open : open+length+1]); agency == "" {
		return 0, ""
	}
	end = open + length + 1
	place, more, _ := strings.Cut(strings.TrimSpace(line[:open]), ",")
	if open > 0 && !(isPlace(place) && isPlaceOrDate(more)) {
		return 0, ""
	}
	rest := strings.TrimLeft(line[end:], " \u00a0\u202f")
	for _, dash := range []string{"--", "-", "–", "—", "_", ":"} {
		if after, ok := strings.CutPrefix(rest, dash); ok {
			return len(line) - len(strings.TrimLeft(after, " \u00a0\u202f")), agency
		}
	}
	if rest == "" || open == 0 || inCapitals(place) {
		return len(line) - len(rest), agency
	}
	return 0, ""
}

// dashIn finds the first dash between words, and where the text goes on.
func dashIn(s string) (dash, after int) {
	dash = -1
	for _, mark := range []string{" - ", " -- ", "—", " – ", "– "} {
		if i := strings.Index(s, mark); i >= 0 && (dash < 0 || i < dash) {
			dash, after = i, i+len(mark)
		}
	}
	for after < len(s) && s[after] == ' ' {
		after++
	}
	return dash, after
}

// kickers stand in capitals before a dash and are no places.
var kickers = wordSet("analysis analyse opinion exclusive exclusif breaking update urgent alert alerte watch video vidéo reportage portrait interview entretien " +
	"enquête explainer factbox correction live direct document dossier récit review critique profile timeline chronologie infographie " +
	"at a an in on to for with not or but by as more your its our how why what dans pour avec pas ou un une qui que")

// mayBePlace reports whether none of the words speaks against a place.
func mayBePlace(words string) bool {
	for w := range strings.FieldsSeq(words) {
		if kickers[strings.ToLower(w)] {
			return false
		}
	}
	return isPlace(words)
}

// inCapitals reports whether the words are written in capitals, four letters at least.
func inCapitals(words string) bool {
	letters := 0
	for _, r := range words {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 4
}

// isPlace reports whether the words may name a place: up to five, the first with a
// capital, and so the others, particles apart.
func isPlace(words string) bool {
	fields := strings.Fields(words)
	for i, w := range fields {
		if !isNameWord(w) && (i == 0 || !particles[strings.ToLower(w)] && !placeWords[strings.ToLower(w)]) {
			return false
		}
	}
	return len(fields) > 0 && len(fields) <= 5
}

var placeWords = wordSet("sur sous en les lès aux saint sainte the upon and et")

// isPlaceOrDate reports whether what follows a place is a wider place, a date or both.
func isPlaceOrDate(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" && !isPlace(part) && !isDate(part) {
			return false
		}
	}
	return true
}

// isPlaceLine reports whether a line is "À Genève" or "Genève, le 3 mars 2020".
func isPlaceLine(line string) bool {
	if place, ok := strings.CutPrefix(line, "À "); ok {
		return isPlace(place)
	}
	place, date, ok := strings.Cut(line, ",")
	if !ok || !isPlace(place) || isDate(place) || endsSentence(line) || !isDate(date) {
		return false
	}
	numbers := strings.FieldsFunc(date, func(r rune) bool { return r < '0' || r > '9' })
	return len(numbers) >= 2 && tellsTime(strings.ToLower(date))
}
