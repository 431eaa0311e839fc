package generate

import (
	"strconv"
	"strings"
	"time"
)

// maxClosing is the length in bytes of the sentence that the notices of a family share,
// at most: it must not make up an excerpt of them.
const maxClosing = 140

// notice fills the template of the family that the entry is of. Every name and number is
// drawn anew.
func (w *writer) notice(published time.Time) {
	language := w.entry.language
	family := draws(w.plan.Seed, 41, uint64(w.entry.base))
	kind := notices[family.IntN(len(notices))]
	lines := append([]bilingual{kind[0]}, kind[1:]...)
	family.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
	lines = lines[:4+family.IntN(len(lines)-3)]
	for _, line := range lines {
		w.buf = w.appendNotice(w.buf[:0], line[language], published)
		w.sentences = append(w.sentences, string(w.buf))
	}
	for range 20 { // what all notices of the family end with
		i := w.plan.spare(family.Uint64())
		if w.plan.corpus.size(i) <= maxClosing {
			w.sentences = append(w.sentences, w.plan.corpus.sentences[language][i])
			break
		}
	}
}

// appendNotice appends a line with other names and numbers in each of its gaps.
func (w *writer) appendNotice(dst []byte, line string, published time.Time) []byte {
	language := w.entry.language
	for {
		before, rest, ok := strings.Cut(line, "{")
		dst = append(dst, before...)
		if !ok {
			return dst
		}
		var name string
		name, line, _ = strings.Cut(rest, "}")
		h := w.rng.Uint64()
		switch name {
		case "town":
			dst = append(dst, town(h)...)
		case "firm":
			dst = append(dst, firm(h)...)
		case "person":
			dst = append(append(append(dst, pick(h>>32, firstNames)...), ' '), surname(h)...)
		case "n":
			dst = strconv.AppendUint(dst, 2+h%97, 10)
		case "m":
			dst = appendGrouped(dst, 1000*(1+h%9999), [2]string{",", "\u00a0"}[language])
		case "ref":
			dst = append(dst, byte('A'+h%26), '-')
			dst = strconv.AppendUint(dst, 1000+h>>8%99_000, 10)
		case "date":
			dst = appendDate(dst, published.AddDate(0, 0, 1+int(h%60)), language)
		case "time":
			dst = strconv.AppendUint(dst, 5+h%18, 10)
			dst = append(dst, [2]string{":", " h "}[language]...)
			dst = append(dst, pick(h>>8, []string{"00", "15", "30", "45"})...)
		}
	}
}

// appendGrouped appends a number of thousands or millions with a mark between the groups.
func appendGrouped(dst []byte, n uint64, mark string) []byte {
	if n >= 1000 {
		dst = append(appendGrouped(dst, n/1000, mark), mark...)
		return append(dst, byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
	}
	return strconv.AppendUint(dst, n, 10)
}

// appendDate appends a day and month as the language writes them.
func appendDate(dst []byte, t time.Time, language side) []byte {
	month := months[language][t.Month()-1]
	if language == english {
		return strconv.AppendInt(append(append(dst, month...), ' '), int64(t.Day()), 10)
	}
	return append(append(strconv.AppendInt(dst, int64(t.Day()), 10), ' '), month...)
}
