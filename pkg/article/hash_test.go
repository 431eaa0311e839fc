package article

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNormalTextIsLowerCaseWordsWithOneSpaceBetween(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		" \n\t":                             "",
		"?!… — «»":                          "",
		"The ferry sank.":                   "the ferry sank",
		"  The\nFERRY,\u00a0sank… ":         "the ferry sank",
		"« L’État », dit-elle.":             "l état dit elle",
		"L'État dit-elle":                   "l état dit elle",
		"“It’s over,” he said":              "it s over he said",
		"3.5 and 3,5":                       "3.5 and 3,5",
		"35":                                "35",
		"3. 5":                              "3 5",
		"In 2019, 4 left. 5 stayed.":        "in 2019 4 left 5 stayed",
		"1,234.50":                          "1,234.50",
		"1.-2":                              "1 -2",
		"-4 °C":                             "-4 c",
		"−4 °C":                             "−4 c",
		"4 °C":                              "4 c",
		"+2":                                "+2",
		"2019-20":                           "2019 20",
		"pages 3–5":                         "pages 3 5",
		"$5 €6 £7":                          "$5 €6 £7",
		"US$5":                              "us 5",
		"5$ 6€":                             "5 6",
		"50%":                               "50",
		"ÇA ÉTAIT ŒUVRE":                    "ça était œuvre",
		"cafe\u0301":                        "cafe\u0301",
		"bad\xffbytes\xe2\x80":              "bad bytes",
		"Αθήνα Москва 東京 ١٢":                "αθήνα москва 東京 ١٢",
		"visit https://example.org/a?b=1.2": "visit https example org a b 1.2",
	} {
		if got := Normalise(text); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestAppendNormalKeepsWhatStandsBefore(t *testing.T) {
	for _, before := range []string{"", "kept ", "kept"} {
		if got := string(AppendNormal([]byte(before), " .New Text")); got != before+"new text" {
			t.Errorf("after %q: %q", before, got)
		}
	}
}

// fragments join to texts with all that normalising looks at.
func fragments() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"port", "Été", "12", "3.5", "1,000", ".", ",", "-", "+", "$", "€", "£", "−", " ", "\n", "\u00a0", "\u202f",
			"’", "'", "«", "»", "“", "”", "\"", "%", "\u0301", "İ", "ǅ", "Ω", "\xff", "\xe2\x80", "٣",
		}),
		rapid.StringN(0, 3, -1),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(s []string) string { return strings.Join(s, "") })
}

func TestNormalisingANormalTextChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Normalise(fragments().Draw(t, "text"))
		if twice := Normalise(once); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}

func TestEveryRuneNormalisesToItsNormalForm(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := Normalise(string(r))
		if twice := Normalise(once); twice != once {
			t.Fatalf("%U: %q became %q", r, once, twice)
		}
	}
}

func FuzzNormalisingANormalTextChangesNothing(f *testing.F) {
	f.Add("L’État a payé 3,5 millions d’€ (−2 %).")
	f.Add("\xff$-1.2.3,\u0301")
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalise(text)
		if twice := Normalise(once); twice != once {
			t.Fatalf("%q became %q, then %q", text, once, twice)
		}
	})
}

func TestLayoutCaseQuotesAndPunctuationDoNotCount(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"le", "navire", "coulé", "ships", "3.5", "2019", "£40", "œuvre"}), 1, 10)
	between := rapid.SampledFrom([]string{" ", "\n", "\u00a0", " « ", " » ", ", ", ". ", " – ", " “", "” ", "…\r\n", " ; ", "’ "})
	rapid.Check(t, func(t *rapid.T) {
		var plain, dressed strings.Builder
		for _, w := range words.Draw(t, "words") {
			plain.WriteString(w + " ")
			if rapid.Bool().Draw(t, "upper") {
				w = strings.ToUpper(w)
			}
			dressed.WriteString(w + between.Draw(t, "between"))
		}
		a, b := Article{Text: plain.String()}, Article{Text: dressed.String()}
		if a.Hash() != b.Hash() {
			t.Fatalf("%q and %q hash differently", a.Text, b.Text)
		}
	})
}

func TestWordsAndDigitsCount(t *testing.T) {
	texts := []string{
		"", "Rates rose 3.5 points.", "Rates rose 35 points.", "Rates rose 3,5 points.", "Rates rose -35 points.",
		"Rates rose 3 5 points.", "Rates fell 35 points.", "Rates rose 35 points today.", "Rates rose $35 points.",
		"Raté rose 35 points.", "Rates rose €35 points.",
	}
	seen := map[Hash]string{}
	for _, text := range texts {
		h := (&Article{Text: text}).Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[h] = text
	}
}

func TestHashLeavesTheHeadlineOut(t *testing.T) {
	with := Article{Title: "Port reopens", Text: "Port reopens\nShips came back."}
	without := Article{ID: "2", Title: "Trade resumes", Text: "Ships came back", Source: "wire"}
	if with.Hash() != without.Hash() {
		t.Error("the same body under two headlines has two hashes")
	}
	inline := Article{Title: "Port reopens", Text: "Port reopens: ships came back."}
	if inline.Hash() == with.Hash() {
		t.Error("a headline inside the first sentence is left out")
	}
}

func TestHashPrintsAs32HexadecimalDigits(t *testing.T) {
	h := (&Article{Text: "Ships came back."}).Hash()
	if s := h.String(); len(s) != 32 || strings.Trim(s, "0123456789abcdef") != "" {
		t.Errorf("%q", s)
	}
}

func BenchmarkHash(b *testing.B) {
	a := Article{Text: strings.Repeat("The « harbour » reopened on Monday, the 3.5-day strike over. ", 34)}
	b.SetBytes(int64(len(a.Text)))
	b.ReportAllocs()
	for b.Loop() {
		a.Hash()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

func TestShortcutsOfNormalTextSkipNothing(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if got, want := toLower(r), unicode.ToLower(r); got != want {
			t.Fatalf("%U in lower case is %U, want %U", r, got, want)
		}
		if part := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r); r >= utf8.RuneSelf && r != '€' && r != '£' && r != '−' && keeps(r, 0, "") != part {
			t.Fatalf("%U is kept: %v", r, !part)
		}
	}
}

// naiveNormal reads a text rune by rune.
func naiveNormal(text string) string {
	var out []byte
	var before rune
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		plain := r < utf8.RuneSelf && lowerASCII[r] != 0
		if !plain && !keeps(r, before, text[i+size:]) {
			before = 0
			continue
		}
		if before == 0 && len(out) > 0 {
			out = append(out, ' ')
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
		before = r
	}
	return string(out)
}

func TestEightBytesAtATimeAreReadLikeRunes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(fragments(), rapid.String())).Draw(t, "parts"), "")
		if got, want := Normalise(text), naiveNormal(text); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", text, got, want)
		}
	})
}
