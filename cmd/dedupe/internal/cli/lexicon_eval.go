package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/shingle/retrieval"
)

// lexiconEvalOptions are the flags of lexicon eval.
type lexiconEvalOptions struct {
	english string
	french  string
	format  string
}

// AddFlags adds the flags of lexicon eval.
func (o *lexiconEvalOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.english, "en", "", "`FILE` of English lines, plain, .gz or .zst")
	f.StringVar(&o.french, "fr", "", "`FILE` of French lines; each translates the English line of its number")
	addFormatFlag(cmd, &o.format)
}

func newLexiconEval(s *Streams, m *models) *cobra.Command {
	var o lexiconEvalOptions
	cmd := &cobra.Command{
		Use:   "eval --en FILE --fr FILE",
		Short: "Measure how well the lexicon finds translated lines",
		Long: `Eval has each French line ask for the English line that translates it, among all
English lines, and shows in how many of a hundred cases the right one comes first, and
among the first five. An English line that answers another French line better is less of an
answer, which a search by the cosine alone does not know. Lines that are blank in both files
are left out. It compares every line with every other, so that it needs 4 bytes of memory for
the square of their number.` + exitHelp,
		Example: `  dedupe lexicon eval --en fixtures/stories/a-bank-en.txt --fr fixtures/stories/a-bank-fr.txt`,
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return runLexiconEval(&o, m, s) },
	}
	o.AddFlags(cmd)
	return cmd
}

// maxEvalLines bounds the memory of lexicon eval to 10 GB.
const maxEvalLines = 50_000

// jsonRetrieval is a retrieval.Result as it stands in JSON.
type jsonRetrieval struct {
	Lines int     `json:"lines"`
	PAt1  float64 `json:"p_at_1"`
	PAt5  float64 `json:"p_at_5"`
}

func runLexiconEval(o *lexiconEvalOptions, m *models, s *Streams) error {
	if err := checkFormat(o.format, formatText); err != nil {
		return err
	}
	if o.english == "" || o.french == "" {
		return usagef("two files are needed: --en and --fr")
	}
	english, err := readLines(o.english)
	if err != nil {
		return fmt.Errorf("--en: %w", err)
	}
	french, err := readLines(o.french)
	switch {
	case err != nil:
		return fmt.Errorf("--fr: %w", err)
	case len(english) != len(french):
		return fmt.Errorf("the lines do not match: %s has %d, %s has %d", o.english, len(english), o.french, len(french))
	}
	english, french = withoutBlanks(english, french)
	switch {
	case len(english) == 0:
		return fmt.Errorf("no line in %s", o.english)
	case len(english) > maxEvalLines:
		return fmt.Errorf("%d lines are too many to compare all with all; at most %d can be", len(english), maxEvalLines)
	}
	l, err := m.lexicon()
	if err != nil {
		return err
	}
	r := retrieval.Evaluate(l, english, french)
	if o.format == formatJSON {
		return json.NewEncoder(s.Out).Encode(jsonRetrieval{r.Lines, r.PAt1, r.PAt5})
	}
	_, err = fmt.Fprintf(s.Out, "lines  %s\nP@1    %.4f\nP@5    %.4f\n", grouped(r.Lines), r.PAt1, r.PAt5)
	return err
}

// withoutBlanks leaves out the lines that are blank on both sides.
func withoutBlanks(english, french []string) (en, fr []string) {
	for i := range english {
		if strings.TrimSpace(english[i]) != "" || strings.TrimSpace(french[i]) != "" {
			en, fr = append(en, english[i]), append(fr, french[i])
		}
	}
	return en, fr
}

// readLines reads the lines of a file, unpacked as its name says.
func readLines(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, reasonOf(err))
	}
	defer file.Close()
	in, err := unpacked(path, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer in.Close()
	var lines []string
	buffered := bufio.NewReader(in)
	for {
		line, err := buffered.ReadString('\n')
		if line != "" {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
		switch {
		case err == io.EOF:
			return lines, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", path, reasonOf(err))
		}
	}
}

func unpacked(path string, file io.Reader) (io.ReadCloser, error) {
	switch filepath.Ext(path) {
	case ".gz":
		return gzip.NewReader(file)
	case ".zst":
		z, err := zstd.NewReader(file)
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}
	return io.NopCloser(file), nil
}
