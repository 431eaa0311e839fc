package generate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// invented is a corpus of n pairs of sentences in two invented languages, of documents
// of 40 sentences.
func invented(n int) *Corpus {
	rng := rand.New(rand.NewPCG(3, 5))
	word := func(language int) string {
		h := uint64(skewed(rng.Uint64(), 20_000, 3))
		return strings.ToLower(word(h, [2][]string{{"ing", "ed", "ly", "ness"}, {"ment", "tion", "eur", "age"}}[language]))
	}
	var lines [2][]string
	var documents []string
	for i := range n {
		name, number := surname(rng.Uint64()), rng.IntN(5000)
		length := 6 + rng.IntN(18)
		for language := range lines {
			var words []string
			for range length {
				words = append(words, word(language))
			}
			words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
			if i%3 == 0 {
				words = append(words, name)
			}
			if i%4 == 0 {
				words = append(words, fmt.Sprint(number))
			}
			lines[language] = append(lines[language], strings.Join(words, " ")+".")
		}
		documents = append(documents, fmt.Sprint(i/40))
	}
	return newCorpus(lines[english], lines[french], documents)
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if strings.HasSuffix(name, ".zst") {
		z, _ := zstd.NewWriter(nil)
		text = string(z.EncodeAll([]byte(text), nil))
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLinesThatAreNotAlignedAreRefusedByName(t *testing.T) {
	en, fr := writeFile(t, "a.en", "One line.\nAnother.\n"), writeFile(t, "a.fr", "Une ligne.\n")
	_, err := ReadCorpus(en, fr, "")
	if !errors.Is(err, ErrNotAligned) || !strings.Contains(err.Error(), "a.en has 2 lines") || !strings.Contains(err.Error(), "a.fr has 1") {
		t.Errorf("%v", err)
	}
	_, err = ReadCorpus(en, en, fr)
	if err == nil || !strings.Contains(err.Error(), "a.fr has 1 lines") {
		t.Errorf("documents: %v", err)
	}
	_, err = ReadCorpus(en, en+".missing", "")
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "a.en.missing") {
		t.Errorf("missing: %v", err)
	}
}

func TestPackedAndPlainFilesAreReadAlike(t *testing.T) {
	const en = "The harbour was closed on Monday after the storm.\nFishermen asked for help from the council.\n"
	const fr = "Le port a été fermé lundi après la tempête.\nLes pêcheurs ont demandé l'aide du conseil.\n"
	for _, packing := range []string{"", ".zst"} {
		c, err := ReadCorpus(writeFile(t, "a.en"+packing, en), writeFile(t, "a.fr"+packing, fr), writeFile(t, "d"+packing, "x\ny\n"))
		if err != nil {
			t.Fatal(err)
		}
		if c.Len() != 2 || c.sentences[french][1] != "Les pêcheurs ont demandé l'aide du conseil." || !c.begins(1) {
			t.Errorf("%q: %v", packing, c.sentences)
		}
	}
}

func TestWhatWasSaidBeforeIsLeftOut(t *testing.T) {
	c := newCorpus([]string{
		"This regulation meticulously determines the gear authorised for fishing in the Mediterranean.",
		"Nobody in the harbour remembers a storm of such violence.",
		"The regulation meticulously determines what gear is authorised in waters of the Mediterranean.",
		"NOBODY in the harbour remembers a storm of such violence!",
		"Too short.",
		"Of the quay, the cranes and the warehouses nothing is left.",
	}, []string{
		"Ce règlement définit avec soin les engins autorisés pour la pêche en Méditerranée.",
		"Personne au port ne se souvient d'une tempête aussi violente.",
		"Le texte décrit en détail quels outils sont permis en mer.",
		"De mémoire de marin, on n'avait jamais vu cela ici.",
		"Trop court.",
		"Du quai, des grues et des entrepôts, il ne reste rien.",
	}, nil)
	if c.Len() != 3 || c.sentences[english][2][:11] != "Of the quay" {
		t.Errorf("%q", c.sentences[english])
	}
}

func TestSlotsAreNamesAndNumbersThatBothSidesHave(t *testing.T) {
	c := newCorpus(
		[]string{"Yesterday Rowland told Mr Daul that 120 of the 1,500 jobs at Kerst, in Germany, went in 2009."},
		[]string{"Hier, Rowland a dit à M. Daul que 120 des 1 500 emplois de Kerst, en Allemagne, avaient disparu en 2009."}, nil)
	want := "[Rowland Daul 120 Kerst 2009]"
	for s := range c.sentences {
		var words []string
		for _, slot := range c.slotsOf(side(s), 0) {
			words = append(words, slot.of(c.sentences[s][0]))
		}
		if got := fmt.Sprint(words); got != want {
			t.Errorf("%s: %s, want %s", side(s).language(), got, want)
		}
	}
	a, b := newCast(1), newCast(1)
	en := string(a.appendReplaced(nil, c.sentences[english][0], c.slotsOf(english, 0)))
	fr := string(b.appendReplaced(nil, c.sentences[french][0], c.slotsOf(french, 0)))
	for _, gone := range []string{"Rowland", "Daul", "120", "Kerst"} {
		if strings.Contains(en, gone) || strings.Contains(fr, gone) {
			t.Errorf("%s is still there: %s / %s", gone, en, fr)
		}
	}
	name := strings.Fields(en)[1]
	if !strings.Contains(fr, name) || !strings.Contains(en, "1,500") {
		t.Errorf("%s / %s", en, fr)
	}
}

func TestFixturesMakeACorpus(t *testing.T) {
	c, err := Fixtures(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	if c.Len() < 150 {
		t.Errorf("%d sentences only", c.Len())
	}
	if _, err := Fixtures(t.TempDir()); !errors.Is(err, ErrTooSmall) || !strings.Contains(err.Error(), "--english") {
		t.Errorf("empty folder: %v", err)
	}
}

const fixtures = "../../../fixtures/stories"
