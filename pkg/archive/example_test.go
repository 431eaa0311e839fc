package archive_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/article"
)

func Example() {
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	a, err := archive.Create(filepath.Join(dir, "news"), archive.Options{})
	if err != nil {
		panic(err)
	}
	defer a.Close()
	ctx := context.Background()
	monday := func(yield func(article.Article, error) bool) {
		yield(article.Article{ID: "monday-en", Text: "The port of Marennes reopened on Tuesday after a strike of 38 days. " +
			"Two ferries with 1,250 passengers left for the island of Oléron, said harbour master Odile Vasseur. " +
			"The dockers had asked for a pay rise of 4.5 percent."}, nil)
	}
	if err := a.Add(ctx, monday, func(b archive.Added) error {
		fmt.Println("added", b.New)
		return nil
	}); err != nil {
		panic(err)
	}
	pairs, err := a.Check(ctx, article.Article{ID: "incoming-fr", Text: "Le port de Marennes a rouvert mardi après une grève de 38 jours. " +
		"Deux ferries avec 1 250 passagers sont partis pour l'île d'Oléron, a annoncé la capitaine du port, Odile Vasseur. " +
		"Les dockers avaient demandé une augmentation de salaire de 4,5 %."}, archive.Filter{})
	if err != nil {
		panic(err)
	}
	for _, p := range pairs {
		fmt.Println(p.A, p.Relation, p.B)
	}
	// Output:
	// added 1
	// incoming-fr translation monday-en
}
