package dedupe

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/verdict"
)

// closure is what one notice of a closed bridge says.
type closure struct {
	ID, Town, Bridge, Street, Engineer string
	Line, Metres, Thousands            int
	From, To                           int
	Month, Mois, Part, Partie          string
}

var closures = []closure{
	{"a", "Valbonne", "Saint-Roch", "Rue Pasteur", "Hélène Marchetti", 7, 48, 310, 3, 14, "March", "mars", "the railing", "le garde-corps"},
	{"b", "Châteaulin", "Pont-Neuf", "Rue Carnot", "Yann Le Bihan", 12, 65, 742, 9, 27, "April", "avril", "the deck", "le tablier"},
	{"c", "Mirepoix", "Laroque", "Avenue Jaurès", "Sylvie Combes", 31, 22, 128, 5, 19, "June", "juin", "the lamps", "les lampadaires"},
	{"d", "Saverne", "Dettwiller", "Rue Poincaré", "Martin Kessler", 4, 91, 905, 11, 30, "September", "septembre", "the pavement", "le trottoir"},
	{"e", "Barcelonnette", "Jausiers", "Place Manuel", "Odile Fabre", 18, 37, 256, 2, 16, "October", "octobre", "the joints", "les joints"},
	{"f", "Paimpol", "Lézardrieux", "Quai Morand", "Gwenaël Tanguy", 25, 74, 583, 8, 22, "February", "février", "the cables", "les câbles"},
}

const (
	closureEnglish = `The municipality of {{.Town}} announces that the {{.Bridge}} bridge will be closed to all traffic from {{.From}} to {{.To}} {{.Month}}.
Workers will replace {{.Part}} over a length of {{.Metres}} metres.
During the works, buses of line {{.Line}} will be diverted through {{.Street}}, and pedestrians will cross the river on a temporary footbridge.
The works cost {{.Thousands}},000 euros, half of which is paid by the region.
Residents may put their questions to the engineer in charge, {{.Engineer}}, at the town hall.`
	closureFrench = `La municipalité de {{.Town}} annonce que le pont {{.Bridge}} sera fermé à toute circulation du {{.From}} au {{.To}} {{.Mois}}.
Des ouvriers remplaceront {{.Partie}} sur une longueur de {{.Metres}} mètres.
Pendant les travaux, les bus de la ligne {{.Line}} seront déviés par {{.Street}}, et les piétons traverseront la rivière sur une passerelle provisoire.
Les travaux coûtent {{.Thousands}} 000 euros, dont la moitié est payée par la région.
Les habitants peuvent poser leurs questions à l'ingénieur responsable, {{.Engineer}}, à la mairie.`
)

// notices are the closures, told by one template a language.
func notices(tb testing.TB) []article.Article {
	tb.Helper()
	var out []article.Article
	for language, form := range map[article.Language]string{article.English: closureEnglish, article.French: closureFrench} {
		told := template.Must(template.New("closure").Parse(form))
		for _, c := range closures {
			var text bytes.Buffer
			if err := told.Execute(&text, c); err != nil {
				tb.Fatal(err)
			}
			out = append(out, article.Article{ID: c.ID + "-" + string(language), Language: language, Text: text.String()})
		}
	}
	return out
}

func TestANoticeIsTiedToItsOwnTranslationAndToNoSiblings(t *testing.T) {
	r := scanned(t, Options{Relations: []verdict.Relation{verdict.Translation, verdict.PartialTranslation}}, notices(t))
	tied := map[string]string{}
	for p := range r.Pairs() {
		tied[p.A] += p.B
	}
	want := map[string]string{}
	for _, c := range closures {
		want[c.ID+"-en"] = c.ID + "-fr"
	}
	if diff := cmp.Diff(want, tied); diff != "" {
		t.Error(diff)
	}
}

func TestNoticesOfOneTemplateAreTheSameForAnyNumberOfWorkersAndOrder(t *testing.T) {
	o := Options{Passages: true, Relations: verdict.Relations(), Workers: 1}
	pile := notices(t)
	want := scanned(t, o, pile)
	rng := rand.New(rand.NewPCG(1, 4))
	for _, workers := range []int{1, 4, 4, 4} {
		o.Workers = workers
		rng.Shuffle(len(pile), func(i, k int) { pile[i], pile[k] = pile[k], pile[i] })
		if diff := cmp.Diff(want, scanned(t, o, pile), everything); diff != "" {
			t.Fatalf("%d workers: %s", workers, diff)
		}
	}
}

func TestASiblingScoresLessThanTheTranslation(t *testing.T) {
	d := detector(t, Options{})
	byID := map[string]article.Article{}
	for _, a := range notices(t) {
		byID[a.ID] = a
	}
	for english, a := range byID {
		if a.Language != article.English {
			continue
		}
		own := d.Compare(a, byID[strings.Replace(english, "-en", "-fr", 1)])
		if !own.Relation.IsCopy() {
			t.Errorf("%s is no translation alone: score %v", english, own.Score)
		}
		for french, b := range byID {
			if b.Language != article.French || french == own.B {
				continue
			}
			sibling := d.Compare(a, b)
			cross := &d.model.Cross
			if of, than := cross.Score(&sibling.Features), cross.Score(&own.Features); of >= than || sibling.Score >= own.Score {
				t.Errorf("%s: %v for %s, %v for its translation (shown: %v, %v)", english, of, french, than, sibling.Score, own.Score)
			}
		}
	}
}

// A pair that is judged among others never scores more than alone.
func TestRivalsNeverRaiseTheScoreOfACopy(t *testing.T) {
	pile := append(notices(t), stories()...)
	d := detector(t, Options{})
	byID := map[string]article.Article{}
	for _, a := range pile {
		byID[a.ID] = a
	}
	copies := 0
	for p := range scanned(t, Options{}, pile).Pairs() {
		alone := d.Compare(byID[p.A], byID[p.B])
		if alone.Relation == verdict.Exact || p.Relation == verdict.Exact {
			continue
		}
		if copies++; p.Score > alone.Score+1e-3 { // of articles with one text the first is judged for all
			t.Errorf("%s, %s: %v among others, %v alone", p.A, p.B, p.Score, alone.Score)
		}
	}
	if copies < 50 {
		t.Errorf("only %d copies: the test shows little", copies)
	}
}
