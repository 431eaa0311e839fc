package text

import (
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/article"
)

// judged are the sentences of a text, those of the site and those of the news.
func judged(language article.Language, text string) (furniture, news []string) {
	for _, s := range NewScanner(language).Sentences(&article.Article{Text: text}) {
		if s.Furniture {
			furniture = append(furniture, s.Span.Of(text))
		} else {
			news = append(news, s.Span.Of(text))
		}
	}
	return furniture, news
}

func TestLinesOfTheSiteAreFurniture(t *testing.T) {
	for language, lines := range map[article.Language][]string{
		article.English: {
			"Related articles", "READ MORE:", "• See also", "You may also like", "Share this", "Share on Facebook", "Follow us on Twitter",
			"Subscribe to our newsletter!", "Sign up for our newsletter", "Post a Comment", "Leave a reply", "Share", "Tweet",
			"Advertisement", "Home", "Print", "Tags: ports, strikes", "Filed under: Shipping", "© 2031 The Northquay Post",
			"© Northquay Post. All rights reserved.", "Photo: J. Harbour", "3 min read", "We use cookies to improve your visit.",
			"Please enable JavaScript to see the comments.", "Home | News | Sport | Weather", "News › Ports › Strikes",
			"Skip to content", "Don't miss", "Don’t miss", "Your email address will not be published. Required fields are marked *",
			"This material may not be published, broadcast or redistributed.", "Read more: Why do dockers strike?", "Related: Ferry sinks", "Read more.",
			"Home > World", "Home / Sport", "Updated 3 March 2031, 10:12 GMT", "Print this page", "Comments (3)", "Photo by J. Harbour/AFP", "5 minute read",
			"Privacy Policy", "Sign up for our evening letter.", "Read our privacy policy.", "Copyright 2031 The Northquay Post", "Story continues below advertisement",
		},
		article.French: {
			"Lire aussi", "À lire aussi :", "LIRE AUSSI – La grève des dockers", "Sur le même sujet", "Les plus lus", "Abonnez-vous",
			"S'abonner", "S’abonner à notre lettre", "Inscrivez-vous à notre newsletter", "Partager", "Partager sur Facebook", "Publicité",
			"Laisser un commentaire", "Tous droits réservés", "© Le Courrier de Nordquai", "Temps de lecture : 3 minutes",
			"Nous utilisons des cookies pour mesurer l’audience.", "Mots-clés : port, grève", "Accueil › Société › Ports",
			"Les champs obligatoires sont indiqués avec *", "Crédit photo : J. Morel", "Retour en haut", "Je m’abonne",
			"Accueil > Actualités", "À lire aussi : pourquoi les dockers font-ils grève ?", "Lire la suite", "Mis à jour le 3 mars 2031 à 10h12", "Lecture : 3 min de lecture",
			"Photo d’illustration", "Partager l’article", "Imprimer cet article", "Article réservé aux abonnés", "Il vous reste 70 % de cet article à lire.",
			"La suite après cette publicité", "Voir les commentaires", "Continuer sans accepter", "Mentions légales", "Copier le lien",
		},
	} {
		for _, line := range lines {
			if _, news := judged(language, line); len(news) > 0 {
				t.Errorf("%s %q is taken for news", language, news)
			}
		}
	}
}

func TestNewsThatLooksLikeFurnitureIsNews(t *testing.T) {
	for language, lines := range map[article.Language][]string{
		article.English: {
			"Share prices fell 3% on Monday.", "Home sales rose.", "Comments by the minister drew fire.", "Search teams found the boat.",
			"Shares fell.", "Prints were found.", "Homes burned.", "Subscribers left the phone company in droves.",
			"Readers more often choose the ferry.", "Emailed threats closed the port.", "Registered voters may take part.",
			"Cookies were on the menu of the summit, along with tea.", "The copyright dispute ended in court.",
			"The firm hid cookies from its auditors.", "Facebook posted a loss, its first in years.",
			"Traffic, noise | dust", "Sponsored children wrote to the king.", "Signs up north warned of ice.",
			"Trendingly named boats sold well.", "The minister did not want to comment further.",
			"The newsletter of the dockers' union called for a vote on the offer before the end of the month.",
		},
		article.French: {
			"Partager le pouvoir ne lui plaît pas du tout, dit-elle.", "Publicités et affiches ont été retirées du port.",
			"La publicité pour l’alcool sera interdite.", "Recherchés depuis mardi, les marins ont été retrouvés.",
			"Les abonnés du téléphone paieront davantage.", "Imprimeurs et libraires protestent.", "Accueillis à quai, ils ont pleuré.",
			"Voir les aussières céder a effrayé les marins.", "Sur le même bateau, on parlait trois langues.",
			"Les cookies du boulanger se vendent bien.",
		},
	} {
		for _, line := range lines {
			if furniture, _ := judged(language, line); len(furniture) > 0 {
				t.Errorf("%s %q is taken for furniture", language, furniture)
			}
		}
	}
}

func TestWholeSentencesThatOpenOrSpeakLikeASiteAreNews(t *testing.T) {
	for language, lines := range map[article.Language][]string{
		article.English: {
			"Also on Tuesday, the central bank raised its rate to 4 percent.",
			"More from the northern harbours is expected to reach the market next week.",
			"Recommended doses vary from one country to the next, the agency said.",
			"Published on Monday, the study found that sea levels rise faster than feared.",
			"Most popular with tourists, the island wants fewer of them.",
			"Trending upward for a year, prices fell in May.",
			"Latest news from the flooded valley suggests that two bridges have gone.",
			"The mayor wrote on Twitter that she would resign.",
			"The union rejected the terms and conditions.",
			"Read more books, the minister told pupils.",
			"Join our fight, the dockers shouted across the quay.",
			"Facebook changed its privacy policy last year.", "He was contacted via WhatsApp on Monday.", "She did not want to share on Facebook what she saw.",
			"Home sales rise", "Search continues", "Privacy policy changes", "Share prices fall", "Copyright row ends in court", "Published in 1984, it sold well",
			"Filed under seal, the suit names two banks.", "No comments were made by the owner.", "Back to top form, she won.", "Image of a port in winter",
			"The admin read the letter.", "Accept all the terms, he said.", "Not a subscriber himself, he read the paper at work.", "The novel is a five-minute read.",
		},
		article.French: {
			"En ce moment, les deux camps négocient à Genève.",
			"Publié le 3 mai par le ministère, le rapport accable l’armateur.",
			"À la une des journaux norvégiens, le naufrage a ému le pays.",
			"Recommandé pour vous soigner, ce sirop est interdit ailleurs.",
			"Il accepte de partager sur dix ans le coût de la digue.",
			"En ce moment, ils dorment.", "Il vous reste deux jours pour voter.", "Aucun commentaire n’a été fait par la police.", "Une recette de cookies",
			"Après dix minutes de lecture, il s’endort.", "Tout accepter serait une erreur.", "Retour en haut de l’affiche pour les dockers", "Réservé aux abonnés, le concert a plu.",
			"Partager le pouvoir", "Recherche sur le cancer", "Image du port en hiver", "Mise à jour du réseau", "Envoyer par le fond ce navire, dit-il.", "Accueil des réfugiés",
		},
	} {
		for _, line := range lines {
			if furniture, _ := judged(language, line); len(furniture) > 0 {
				t.Errorf("%s %q is taken for furniture", language, furniture)
			}
		}
	}
}

func TestACopyrightSignBeforeANameIsFurniture(t *testing.T) {
	if _, news := judged(article.English, "©Northquay Post"); len(news) > 0 {
		t.Errorf("%q is taken for news", news)
	}
}

func TestATitleOfAListTakesTheHeadlinesAfterIt(t *testing.T) {
	text := "The port reopened.\nRelated articles\nFerry workers end their strike\nHarbour fees to rise\nThe mayor welcomed the deal.\nShips came back"
	furniture, news := judged(article.English, text)
	if got, want := strings.Join(furniture, "/"), "Related articles/Ferry workers end their strike/Harbour fees to rise"; got != want {
		t.Errorf("furniture %q, want %q", got, want)
	}
	if got, want := strings.Join(news, "/"), "The port reopened./The mayor welcomed the deal./Ships came back"; got != want {
		t.Errorf("news %q, want %q", got, want)
	}
}

func TestAButtonTakesNoLineAfterIt(t *testing.T) {
	furniture, _ := judged(article.English, "Share\nFerry workers end their strike\n")
	if got := strings.Join(furniture, "/"); got != "Share" {
		t.Errorf("furniture %q", got)
	}
}

func TestLongSentencesAreNeverFurniture(t *testing.T) {
	text := "Read more " + strings.Repeat("harbour ", maxFurniture)
	if furniture, _ := judged(article.English, text); len(furniture) > 0 {
		t.Errorf("%d tokens are furniture", maxFurniture+2)
	}
}

func TestTheHeadlineIsNeverFurniture(t *testing.T) {
	a := &article.Article{Title: "Share this", Text: "Share this\nThe charity asks for boats."}
	for _, s := range NewScanner(article.English).Sentences(a) {
		if s.Furniture {
			t.Errorf("%q is furniture", s.Span.Of(a.Text))
		}
	}
}

func TestEveryPhraseOfFurnitureIsFoundByItsHints(t *testing.T) {
	for name, list := range map[string][]string{"title": listTitles, "opener": openers, "label": labels, "phrase": phrases} {
		for _, phrase := range list {
			for _, written := range []string{phrase, strings.ToUpper(phrase)} {
				for _, language := range []article.Language{article.English, article.French} {
					if _, news := judged(language, written); len(news) > 0 {
						t.Errorf("%s %q is not found in a text of language %s", name, written, language)
					}
				}
			}
		}
	}
}
