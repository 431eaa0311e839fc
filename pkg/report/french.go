package report

import (
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

var frenchLanguages = map[article.Language]string{
	article.Unknown: "dans une langue inconnue", article.English: "en anglais", article.French: "en français",
	"de": "en allemand", "es": "en espagnol", "it": "en italien", "pt": "en portugais", "nl": "en néerlandais",
}

// frenchSentences has every format that speaker.say is given, with the same verbs in the same order.
var frenchSentences = map[string]string{
	": %s":                 "\u00a0: %s",
	"; ":                   "\u00a0; ",
	"%s and %s":            "%s et %s",
	"and so on":            "et ainsi de suite",
	"Both are in %s.":      "Les deux sont %s.",
	"A is in %s, B in %s.": "A est %s, B %s.",
	"The texts are the same once case, punctuation and spacing are set aside.":        "Les textes sont les mêmes, à la casse, à la ponctuation et aux espaces près.",
	"%s of the shorter text's runs of three words stand in the longer one.":           "%s des suites de trois mots du texte le plus court se trouvent dans le plus long.",
	"%s of the matching passages come in the same order in both.":                     "%s des passages correspondants viennent dans le même ordre des deux côtés.",
	"No passage of one says what a passage of the other says.":                        "Aucun passage de l’un ne dit ce que dit un passage de l’autre.",
	"%s of A and %s of B stand in passages that match, with a mean similarity of %s.": "%s de A et %s de B se trouvent dans des passages qui se correspondent, avec une similarité moyenne de %s.",

	"Numbers: none in the matching passages.":                                "Nombres\u00a0: aucun dans les passages correspondants.",
	"Names: none in the matching passages.":                                  "Noms\u00a0: aucun dans les passages correspondants.",
	"Numbers in the matching passages: %d on both sides, %d that differs%s.": "Nombres dans les passages correspondants\u00a0: %d des deux côtés, %d qui diffère%s.",
	"Names in the matching passages: %d on both sides, %d that differs%s.":   "Noms dans les passages correspondants\u00a0: %d des deux côtés, %d qui diffère%s.",
	"Numbers in the matching passages: %d on both sides, %d that differ%s.":  "Nombres dans les passages correspondants\u00a0: %d des deux côtés, %d qui diffèrent%s.",
	"Names in the matching passages: %d on both sides, %d that differ%s.":    "Noms dans les passages correspondants\u00a0: %d des deux côtés, %d qui diffèrent%s.",
	"A has %s where B has %s":                                                "A a %s là où B a %s",

	"So one is an edited copy of the other.":                                    "L’un est donc une copie remaniée de l’autre.",
	"So they have the same content, sentence by sentence, in other words.":      "Ils ont donc le même contenu, phrase par phrase, en d’autres mots.",
	"So one translates the other, or both a third.":                             "L’un traduit donc l’autre, ou tous deux en traduisent un troisième.",
	"So %s holds %s, or most of it, and more.":                                  "%s contient donc %s, ou presque tout, et davantage.",
	"So %s holds %s, or most of it, in the other language, and more.":           "%s contient donc %s, ou presque tout, dans l’autre langue, et davantage.",
	"So they tell the same story, but neither is made from the other.":          "Ils racontent donc la même histoire, mais aucun n’est tiré de l’autre.",
	"That is less than a relation takes.":                                       "C’est moins qu’il n’en faut pour un lien.",
	"One of them is so short that only an exact copy would count.":              "L’un d’eux est si court que seule une copie exacte compterait.",
	"Without a passage that matches there is no copy.":                          "Sans passage correspondant, il n’y a pas de copie.",
	"That is less than a copy takes: its probability is %s, and %s is asked.":   "C’est moins qu’il n’en faut pour une copie\u00a0: la probabilité est de %s, et il faut %s.",
	"They share so few of their rarest words that scan would not look at them.": "Ils partagent si peu de leurs mots les plus rares que scan ne les regarderait pas.",

	"Passage by passage they are alike, but not about the same names: they look made from one template.": "Ils se ressemblent passage par passage, mais les noms diffèrent\u00a0: ils semblent tirés d’un même modèle.",
	"The language of %s was not recognised, and without it no translation can be seen.":                  "La langue de %s n’a pas été reconnue, et sans elle aucune traduction ne se voit.",
	"The program knows no words of %s: there it finds copies, but no translations.":                      "Le programme n’a pas de lexique pour les textes %s\u00a0: il y trouve des copies, mais aucune traduction.",
	"The program does not know the words of both languages.":                                             "Le programme ne connaît pas les mots des deux langues.",

	"Their sentences are too little alike.":                    "Leurs phrases se ressemblent trop peu.",
	"The passages that match come in another order.":           "Les passages correspondants viennent dans un autre ordre.",
	"Of the rarest words of one, only %s are in the other.":    "Des mots les plus rares de l’un, seuls %s sont dans l’autre.",
	"As wholes they are about different things.":               "Dans l’ensemble, ils parlent de choses différentes.",
	"Their headlines say different things.":                    "Leurs titres disent des choses différentes.",
	"One is much longer than the other.":                       "L’un est beaucoup plus long que l’autre.",
	"There is little text to go by.":                           "Il y a peu de texte sur quoi se fonder.",
	"They share few runs of words.":                            "Ils partagent peu de suites de mots.",
	"Most of either has no counterpart in the other.":          "La plus grande part de chacun n’a pas d’équivalent dans l’autre.",
	"Much of one has no counterpart in the other.":             "Une grande part de l’un n’a pas d’équivalent dans l’autre.",
	"Many numbers and names of one are nowhere in the other.":  "Beaucoup de nombres et de noms de l’un ne sont nulle part dans l’autre.",
	"Many numbers of one are nowhere in the other.":            "Beaucoup de nombres de l’un ne sont nulle part dans l’autre.",
	"Many names of one are nowhere in the other.":              "Beaucoup de noms de l’un ne sont nulle part dans l’autre.",
	"The numbers in the passages that match differ too often.": "Les nombres des passages correspondants diffèrent trop souvent.",
	"The names in the passages that match differ too often.":   "Les noms des passages correspondants diffèrent trop souvent.",
}

// frenchFeatures is featureWords in French.
var frenchFeatures = map[verdict.Feature]string{
	verdict.BiMaxMin:       "meilleure correspondance moyenne des phrases, côté le plus faible",
	verdict.BiMaxMax:       "meilleure correspondance moyenne des phrases, côté le plus fort",
	verdict.CoverageMin:    "part du texte dans les passages, côté le plus faible",
	verdict.CoverageMax:    "part du texte dans les passages, côté le plus fort",
	verdict.Similarity:     "similarité moyenne des passages",
	verdict.Spread:         "écart entre les similarités des passages",
	verdict.Verbatim:       "part des passages repris mot pour mot",
	verdict.Order:          "part des passages dans le même ordre",
	verdict.NumberAgree:    "nombres concordants dans les passages",
	verdict.NumberConflict: "nombres discordants",
	verdict.NameAgree:      "noms concordants dans les passages",
	verdict.NameConflict:   "noms discordants",
	verdict.Length:         "différence de longueur",
	verdict.Evidence:       "mots dans les passages, en logarithme",
	verdict.Shorter:        "mots du texte le plus court, en logarithme",
	verdict.Title:          "similarité des titres\u00a0; 0,3 sans titre",
	verdict.GramMin:        "suites de trois mots partagées, côté le plus faible",
	verdict.GramMax:        "suites de trois mots partagées, côté le plus fort",
	verdict.HeldMin:        "notions rares que l’autre a aussi, côté le plus faible",
	verdict.HeldMax:        "notions rares que l’autre a aussi, côté le plus fort",
	verdict.NumbersHeld:    "nombres que l’autre a quelque part, côté le plus fort",
	verdict.NumbersHeldMin: "nombres que l’autre a quelque part, côté le plus faible",
	verdict.NamesHeld:      "noms que l’autre a quelque part, côté le plus fort",
	verdict.NamesHeldMin:   "noms que l’autre a quelque part, côté le plus faible",
	verdict.Topic:          "similarité des textes entiers",
	verdict.Strong:         "part du texte dans des passages très proches",
	verdict.BehindMin:      "correspondance des phrases, retard sur un rival, côté le plus faible",
	verdict.BehindMax:      "correspondance des phrases, retard sur un rival, côté le plus fort",
	verdict.AheadMin:       "correspondance des phrases, avance sur tous les rivaux, côté le plus faible",
	verdict.AheadMax:       "correspondance des phrases, avance sur tous les rivaux, côté le plus fort",
	verdict.HeldBehindMin:  "notions rares, retard sur un rival, côté le plus faible",
	verdict.HeldBehindMax:  "notions rares, retard sur un rival, côté le plus fort",
	verdict.HeldAheadMin:   "notions rares, avance sur tous les rivaux, côté le plus faible",
	verdict.HeldAheadMax:   "notions rares, avance sur tous les rivaux, côté le plus fort",
	verdict.MarksBehindMin: "nombres et noms, retard sur un rival, côté le plus faible",
	verdict.MarksBehindMax: "nombres et noms, retard sur un rival, côté le plus fort",
	verdict.MarksAheadMin:  "nombres et noms, avance sur tous les rivaux, côté le plus faible",
	verdict.MarksAheadMax:  "nombres et noms, avance sur tous les rivaux, côté le plus fort",
}
