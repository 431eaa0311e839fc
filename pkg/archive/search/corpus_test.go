package search_test

import (
	"context"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// stories is the corpus of these tests.
var stories = []article.Article{
	{ID: "en-strike", Language: article.English, Source: "Northquay Herald", Published: day("2026-01-12"), URL: "https://herald.example/1",
		Title: "Dockers end strike at Northquay",
		Text: "Dockers end strike at Northquay\n\nNORTHQUAY (AFP) - The dockers of Northquay ended their strike on Monday after twelve days. " +
			"The port authority promised 1,500 new jobs and 3 billion dollars for the quays.\n\n" +
			"“We are back at work,” said Jane O'Hara of the union. The walkout had stopped all ships."},
	{ID: "fr-strike", Language: article.French, Source: "Le Quai", Published: day("2026-01-13"), URL: "https://quai.example/1",
		Title: "Les dockers de Nordquai mettent fin à la grève",
		Text: "NORDQUAI (AFP) - Les dockers de Nordquai ont mis fin lundi à leur grève, après douze jours. " +
			"L’autorité portuaire a promis 1 500 emplois et 3 milliards de dollars.\n\n" +
			"L'Assemblée nationale avait demandé la reprise du travail, et la sécurité des quais avait été renforcée."},
	{ID: "fr-law", Language: article.French, Source: "Le Quai", Published: day("2026-02-02"), URL: "https://quai.example/2",
		Title: "L’Assemblée vote la loi sur la pêche",
		Text: "L’Assemblée a voté mardi la loi sur la pêche. Une assemblée de marins, nationale celle-là, s’y oppose. " +
			"Aucune grève n’est prévue avant l’été."},
	{ID: "fr-caps", Language: article.French, Source: "La Dépêche de l'Île", Published: day("2025-12-30"),
		Title: "SECURITE : LA GREVE DES PILOTES",
		Text:  "Les pilotes du bac cessent le travail jusqu’au 2 janvier."},
	{ID: "en-fire", Language: article.English, Source: "Northquay Herald", Published: day("2026-02-20"), URL: "https://herald.example/2",
		Title: "Fire destroys fish market",
		Text:  "A fire destroyed the fish market on Friday. Two people were hurt. The WHO was not asked. National security is not at stake, nor is the assembly hall."},
	{ID: "en-pain", Language: article.English, Source: "The Harbour Gazette", Published: day("2026-03-03"),
		Title: "Living with pain", Text: "Doctors at the clinic treat pain without drugs. Bread and rest help, they say."},
	{ID: "de-port", Language: "de", Source: "Hafenblatt",
		Title: "Streik im Hafen", Text: "Der Streik im Hafen ist beendet. 1500 neue Stellen."},
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// document is an article as the store would index it.
func document(a *article.Article, cluster string) map[string]any {
	group := "other"
	if a.Language == article.English || a.Language == article.French {
		group = string(a.Language)
	}
	d := map[string]any{
		group:             map[string]any{"title": a.Title, "text": a.Text},
		analysis.Language: string(a.Language), analysis.Source: a.Source, analysis.Hash: a.Hash().String(),
	}
	for name, value := range map[string]string{
		analysis.URL: a.URL, analysis.Cluster: cluster, analysis.Agency: text.AttributesOf(a).Agency,
	} {
		if value != "" {
			d[name] = value
		}
	}
	if !a.Published.IsZero() {
		d[analysis.Published] = a.Published
	}
	return d
}

// archive is an index in memory with its articles.
type archive struct {
	index    bleve.Index
	articles map[string]article.Article
	search   *search.Searcher
}

func newArchive(t testing.TB) *archive {
	t.Helper()
	x, err := bleve.NewUsing("", analysis.Mapping(), scorch.Name, scorch.Name, nil) // in memory, as on disk
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{index: x, articles: map[string]article.Article{}}
	a.search = search.New(x, a.get, l)
	return a
}

func (a *archive) get(id string) (article.Article, bool, error) {
	x, ok := a.articles[id]
	return x, ok, nil
}

// add indexes articles in batches.
func (a *archive) add(t testing.TB, batch int, list ...article.Article) {
	t.Helper()
	b := a.index.NewBatch()
	for i := range list {
		x := &list[i]
		cluster := ""
		if x.ID == "en-strike" || x.ID == "fr-strike" {
			cluster = "en-strike"
		}
		a.articles[x.ID] = *x
		if err := b.Index(x.ID, document(x, cluster)); err != nil {
			t.Fatal(err)
		}
		if b.Size() >= batch || i == len(list)-1 {
			if err := a.index.Batch(b); err != nil {
				t.Fatal(err)
			}
			b.Reset()
		}
	}
}

func (a *archive) remove(t testing.TB, id string) {
	t.Helper()
	delete(a.articles, id)
	if err := a.index.Delete(id); err != nil {
		t.Fatal(err)
	}
}

func (a *archive) find(t testing.TB, r search.Request) *search.Response {
	t.Helper()
	out, err := a.search.Search(context.Background(), r)
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return out
}

func ids(r *search.Response) []string {
	var list []string
	for _, h := range r.Hits {
		list = append(list, h.ID)
	}
	return list
}
