package main

import (
	"math/rand/v2"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
)

// isNews reports whether an article is of the newspapers, which the variants are made
// of; the others distract.
func isNews(a *labelled) bool { return strings.HasPrefix(a.ID, "newstest") }

// derive replaces every newspaper article by what make makes of it.
func (p *pool) derive(rewrite func(a *labelled)) *pool {
	out := &pool{gold: p.gold, articles: make([]labelled, len(p.articles))}
	for i, a := range p.articles {
		if isNews(&a) {
			rewrite(&a)
		}
		out.articles[i] = a
	}
	return out
}

// firstWords keeps the first n words of the text.
func firstWords(n int) func(*labelled) {
	return func(a *labelled) {
		words := 0
		inside := false
		for i, r := range a.Text {
			space := strings.ContainsRune(" \n\t\r", r)
			if !space && !inside {
				words++
			}
			inside = !space
			if space && words == n {
				a.Text = a.Text[:i]
				return
			}
		}
	}
}

// middleThird keeps the middle third of the lines of a French article, and no headline.
func middleThird(a *labelled) {
	if a.Language != article.French {
		return
	}
	lines := strings.Split(a.Text, "\n")
	n := len(lines)
	from, to := n/3, max(n/3+1, 2*n/3)
	a.Title, a.Text = "", strings.Join(lines[from:min(to, n)], "\n")
}

// The furniture of a French site that does not exist, before and after an article.
var (
	wrapHead = []string{
		"Accueil > Actualités > Monde",
		"Abonnez-vous à partir de 1 € par mois",
		"Nous utilisons des cookies pour améliorer votre expérience. Accepter Refuser Paramétrer",
		"Publié le 14 mars à 18h02, mis à jour à 19h30",
		"Partager sur Facebook Twitter WhatsApp Envoyer par e-mail",
	}
	wrapTail = []string{
		"Temps de lecture : 4 minutes",
		"Lire aussi : les cinq choses à savoir avant de commencer la journée",
		"Sur le même sujet",
		"Commenter cet article (12)",
		"© La Gazette des Deux Rives, tous droits réservés. Mentions légales",
	}
)

// wrapper puts French newspaper articles between ten lines of furniture and adds the
// first sentences of another article as a teaser.
func (p *pool) wrapper(rng *rand.Rand) func(*labelled) {
	var french []int
	for i := range p.articles {
		if isNews(&p.articles[i]) && p.articles[i].Language == article.French {
			french = append(french, i)
		}
	}
	return func(a *labelled) {
		if a.Language != article.French {
			return
		}
		at := rng.IntN(len(french))
		if p.articles[french[at]].ID == a.ID {
			at = (at + 1) % len(french)
		}
		other := p.articles[french[at]]
		firstWords(45)(&other)
		teaser := strings.ReplaceAll(other.Text, "\n", " ")
		a.Text = strings.Join(wrapHead, "\n") + "\n" + a.Text + "\n" + teaser + "\n" + strings.Join(wrapTail, "\n")
	}
}
