package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/text"
)

// lexiconShowOptions are the flags of lexicon show.
type lexiconShowOptions struct {
	language string
}

// AddFlags adds the flags of lexicon show.
func (o *lexiconShowOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.language, "language", "", "look the words up in `LANGUAGE` only: en or fr (default: both)")
}

func newLexiconShow(s *Streams, m *models) *cobra.Command {
	var o lexiconShowOptions
	cmd := &cobra.Command{
		Use:   "show WORD...",
		Short: "Show what the lexicon knows of words",
		Long: `Show looks each WORD up as French and as English. A French word comes with its stem,
its inverse document frequency and the concepts it means, which are English stems, with
their weights: the squares of a word's weights sum to 1. An English word comes with the
French words that mean it, best first.` + exitHelp,
		Example: `  dedupe lexicon show grève
  dedupe lexicon show --language en strike minister`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("no WORD given")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runLexiconShow(&o, m, args, s) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runLexiconShow(o *lexiconShowOptions, m *models, words []string, s *Streams) error {
	languages := []article.Language{article.French, article.English}
	switch o.language {
	case "":
	case string(article.French), string(article.English):
		languages = []article.Language{article.Language(o.language)}
	default:
		return usagef("--language: unknown language %q (want en, fr)", o.language)
	}
	l, err := m.lexicon()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.Out)
	d := newDictionary(l, out)
	for _, word := range words {
		for _, language := range languages {
			if language == article.French {
				d.showFrench(word)
			} else {
				d.showEnglish(word)
			}
		}
	}
	return out.Flush()
}

// dictionary is a lexicon with names for its concepts.
type dictionary struct {
	io.Writer
	lexicon *lexicon.Lexicon
	names   map[lexicon.Concept]string
	english *text.Scanner
	french  *text.Scanner
}

func newDictionary(l *lexicon.Lexicon, out io.Writer) *dictionary {
	d := &dictionary{
		Writer: out, lexicon: l, names: map[lexicon.Concept]string{},
		english: text.NewScanner(article.English), french: text.NewScanner(article.French),
	}
	for _, e := range l.Table().English {
		d.names[lexicon.Named(e.Stem)] = e.Stem
	}
	return d
}

// head writes the first line about a word.
func (d *dictionary) head(word, language string, form *text.Form, sense *lexicon.Sense) {
	known := ""
	if !sense.Known {
		known = ", not in the lexicon"
	}
	fmt.Fprintf(d, "%s (%s): stem %s, idf %.2f%s\n", report.Printable(word), language, report.Printable(form.Stem), sense.IDF, known)
}

func (d *dictionary) showFrench(word string) {
	form := d.french.Form(word)
	sense := d.lexicon.Meaning(article.French, form, d.english)
	d.head(word, "French", form, &sense)
	slices.SortStableFunc(sense.Concepts, func(a, b lexicon.Weighted) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, c := range sense.Concepts {
		name, learned := d.names[c.Concept]
		if !learned {
			name = "its own form"
		}
		fmt.Fprintf(d, "  %.3f  %s\n", c.Weight, report.Printable(name))
	}
}

// maxFrench is how many French words are shown for an English one.
const maxFrench = 12

func (d *dictionary) showEnglish(word string) {
	form := d.english.Form(word)
	sense := d.lexicon.Meaning(article.English, form, d.english)
	d.head(word, "English", form, &sense)
	type source struct {
		stem   string
		weight float64
	}
	var sources []source
	table := d.lexicon.Table()
	stem := text.Fold(form.Stem)
	at, found := slices.BinarySearchFunc(table.English, stem, func(e lexicon.EnglishTerm, stem string) int {
		return strings.Compare(e.Stem, stem)
	})
	for _, f := range table.French {
		for _, t := range f.Translations {
			if found && t.English == at {
				sources = append(sources, source{f.Stem, t.Weight})
			}
		}
	}
	slices.SortStableFunc(sources, func(a, b source) int { return cmp.Compare(b.weight, a.weight) })
	for _, x := range sources[:min(len(sources), maxFrench)] {
		fmt.Fprintf(d, "  %.3f  %s\n", x.weight, report.Printable(x.stem))
	}
}
