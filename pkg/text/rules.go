package text

import (
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// rules are what the scanner knows of a language.
type rules struct {
	language    article.Language
	decimalMark byte
	numerals    map[string]numeral // the words of numbers and what stands by them
	romans      bool               // ordinals are written "XXe"
	currencies  map[rune]string    // the word for a sign

	titles       map[string]bool // shortened words whose point ends no sentence
	beforeNumber map[string]bool // the same, when a number follows
}

func rulesOf(language article.Language) *rules {
	switch language {
	case article.English:
		return &englishRules
	case article.French:
		return &frenchRules
	}
	return &rules{language: language, decimalMark: ','}
}

// "one" alone stays a word: a pronoun far more often than a count; so do "first" and
// "second", of which the other language makes "prime" or an instant.
var englishRules = rules{
	language:    article.English,
	decimalMark: '.',
	numerals: numerals(map[role]string{
		indefinite: "a 1 an 1",
		one:        "one 1",
		ones:       "two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9",
		teens: "ten 10 eleven 11 twelve 12 thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 " +
			"eighteen 18 nineteen 19",
		tens:    "twenty 20 thirty 30 forty 40 fourty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90",
		hundred: "hundred 100",
		scale: "thousand 1e3 million 1e6 millions 1e6 mln 1e6 mn 1e6 billion 1e9 billions 1e9 bln 1e9 bn 1e9 " +
			"trillion 1e12 trillions 1e12 trn 1e12",
		collective: "dozen 12",
		half:       "half 0",
		and:        "and 0",
		percent:    "percent 0 pct 0",
		per:        "per 0",
		moneyScale: "k 1e3 m 1e6 b 1e9 tn 1e12",
		currency:   "dollars 0 euros 0 euro 0 pounds 0 yen 0",
		hour:       "h 0",
		oclock:     "o'clock 0 noon 0",
		beforeNoon: "am 0 a.m 0",
		afterNoon:  "pm 0 p.m 0",
		zone:       "gmt 0",
	}, map[role]string{
		one:  "first 1",
		ones: "third 3 fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 twice 2 thrice 3",
		teens: "tenth 10 eleventh 11 twelfth 12 thirteenth 13 fourteenth 14 fifteenth 15 sixteenth 16 " +
			"seventeenth 17 eighteenth 18 nineteenth 19",
		tens:    "twentieth 20 thirtieth 30 fortieth 40 fiftieth 50 sixtieth 60 seventieth 70 eightieth 80 ninetieth 90",
		hundred: "hundredth 100",
	}, "hundredth", "first"),
	currencies:   map[rune]string{'$': "dollars", '€': "euros", '£': "pounds", '¥': "yen"},
	titles:       wordSet("mr mrs ms dr st sen rep gov gen lt sgt prof jr sr rev inc corp ltd co vs"),
	beforeNumber: wordSet("no jan feb mar apr jun jul aug sept sep oct nov dec fig art col"),
}

// "neuf" counts where the words around it say that it is not "new". Of the ordinals,
// "deuxième" begins none: English has "second" for it, an instant.
var frenchRules = rules{
	language:    article.French,
	decimalMark: ',',
	romans:      true,
	numerals: numerals(map[role]string{
		one:   "un 1 une 1",
		ones:  "deux 2 trois 3 quatre 4 cinq 5 six 6 sept 7 huit 8 neuf 9",
		teens: "dix 10 onze 11 douze 12 treize 13 quatorze 14 quinze 15 seize 16",
		tens: "vingt 20 vingts 20 trente 30 quarante 40 cinquante 50 soixante 60 septante 70 huitante 80 " +
			"octante 80 nonante 90",
		hundred: "cent 100 cents 100",
		scale: "mille 1e3 million 1e6 millions 1e6 milliard 1e9 milliards 1e9 md 1e9 mds 1e9 billion 1e12 " +
			"billions 1e12",
		collective: "dizaine 10 dizaines 10 douzaine 12 douzaines 12 quinzaine 15 vingtaine 20 trentaine 30 " +
			"quarantaine 40 cinquantaine 50 soixantaine 60 centaine 100 centaines 100 millier 1000 milliers 1000",
		half:       "demi 0 demie 0",
		and:        "et 0",
		per:        "pour 0",
		moneyScale: "k 1e3 m 1e6",
		currency:   "dollars 0 euros 0 euro 0 livres 0 yens 0",
		hour:       "h 0",
		hours:      "heures 0 heure 0",
		zone:       "gmt 0",
	}, map[role]string{
		one:     "unième 1",
		ones:    "deuxième 2 troisième 3 quatrième 4 cinquième 5 sixième 6 septième 7 huitième 8 neuvième 9",
		teens:   "dixième 10 onzième 11 douzième 12 treizième 13 quatorzième 14 quinzième 15 seizième 16",
		tens:    "vingtième 20 trentième 30 quarantième 40 cinquantième 50 soixantième 60 septantième 70 nonantième 90",
		hundred: "centième 100",
	}, "cent mille centième", "vingts unième deuxième"),
	currencies:   map[rune]string{'$': "dollars", '€': "euros", '£': "livres", '¥': "yens"},
	titles:       wordSet("m mm mme mmes mlle mgr me dr st pr av env janv févr fevr juil déc"),
	beforeNumber: wordSet("no avr sept oct nov dec fig art al"),
}

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
