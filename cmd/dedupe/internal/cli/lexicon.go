package cli

import "github.com/spf13/cobra"

func newLexicon(s *Streams, m *models) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lexicon",
		Short: "Learn, measure and look into a lexicon",
		Long: `The lexicon says which English words a French word means. These commands learn one
from sentence-aligned text, measure it, and look words up in it.` + exitHelp,
		Example: `  dedupe lexicon show grève
  dedupe lexicon eval --en fixtures/stories/a-bank-en.txt --fr fixtures/stories/a-bank-fr.txt`,
		Args: cobra.ArbitraryArgs,
		RunE: needCommand,
	}
	cmd.AddCommand(
		newLexiconTrain(s),
		newLexiconEval(s, m),
		newLexiconShow(s, m),
	)
	return cmd
}
