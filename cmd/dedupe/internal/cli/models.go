package cli

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/verdict"
)

// models are the files that replace what is embedded in the program.
type models struct {
	lexiconPath string
	modelPath   string
}

// AddFlags adds the flags to every command.
func (m *models) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&m.lexiconPath, "lexicon", "", "use the lexicon in `FILE` instead of the embedded one")
	f.StringVar(&m.modelPath, "model", "", "use the verdict model in `FILE` instead of the embedded one")
}

// lexicon reads the lexicon.
func (m *models) lexicon() (*lexicon.Lexicon, error) {
	if m.lexiconPath == "" {
		return lexicon.Default()
	}
	file, err := os.Open(m.lexiconPath)
	if err != nil {
		return nil, fmt.Errorf("--lexicon: %s: %w", m.lexiconPath, reasonOf(err))
	}
	defer file.Close()
	table, err := lexicon.ReadTable(file)
	if err != nil {
		return nil, fmt.Errorf("--lexicon: %s: %w: 'dedupe lexicon train' makes one; without the flag the embedded one is used", m.lexiconPath, err)
	}
	return lexicon.New(table), nil
}

// model reads the verdict model.
func (m *models) model() (*verdict.Model, error) {
	if m.modelPath == "" {
		return verdict.Default()
	}
	file, err := os.Open(m.modelPath)
	if err != nil {
		return nil, fmt.Errorf("--model: %s: %w", m.modelPath, reasonOf(err))
	}
	defer file.Close()
	model, err := verdict.Read(file)
	if err != nil {
		return nil, fmt.Errorf("--model: %s: %w: 'dedupe verdict fit' makes one; without the flag the embedded one is used", m.modelPath, err)
	}
	return model, nil
}
