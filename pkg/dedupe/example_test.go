package dedupe_test

import (
	"context"
	"fmt"
	"iter"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/verdict"
)

// ferries are a report, its translation, its edited copy, and a report of something
// else.
var ferries = []article.Article{
	{ID: "en", Text: "The ferry Aurélie ran aground off Groix on Monday with 214 passengers on board. " +
		"Nobody was injured, but the captain was questioned by the police for six hours. " +
		"Divers will inspect the hull before the ship is towed to Lorient."},
	{ID: "en-edited", Text: "The ferry Aurélie ran aground off the island of Groix on Monday with 214 passengers on board. " +
		"Nobody was injured, but the captain was questioned by police for six hours. " +
		"Divers will inspect the hull before the ship is towed to Lorient, the owner said."},
	{ID: "fr", Text: "Le ferry Aurélie s'est échoué lundi au large de Groix avec 214 passagers à bord. " +
		"Personne n'a été blessé, mais le capitaine a été interrogé par la police pendant six heures. " +
		"Des plongeurs inspecteront la coque avant que le navire soit remorqué à Lorient."},
	{ID: "storks", Text: "Biologists counted 96 pairs of storks along the marshes of the lower Sava this spring. " +
		"That is twice as many as ten years ago, when the meadows were still being drained for maize."},
}

// each yields the articles, as ingest.Read does.
func each(articles []article.Article) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func ExampleNew() {
	_, err := dedupe.New(dedupe.Options{Relations: []verdict.Relation{verdict.Translation}, MinScore: 0.9})
	fmt.Println(err)
	_, err = dedupe.New(dedupe.Options{MinScore: 90})
	fmt.Println(err)
	// Output:
	// <nil>
	// minimum score 90 is not between 0 and 1
}

func ExampleDetector_Scan() {
	d, err := dedupe.New(dedupe.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := d.Scan(context.Background(), each(ferries))
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range result.Pairs() {
		fmt.Println(p.A, p.B, p.Relation, p.Languages)
	}
	for c := range result.Clusters() {
		fmt.Println("keep", result.ID(c.Canonical), "of", len(c.Members))
	}
	// Output:
	// en en-edited near-duplicate [en en]
	// en fr translation [en fr]
	// en-edited fr translation [en fr]
	// keep en of 3
}

func ExampleDetector_Compare() {
	d, err := dedupe.New(dedupe.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := d.Compare(ferries[2], ferries[0])
	fmt.Println(c.A, c.B, c.Relation, "swapped:", c.Swapped)
	for _, p := range c.Passages[:1] {
		fmt.Printf("%s\n= %s\n", p.A.Of(ferries[0].Text), p.B.Of(ferries[2].Text))
	}
	// Output:
	// en fr translation swapped: true
	// The ferry Aurélie ran aground off Groix on Monday with 214 passengers on board.
	// = Le ferry Aurélie s'est échoué lundi au large de Groix avec 214 passagers à bord.
}

func ExampleDetector_Audit() {
	d, err := dedupe.New(dedupe.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	audit, err := d.Audit(context.Background(), each(ferries), dedupe.AuditOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(audit.Compared, "pairs compared,", len(audit.Missed), "missed")
	fmt.Println("translations found:", audit.Relations[verdict.Translation].Found, "of", audit.Relations[verdict.Translation].Pairs)
	// Output:
	// 6 pairs compared, 0 missed
	// translations found: 2 of 2
}
