package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// quantitiesIn are the numbers of a text, as written by String.
func quantitiesIn(language article.Language, text string) string {
	var numbers []string
	for _, t := range read(language, text) {
		if t.Kind == Number {
			numbers = append(numbers, t.Number.String())
		}
	}
	return strings.Join(numbers, " ")
}

func TestTheSameQuantityInEnglishAndFrench(t *testing.T) {
	for _, c := range []struct{ english, french, want string }{
		{"twenty-five boats", "vingt-cinq bateaux", "25"},
		{"twenty five boats", "vingt cinq bateaux", "25"},
		{"twenty-one days", "vingt et un jours", "21"},
		{"twenty-one days", "vingt-et-un jours", "21"},
		{"thirty-one tonnes", "trente et une tonnes", "31"},
		{"seventy", "soixante-dix", "70"},
		{"seventy", "septante", "70"},
		{"seventy-one", "soixante et onze", "71"},
		{"seventy-seven", "soixante-dix-sept", "77"},
		{"eighty ships", "quatre-vingts navires", "80"},
		{"eighty-one", "quatre-vingt-un", "81"},
		{"eighty-four", "quatre-vingt-quatre", "84"},
		{"ninety", "nonante", "90"},
		{"ninety-nine", "quatre-vingt-dix-neuf", "99"},
		{"ninety-nine", "nonante-neuf", "99"},
		{"nineteen", "dix-neuf", "19"},
		{"one hundred people", "cent personnes", "100"},
		{"a hundred people", "une centaine de personnes", "100"},
		{"one hundred and twenty", "cent vingt", "120"},
		{"one hundred and one", "cent-un", "101"},
		{"two hundred and fifty", "deux cent cinquante", "250"},
		{"two hundred fifty", "deux cent cinquante", "250"},
		{"two hundred", "deux cents", "200"},
		{"nine hundred and ninety-nine", "neuf cent quatre-vingt-dix-neuf", "999"},
		{"nineteen hundred", "dix-neuf cents", "1900"},
		{"nineteen hundred", "mille neuf cent", "1900"},
		{"a thousand tonnes", "mille tonnes", "1000"},
		{"a thousand tonnes", "un millier de tonnes", "1000"},
		{"two thousand and three", "deux mille trois", "2003"},
		{"two hundred thousand", "deux cent mille", "200000"},
		{"one hundred and twenty thousand", "cent vingt mille", "120000"},
		{"a million", "un million", "1000000"},
		{"one million, one billion", "un million, un milliard", "1000000 1000000000"},
		{"two million three hundred thousand", "deux millions trois cent mille", "2300000"},
		{"a trillion", "mille milliards", "1000000000000"},
		{"two million one thousand", "deux millions mille", "2001000"},
		{"three and a half million", "trois millions et demi", "3500000"},
		{"3.5 million", "3 millions et demi", "3500000"},
		{"3 and a half million", "3,5 millions", "3500000"},
		{"one and a half million", "un million et demi", "1500000"},
		{"half a million", "un demi-million", "500000"},
		{"half a dozen", "une demi-douzaine", "6"},
		{"two and a half years", "deux ans et demi", "2.5"},
		{"a year and a half", "un an et demi", "1.5"},
		{"a dozen boats", "une douzaine de bateaux", "12"},
		{"two dozen boats", "deux douzaines de bateaux", "24"},
		{"twenty boats", "une vingtaine de bateaux", "20"},
		{"dozens of boats, hundreds of men", "des dizaines de bateaux, des centaines d'hommes", ""},
		{"several dozen boats", "plusieurs dizaines de bateaux", ""},
		{"forty passengers", "une quarantaine de passagers", "40"},
		{"a quarantine of 14 days", "une quarantaine de 14 jours", "14"},
		{"nine months, nine years", "neuf mois, neuf ans", "9 9"},
		{"the new boat", "le bateau neuf dans le port", ""},
		{"five, six people", "cinq, six personnes", "5 6"},
		{"seven eight", "sept huit", "7 8"},
		{"twice a week", "deux fois par semaine", "2"},
		{"between two hundred and three hundred", "entre deux cents et trois cents", "200 300"},
		{"between two and three million", "entre deux et trois millions", "2 3000000"},
		{"50 cents", "50 cents", "50"},
		{"twenty cents", "vingt cents", "20"},

		{"the third boat", "le troisième bateau", "3"},
		{"the 3rd boat", "le 3e bateau", "3"},
		{"twentieth", "vingtième", "20"},
		{"the twenty-first century", "le vingt et unième siècle", "21"},
		{"the 21st century", "le XXIe siècle", "21"},
		{"the 19th and 20th centuries", "les XIXème et XXe siècles", "19 20"},
		{"the Fifth Republic", "la Ve République", "5"},
		{"the first, the second", "le premier, la seconde", ""},
		{"one fifth of the vote", "un cinquième des voix", ""},
		{"two thirds", "deux tiers", "2"},
		{"third countries", "les pays tiers", ""},

		{"at 2:30 pm", "à 14h30", "14:30"},
		{"at 2:30pm", "à 14 h 30", "14:30"},
		{"at 2.30 p.m. on Monday", "à 14H30 lundi", "14:30"},
		{"at 2.30pm", "à 14 heures 30", "14:30"},
		{"at 14:30", "à 14h30", "14:30"},
		{"at 1430 GMT", "à 14H30 GMT", "14:30"},
		{"at 2 pm", "à 14h", "14:00"},
		{"at 2 p.m. on Monday", "à 14\u00a0h lundi", "14:00"},
		{"at 2pm", "à 14 heures", "14:00"},
		{"at two p.m.", "à quatorze heures", "14:00"},
		{"at 6 a.m.", "à 6 h", "6:00"},
		{"at 12:15 am", "à 0h15", "0:15"},
		{"at 12 noon", "à 12h", "12:00"},
		{"at 12 pm", "à 12h", "12:00"},
		{"at 8 o'clock", "à 8h", "8:00"},
		{"at 22:03:05", "à 22:03:05", "22:03:05"},
		{"for 14 hours", "pendant 14 heures", "14"},
		{"four to five hours", "quatre à cinq heures", "4 5"},
		{"24 hours", "24h", "24"},

		{"30%", "30 %", "30"},
		{"30 percent", "30\u202f%", "30"},
		{"30 per cent", "30 pour cent", "30"},
		{"thirty percent", "trente pour cent", "30"},
		{"2.5 per cent", "2,5%", "2.5"},
		{"one percent", "un pour cent", "1"},
		{"one percent", "1 %", "1"},

		{"$3.5bn", "3,5 milliards de dollars", "3500000000"},
		{"€3.5 billion", "3,5 milliards d'euros", "3500000000"},
		{"€3.5bn", "3,5 Md€", "3500000000"},
		{"£20m", "20 millions de livres", "20000000"},
		{"€20m", "20 M€", "20000000"},
		{"20 million euros", "20 M d’euros", "20000000"},
		{"$20k", "20 k$", "20000"},
		{"US$5", "5 dollars", "5"},
		{"20m tall", "20m de haut", "20"},

		{"12/03/2009", "12.03.2009", "12 3 2009"},
		{"12.03.2009", "12/03/2009", "12 3 2009"},
		{"2009-03-12", "2009-03-12", "2009 3 12"},
		{"12 March 2009", "le 12 mars 2009", "12 2009"},
		{"March 12, 2009", "le 12 mars 2009", "12 2009"},
		{"12th March", "le 12 mars", "12"},
		{"1st March", "1er mars", "1"},
		{"7 Sept. 2009", "7 sept. 2009", "7 2009"},
		{"2009-2010", "2009-2010", "2009 2010"},
		{"the 1990s", "les années 1990", "1990"},
		{"the 1990's", "les années 1990", "1990"},
		{"the 90s", "les années 90", "1990"},
		{"the 80's", "les années quatre-vingt", "1980"},
		{"60,000 people", "60,000 personnes", "60000"},

		{"5km", "5 km", "5"},
		{"at 120km/h", "à 120 km/h", "120"},
		{"30kg", "30 kg", "30"},
		{"A320 G20 F16 3D 5G H1N1", "A320 G20 F16 3D 5G H1N1", ""},
		{"6.1.38 2.4.17-rc1 1:2.3-4+deb10u1 DSA-1234-1", "6.1.38 2.4.17-rc1 1:2.3-4+deb10u1 DSA-1234-1", ""},
	} {
		if got := quantitiesIn(article.English, c.english); got != c.want {
			t.Errorf("%q has the numbers %q, want %q", c.english, got, c.want)
		}
		if got := quantitiesIn(article.French, c.french); got != c.want {
			t.Errorf("%q has the numbers %q, want %q", c.french, got, c.want)
		}
	}
}

func TestWordsAroundQuantitiesStay(t *testing.T) {
	const en, fr = article.English, article.French
	for _, c := range []struct {
		language article.Language
		text     string
		want     string
	}{
		{en, "a boat, one boat, the one", "a boat one boat the one"},
		{fr, "un bateau et demi-tour", "un bateau et demi tour"},
		{en, "a man and a half-eaten cake", "a man and a half eaten cake"},
		{en, "twenty-five-year-old", "#25 year old"},
		{en, "2 and 3, two and three", "#2 and #3 #2 and #3"},
		{fr, "vingt et trente", "#20 et #30"},
		{fr, "deux mille et trois cents", "#2000 et #300"},
		{fr, "VIE, vie, Vie et VIe", "vie vie vie et #6"},
		{fr, "pour cent francs", "pour #100 francs"},
		{en, "a third of them, one third, a third man", "a third of them one third a #3 man"},
		{en, "I am at 5", "i am at #5"},
		{en, "$HOME and $5", "home and dollars #5"},
		{en, "US$5", "u.s dollars #5"},
		{en, "£20m", "pounds #20000000"},
		{fr, "20 M€", "#20000000 euros"},
		{fr, "£5", "livres #5"},
		{en, "20m", "#20 m"},
		{en, "120km/h 16GB 5g 5G 4K", "#120 km h #16 gb #5 g 5g 4k"},
		{en, "30% of 40 percent", "#30 of #40"},
		{en, "won 5:3 in 1:30.52", "won #5 #3 in #1 #30.52"},
		{en, "the 1990's end", "the #1990 end"},
		{en, "2.6.18 2.6.18-based 0.9.8c-4etch3 4.7-1etch2 1.2+dfsg-1 1.0~beta1", "2.6.18 2.6.18 based 0.9.8c-4etch3 4.7-1etch2 1.2+dfsg-1 1.0~beta1"},
		{en, "3.5-4.2 3.5-4bn 20-year 2-1", "#3.5 #4.2 #3.5 #4000000000 #20 year #2 #1"},
		{en, "1:2.3-4 1:4.7.1 foo-1.2.3.tar.gz", "1:2.3-4 1:4.7.1 foo 1.2.3 tar gz"},
		{en, "CVE-2009-1234, DSA-1234-1.", "cve-2009-1234 dsa-1234-1"},
		{en, "COVID-19 Covid-19 MH-370 CVE-2009-12a", "covid #19 covid #19 mh #370 cve #2009 12a"},
		{en, "99.99.2009 31.12.1999", "99.99.2009 #31 #12 #1999"},
	} {
		if got := shown(read(c.language, c.text)); got != c.want {
			t.Errorf("%s %q:\n got %s\nwant %s", c.language, c.text, got, c.want)
		}
	}
}

func TestQuantityCoversAllOfIt(t *testing.T) {
	for language, texts := range map[article.Language][]string{
		article.English: {"one hundred and twenty thousand", "two and a half million", "2.30 p.m", "30 per cent", "30 %", "half a dozen", "3.5bn"},
		article.French:  {"quatre-vingt-dix-neuf", "trois millions et demi", "14 h 30", "30 pour cent", "30\u202f%", "une demi-douzaine", "XXe"},
	} {
		for _, text := range texts {
			tokens := read(language, text)
			if len(tokens) != 1 || tokens[0].Kind != Number || tokens[0].Start != 0 || tokens[0].End != len(text) {
				t.Errorf("%s %q is %s", language, text, shown(tokens))
			}
		}
	}
}

func TestATimeIsNoQuantity(t *testing.T) {
	clock, plain := read(article.French, "14h30")[0].Number, read(article.French, "52 200")[0].Number
	if clock == plain || clock.Hash() == plain.Hash() || clock.String() == plain.String() {
		t.Errorf("%v and %v are one", clock, plain)
	}
}

// spelledEnglish writes a number below 10^9 in words.
func spelledEnglish(n uint64) string {
	small := strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
		"sixteen seventeen eighteen nineteen")
	tens := strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	switch {
	case n < 20:
		return small[n]
	case n < 100 && n%10 == 0:
		return tens[n/10]
	case n < 100:
		return tens[n/10] + "-" + small[n%10]
	case n < 1000 && n%100 == 0:
		return small[n/100] + " hundred"
	case n < 1000:
		return small[n/100] + " hundred and " + spelledEnglish(n%100)
	case n < 1e6:
		return joinEnglish(spelledEnglish(n/1000)+" thousand", n%1000)
	}
	return joinEnglish(spelledEnglish(n/1e6)+" million", n%1e6)
}

func joinEnglish(scaled string, rest uint64) string {
	switch {
	case rest == 0:
		return scaled
	case rest < 100:
		return scaled + " and " + spelledEnglish(rest)
	}
	return scaled + " " + spelledEnglish(rest)
}

// spelledFrench is the same in French.
func spelledFrench(n uint64) string {
	small := strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize " +
		"dix-sept dix-huit dix-neuf")
	tens := strings.Fields("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
	switch {
	case n < 20:
		return small[n]
	case n == 80:
		return "quatre-vingts"
	case n < 70 && n%10 == 0:
		return tens[n/10]
	case n < 70 && n%10 == 1:
		return tens[n/10] + " et un"
	case n == 71:
		return "soixante et onze"
	case n < 70:
		return tens[n/10] + "-" + small[n%10]
	case n < 100:
		return tens[n/10] + "-" + small[n%20]
	case n < 200:
		return strings.TrimSuffix("cent-"+spelledFrench(n%100), "-zéro")
	case n < 1000 && n%100 == 0:
		return small[n/100] + " cents"
	case n < 1000:
		return small[n/100] + " cent-" + spelledFrench(n%100)
	case n < 2000:
		return strings.TrimSuffix("mille-"+spelledFrench(n%1000), "-zéro")
	case n < 1e6:
		thousands := spelledFrench(n / 1000)
		if !strings.HasSuffix(thousands, "trois") { // "cent" and "vingt" have no s before "mille"
			thousands = strings.TrimSuffix(thousands, "s")
		}
		return strings.TrimSuffix(thousands+" mille-"+spelledFrench(n%1000), "-zéro")
	}
	return strings.TrimSuffix(spelledFrench(n/1e6)+" millions "+spelledFrench(n%1e6), " zéro")
}

func TestEverySpelledNumberIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Uint64Range(10, 1000), rapid.Uint64Range(10, 1e6), rapid.Uint64Range(10, 1e9-1)).Draw(t, "number")
		want := decimal(n, 0)
		for language, text := range map[article.Language]string{article.English: spelledEnglish(n), article.French: spelledFrench(n)} {
			tokens := read(language, text)
			if len(tokens) != 1 || tokens[0].Number != want {
				t.Fatalf("%d, %q, is %s", n, text, shown(tokens))
			}
		}
	})
}
