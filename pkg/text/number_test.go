package text

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestNumbers(t *testing.T) {
	const en, fr = article.English, article.French
	for _, c := range []struct {
		language article.Language
		text     string
		want     string
	}{
		{en, "7", "#7"},
		{en, "0", "#0"},
		{en, "007", "#7"},
		{en, "1,234.5", "#1234.5"},
		{en, "1,234,567", "#1234567"},
		{en, "1,234,567.89", "#1.23456789e+06"},
		{en, "1,500", "#1500"},
		{en, "0.500", "#0.5"},
		{en, "0,500", "#0.5"}, // nothing is written 0 thousand
		{en, "3.5", "#3.5"},
		{en, "12 500", "#12500"},
		{fr, "1 234,5", "#1234.5"},
		{fr, "1\u00a0234,5", "#1234.5"},
		{fr, "1\u202f234,5", "#1234.5"},
		{fr, "1\u2009234,5", "#1234.5"},
		{fr, "1.234,5", "#1234.5"},
		{fr, "1.500", "#1500"},
		{fr, "1,500", "#1.5"},
		{fr, "12 500", "#12500"},
		{fr, "12 345 678", "#12345678"},
		{fr, "3,5", "#3.5"},
		{en, "$5, €6 and 7%", "dollars #5 euros #6 and #7"},

		{en, "3 billion", "#3000000000"},
		{en, "3.2 billion", "#3200000000"},
		{en, "3-billion", "#3000000000"},
		{en, "2 hundred", "#200"},
		{en, "40 mn", "#40000000"},
		{en, "three million", "#3000000"},
		{en, "Twelve", "#12"},
		{en, "twenty-five", "#25"},
		{en, "ten boats", "#10 boats"},
		{en, "one boat", "one boat"},
		{fr, "3 milliards", "#3000000000"},
		{fr, "3\u00a0milliards", "#3000000000"},
		{fr, "3,2 milliards", "#3200000000"},
		{fr, "3 Mds", "#3000000000"},
		{fr, "2 billions", "#2000000000000"},
		{fr, "cent mille", "#100000"},
		{fr, "trois millions", "#3000000"},
		{fr, "un bateau neuf", "un bateau neuf"},
		{article.Unknown, "three million", "three million"},

		{en, "20th 1st 2nd 3rd 1990s", "#20 #1 #2 #3 #1990"},
		{fr, "1er 1re 2e 3ème 20è", "#1 #1 #2 #3 #20"},

		{en, "2.6.18", "2.6.18"},
		{fr, "2.6.18", "2.6.18"},
		{fr, "14h30", "#14:30"},
		{fr, "à 14h", "à #14:00"},
		{en, "400X", "400x"},
		{en, "1234567890123456789", "1234567890123456789"},
		{en, "123456789012345678", "#123456789012345678"},

		{en, "1990, 1991", "#1990 #1991"},
		{en, "2019 500", "#2019 #500"},
		{fr, "en 2020 300 marins", "en #2020 #300 marins"},
		{fr, "12 50", "#12 #50"},
		{fr, "12 5000", "#12 #5000"},
		{en, "1,234 567", "#1234 #567"}, // no one mixes the two group marks
		{en, "5. 6", "#5 #6"},
		{en, "pages 3-5, 7–9", "pages #3 #5 #7 #9"},
		{en, "12/5/2009", "#12 #5 #2009"},
		{en, "3.", "#3"},
		{en, "3,", "#3"},
	} {
		if got := shown(read(c.language, c.text)); got != c.want {
			t.Errorf("%s %q: got %s, want %s", c.language, c.text, got, c.want)
		}
	}
}

func TestDottedAddressesAndVersionsAreWords(t *testing.T) {
	for _, text := range []string{"10.0.0.1", "1.2.3", "192.168.1.100", "2.6.100", "5.10.0.200", "1.2,3.4", "4,1,2.5"} {
		tokens := read(article.English, text)
		if len(tokens) != 1 || tokens[0].Kind != Word {
			t.Errorf("%q is %s", text, shown(tokens))
		}
	}
}

// grouped writes a whole number in groups of three digits.
func grouped(n uint64, mark string) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s%s%03d", grouped(n/1000, mark), mark, n%1000)
}

func TestEqualQuantitiesAreEqualDecimalsHoweverWritten(t *testing.T) {
	scales := []struct {
		english, french string
		value           uint64
	}{{"", "", 1}, {" million", " millions", 1e6}, {" billion", "\u00a0milliards", 1e9}, {"-trillion", " billions", 1e12}}
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Uint64Range(0, 1e9).Draw(t, "whole")
		places := rapid.IntRange(0, 4).Draw(t, "decimal places")
		point, comma := "", ""
		fraction := uint64(0)
		if places > 0 {
			fraction = rapid.Uint64Range(0, uint64(math.Pow10(places))-1).Draw(t, "fraction")
			if places == 3 && whole < 1000 {
				t.Skip("1,234 alone depends on the language")
			}
			digits := fmt.Sprintf("%0*d", places, fraction)
			point, comma = "."+digits, ","+digits
		}
		scale := rapid.SampledFrom(scales).Draw(t, "scale")
		want := decimal(whole*uint64(math.Pow10(places))+fraction, -places).times(decimal(scale.value, 0))

		space := rapid.SampledFrom([]string{" ", "\u00a0", "\u202f", "\u2009"}).Draw(t, "space")
		texts := map[article.Language][]string{
			article.English: {grouped(whole, ",") + point + scale.english, grouped(whole, space) + point + scale.english},
			article.French:  {grouped(whole, space) + comma + scale.french, grouped(whole, ".") + comma + scale.french},
		}
		if places > 0 && whole < 1000 { // no group mark tells the decimal one
			texts[article.English] = append(texts[article.English], fmt.Sprint(whole)+comma+scale.english)
			texts[article.French] = append(texts[article.French], fmt.Sprint(whole)+point+scale.french)
		}
		for language, written := range texts {
			for _, w := range written {
				tokens := read(language, w)
				if len(tokens) != 1 || tokens[0].Kind != Number || tokens[0].Number != want {
					t.Fatalf("%s %q is %s, want #%v", language, w, shown(tokens), want)
				}
				if tokens[0].Number.Hash() != want.Hash() {
					t.Fatalf("%q hashes to another value than %v", w, want)
				}
			}
		}
	})
}

func TestDecimalIsTheNumberItIsMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mantissa, exponent := rapid.Uint64().Draw(t, "mantissa"), rapid.IntRange(-40, 40).Draw(t, "exponent")
		d := decimal(mantissa, exponent)
		if d.Mantissa != 0 && d.Mantissa%10 == 0 {
			t.Fatalf("%d·10^%d has a zero at the end", d.Mantissa, d.Exponent)
		}
		if exact(d).Cmp(rational(mantissa, exponent)) != 0 {
			t.Fatalf("%d·10^%d became %d·10^%d", mantissa, exponent, d.Mantissa, d.Exponent)
		}
	})
}

func TestTimesIsExactOrKeepsTheFirstFactor(t *testing.T) {
	decimals := rapid.Custom(func(t *rapid.T) Decimal {
		return decimal(rapid.Uint64().Draw(t, "mantissa"), rapid.IntRange(-10, 10).Draw(t, "exponent"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		product := a.times(b)
		if product != a && exact(product).Cmp(new(big.Rat).Mul(exact(a), exact(b))) != 0 {
			t.Fatalf("%v times %v is %v", a, b, product)
		}
	})
}

func rational(mantissa uint64, exponent int) *big.Rat {
	r, _ := new(big.Rat).SetString(fmt.Sprintf("%de%d", mantissa, exponent))
	return r
}

func exact(d Decimal) *big.Rat { return rational(d.Mantissa, int(d.Exponent)) }

func TestDecimalFloatIsTheNearest(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "3.5": 3.5, "1,234.5": 1234.5, "12 million": 12e6, "0.1": 0.1} {
		if got := read(article.English, text)[0].Number.Float(); got != want {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestDecimalStringHasNoExponentWhenShort(t *testing.T) {
	for want, d := range map[string]Decimal{
		"0": {}, "7": {Mantissa: 7}, "3500": decimal(35, 2), "1000000000000": decimal(1, 12), "0.05": decimal(5, -2),
		"1e+16": decimal(1, 16), "14:05": clock(14, 5, 0), "0:00:07": clock(0, 0, 7),
	} {
		if d.String() != want {
			t.Errorf("%d·10^%d is written %s, want %s", d.Mantissa, d.Exponent, d, want)
		}
	}
}

func TestDifferentSmallNumbersHashDifferently(t *testing.T) {
	seen := map[uint32]Decimal{}
	for exponent := -2; exponent <= 9; exponent++ {
		for m := range uint64(2000) {
			d := decimal(m, exponent)
			if other, ok := seen[d.Hash()]; ok && other != d {
				t.Fatalf("%v and %v have one hash", d, other)
			}
			seen[d.Hash()] = d
		}
	}
}

func TestVeryLongDigitRunsAreWordsAndEndWhereTheDigitsEnd(t *testing.T) {
	for n := range 60 {
		text := strings.Repeat("9", n+1)
		tokens := read(article.English, text+" boats")
		if len(tokens) != 2 || tokens[0].End != n+1 {
			t.Fatalf("%s: %s", text, shown(tokens))
		}
		if want := Number; n+1 <= 18 && tokens[0].Kind != want {
			t.Fatalf("%s is no number", text)
		}
		if n+1 > 18 && tokens[0].Form.Text != text {
			t.Fatalf("%s is %s", text, shown(tokens))
		}
	}
}

func TestScaleWrittenOntoTheNumberCounts(t *testing.T) {
	for text, want := range map[string]string{"3bn": "#3000000000", "£3.5bn": "pounds #3500000000", "40mn": "#40000000"} {
		if got := shown(read(article.English, text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
