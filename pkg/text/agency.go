package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// agencies are the news agencies by the names under which they sign. The short ones
// must be written as they stand here: "pa" and "ap" are words.
var agencies = map[string]string{
	"AFP": "AFP", "Agence France-Presse": "AFP", "Agence France Presse": "AFP", "AGENCE FRANCE-PRESSE": "AFP",
	"Reuters": "Reuters", "REUTERS": "Reuters", "Thomson Reuters": "Reuters",
	"AP": "AP", "Associated Press": "AP", "The Associated Press": "AP", "ASSOCIATED PRESS": "AP",
	"dpa": "dpa", "DPA": "dpa", "dpa-AFX": "dpa", "dpa-International": "dpa",
	"EFE": "EFE", "Agencia EFE": "EFE", "Xinhua": "Xinhua", "XINHUA": "Xinhua", "Xinhuanet": "Xinhua", "Chine nouvelle": "Xinhua",
	"TASS": "TASS", "Tass": "TASS", "ITAR-TASS": "TASS", "Itar-Tass": "TASS",
	"PA": "PA", "PA Media": "PA", "Press Association": "PA", "Belga": "Belga", "BELGA": "Belga",
	"ATS": "ATS", "ats": "ATS", "Keystone-ATS": "ATS", "Keystone-SDA": "ATS",
	"Canadian Press": "Canadian Press", "The Canadian Press": "Canadian Press", "THE CANADIAN PRESS": "Canadian Press",
	"La Presse Canadienne": "Canadian Press", "La Presse canadienne": "Canadian Press", "Presse Canadienne": "Canadian Press", "PC": "Canadian Press",
	"Bloomberg": "Bloomberg", "Bloomberg News": "Bloomberg", "BLOOMBERG": "Bloomberg",
	"ANSA": "ANSA", "Ansa": "ANSA", "UPI": "UPI", "Kyodo": "Kyodo", "KYODO": "Kyodo", "AAP": "AAP", "PTI": "PTI", "Interfax": "Interfax",
	"Anadolu": "Anadolu", "Relaxnews": "AFP", "AFP-Relaxnews": "AFP",
}

// creditWords may stand beside the agencies in a line that is nothing but a credit.
var creditWords = wordSet("source sources avec with par by via from et and the agence agences agency agencies c © copyright l d'après selon")

// creditSeparators stand between the names of a credit.
var creditSeparators = strings.NewReplacer("/", " ", ",", " ", "(", " ", ")", " ", "|", " ", ";", " ", ":", " ", "&", " ", "+", " ", "©", " © ",
	"[", " ", "]", " ", "l’", " ", "l'", " ", "L’", " ", "L'", " ")

// maxCredit is the length in bytes up to which a line may be a mere credit.
const maxCredit = 80

// credit is the first agency of a line that only names agencies: "AFP", "Source:
// Reuters", "(avec AFP et Reuters)", "© 2020 AFP". It is "" for any other line.
func credit(line string) string {
	if len(line) > maxCredit || !mayNameAgency(line) {
		return ""
	}
	return creditIn(line)
}

// creditIn is credit for a line that may be one.
func creditIn(line string) string {
	words := strings.Fields(creditSeparators.Replace(line))
	first := ""
	for i := 0; i < len(words); {
		name, n := agencyAt(words[i:])
		switch {
		case n > 0:
			if first == "" {
				first = name
			}
			i += n
		case creditWords[strings.ToLower(words[i])] || isYear(words[i]) || !strings.ContainsFunc(words[i], isAlphanumeric):
			i++
		default:
			return ""
		}
	}
	return first
}

// mayNameAgency is a cheap look for the longest run of letters in an agency's name.
func mayNameAgency(line string) bool {
	for i := 0; i < len(line); {
		start := i
		for i < len(line) && class[line[i]&0x7f] == letter && line[i] < utf8.RuneSelf {
			i++
		}
		if i-start > 1 && (agencyMarks[line[start:i]] || line[i-1]|0x20 == 'l' && apostropheEnd(line, i, len(line)) > i) {
			return true // by its name, or perhaps before an article: "AFPl’agence"
		}
		if i == start {
			i++
		}
	}
	return false
}

// agencyMarks are the longest run of letters of each name, the first of equals.
var agencyMarks = func() map[string]bool {
	marks := map[string]bool{}
	for name := range agencies {
		longest := ""
		for w := range strings.FieldsFuncSeq(name, notInWord) {
			if len(w) > len(longest) {
				longest = w
			}
		}
		marks[longest] = true
	}
	return marks
}()

// agencyAt is the agency whose name begins the words, and how many of them it takes.
func agencyAt(words []string) (name string, n int) {
	for n := min(3, len(words)); n > 0; n-- {
		if name, ok := agencies[strings.TrimRight(strings.Join(words[:n], " "), ".")]; ok {
			return name, n
		}
	}
	return "", 0
}

func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") && allDigits(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
