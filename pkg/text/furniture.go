package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFurniture is the length in tokens past which a sentence is never taken for
// furniture.
const maxFurniture = 45

// markFurniture marks the sentences that belong to the site. A phrase of a site
// marks the sentence that holds it (openers only at its beginning); a title such as
// "Related articles" marks also the headlines in the lines after it.
func markFurniture(text string, sentences []Sentence) {
	list := false
	for i := range sentences {
		s := &sentences[i]
		if s.Headline {
			continue
		}
		if len(s.Tokens) > maxFurniture {
			list = false
			continue
		}
		isTitle := false
		s.Furniture, isTitle = isFurniture(text, s)
		switch {
		case s.Furniture:
			list = list || isTitle
		case list && len(s.Tokens) <= 20 && !endsSentence(s.Span.Of(text)):
			s.Furniture = true
		default:
			list = false
		}
	}
}

// isFurniture judges one sentence by its words; isTitle says that it heads a list.
func isFurniture(text string, s *Sentence) (furniture, isTitle bool) {
	written := s.Span.Of(text)
	hints := hintsOf(s.Tokens)
	if hints == 0 && !mayBeMenu(written) && !strings.HasPrefix(written, "©") {
		return false, false
	}
	line := plainLine(written)
	switch {
	case hints&begins != 0 && hasPrefix(line, listTitles) && (len(s.Tokens) <= 6 || !endsSentence(written)):
		return true, len(s.Tokens) <= 6
	case len(s.Tokens) <= 25 && (hasPrefix(line, openers) || hints&holds != 0 && contains(line, phrases)):
		return true, false
	case len(s.Tokens) <= 12 && hasPrefix(line, starts) && !endsSentence(written):
		return true, false
	case len(s.Tokens) <= 4 && hints&begins != 0 && hasPrefix(line, labels) && !endsSentence(written):
		return true, false
	}
	return isMenu(s, line), false
}

// hint says that a form may stand in a phrase of furniture, so that the phrases are
// looked for in few sentences only.
type hint uint8

const (
	begins hint = 1 << iota // it is the first word of a phrase
	holds                   // it is the longest word of one that may stand anywhere
)

func hintsOf(tokens []Token) hint {
	var h hint
	if f := tokens[0].Form; f != nil {
		h = f.hints & begins
	}
	for i := range tokens {
		if f := tokens[i].Form; f != nil {
			h |= f.hints & holds
		}
	}
	return h
}

// hints are the forms that begin or mark phrases of furniture.
var hints = func() map[string]hint {
	m := map[string]hint{}
	for _, list := range [][]string{listTitles, openers, starts, labels} {
		for _, phrase := range list {
			if words := strings.FieldsFunc(phrase, notInWord); len(words) > 0 {
				m[Canonical(words[0])] |= begins
			}
		}
	}
	for _, phrase := range phrases {
		longest := ""
		for _, w := range strings.FieldsFunc(phrase, notInWord) {
			if len(w) > len(longest) {
				longest = w
			}
		}
		m[Canonical(longest)] |= holds
	}
	m["don't"] |= begins
	return m
}()

func notInWord(r rune) bool { return !unicode.IsLetter(r) }

// plainLine is the line in lower case, with straight apostrophes and plain spaces, from
// its first letter, digit or sign © on.
func plainLine(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '©' })
	if len(s) > 400 {
		s = s[:400]
	}
	return plain.Replace(strings.ToLower(s))
}

var plain = strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ")

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \u00a0»\"”’)"))
	return strings.ContainsRune(".!?…:", r)
}

// mayBeMenu is a cheap look for the bars of a menu.
func mayBeMenu(s string) bool {
	return strings.ContainsAny(s, "|>") || strings.Contains(s, "›") || strings.Contains(s, "•") ||
		strings.Contains(s, "·") || strings.Contains(s, "»»")
}

// isMenu reports whether the line is a row of words between bars, bullets or
// arrows, as menus, breadcrumbs and share bars are.
func isMenu(s *Sentence, line string) bool {
	bars := strings.Count(line, "|") + strings.Count(line, "›") + strings.Count(line, " > ") +
		strings.Count(line, "•") + strings.Count(line, " · ") + strings.Count(line, "»»")
	return bars >= 2 && bars*4 >= len(s.Tokens)
}

func hasPrefix(line string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(line, p) && (strings.HasSuffix(p, "©") || !letterFollows(line[len(p):])) {
			return true
		}
	}
	return false
}

func letterFollows(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

func contains(line string, list []string) bool {
	for _, p := range list {
		if strings.Contains(line, p) {
			return true
		}
	}
	return false
}

// listTitles head lists of links to other articles.
var listTitles = []string{
	"related articles", "related content", "related stories", "related news", "related topics", "related links",
	"read more", "read also", "read next", "see also", "you may also like", "you might also like", "more on this",
	"more from", "more stories", "most read", "most popular", "most viewed", "recommended", "recommended for you", "trending",
	"don't miss", "latest news", "top stories", "also on", "in other news", "up next",
	"lire aussi", "à lire aussi", "a lire aussi", "lire également", "à lire également", "a lire egalement",
	"voir aussi", "à voir aussi", "sur le même sujet", "sur le meme sujet", "articles liés", "articles similaires",
	"articles associés", "les plus lus", "les plus lues", "dans la même rubrique", "nos derniers articles", "dernières actualités",
	"en ce moment", "à ne pas manquer", "plus d'actualités", "plus d'articles", "contenus sponsorisés", "à découvrir",
	"recommandé pour vous", "vous aimerez aussi", "l'actualité en continu", "à la une",
}

// openers begin lines that are furniture when short.
var openers = []string{
	"share this", "share on", "share via", "sign up", "sign in", "log in", "print this",
	"source link", "about author", "about the author", "comments are closed", "no comments",
	"post a comment", "leave a comment", "leave a reply", "add a comment", "note: only a member", "skip to", "©",
	"all rights reserved", "click here", "download our app", "tags:", "tag:",
	"filed under", "published:", "updated:", "min read",
	"reading time", "we use cookies", "this site uses cookies", "privacy policy", "terms of use", "photo:", "image:",
	"back to top", "next article", "previous article", "contact us", "by using this site", "accept all",
	"suivez-nous", "abonnez-vous", "s'abonner", "inscrivez-vous", "je m'abonne",
	"se connecter", "contenu sponsorisé", "laisser un commentaire", "laissez un commentaire",
	"ajouter un commentaire", "aucun commentaire", "tous droits réservés", "envoyer par",
	"mots-clés", "mots clés",
	"temps de lecture", "nous utilisons des cookies", "ce site utilise des cookies", "en poursuivant votre navigation",
	"politique de confidentialité", "mentions légales", "conditions générales", "retour en haut",
	"article suivant", "article précédent", "contactez-nous", "tout accepter", "accepter et fermer",
	"cliquez ici", "téléchargez notre", "votre adresse e-mail", "votre adresse email", "votre adresse de messagerie", "your email address",
}

// starts begin lines that are furniture when they are short and no sentence.
var starts = []string{
	"published on", "published", "posted in", "posted by", "posted on", "posted", "updated", "last updated", "get our", "join our",
	"follow us", "subscribe", "publié le", "publié par", "publié", "mis à jour le", "mis à jour", "posté le", "recevez", "crédit photo",
	"partager sur", "terms and conditions", "terms of service", "photo", "image",
}

// labels are words of buttons and boxes, alone or with a word or two.
var labels = []string{
	"share", "tweet", "advertisement", "sponsored", "copyright", "home", "menu", "search", "cookies", "newsletter", "print", "email",
	"facebook", "twitter", "whatsapp", "linkedin", "telegram", "comments", "tags", "login", "register",
	"partager", "partagez", "tweeter", "suivre", "connexion", "publicité", "annonce", "commentaires", "réagir", "imprimer",
	"accueil", "rechercher", "recherche", "étiquettes", "recevez", "inscription", "abonnement",
}

// phrases mark a line wherever they stand in it.
var phrases = []string{
	"all rights reserved", "tous droits réservés", "cookie policy", "uses cookies", "utilise des cookies", "utilisons des cookies",
	"de cookies", "our newsletter", "notre newsletter", "notre lettre d'information", "privacy policy", "politique de confidentialité",
	"share on facebook", "via whatsapp",
	"only a member of this blog", "may not be published, broadcast", "required fields are marked", "champs obligatoires",
	"reproduction interdite", "min de lecture", "minutes de lecture", "min read", "minute read",
	"create an account", "créer un compte", "enable javascript", "activer javascript", "skip to content", "aller au contenu",
}
