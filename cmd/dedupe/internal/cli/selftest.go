package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/fixtures"
	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/evaluation"
	"github.com/calque-dev/calque/pkg/verdict"
)

func newSelftest(s *Streams, m *models) *cobra.Command {
	return &cobra.Command{
		Use:   "selftest",
		Short: "Check that the program finds what it should",
		Long: `Selftest scans written stories that are part of the program, and prints for each relation how
many pairs were found of those that are there, with precision and recall. It then checks that one
worker finds the same as several, and an archive the same as a scan. With --lexicon or --model it
tells how others do. Every mistake is listed.

Exit status: 0 done and all is found, 1 something differs, 2 bad usage or input,
130 interrupted.`,
		Example: `  dedupe selftest`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runSelftest(cmd.Context(), m, s) },
	}
}

func runSelftest(ctx context.Context, m *models, s *Streams) error {
	started := time.Now()
	dir, err := os.MkdirTemp("", "dedupe-selftest-*")
	if err != nil {
		return fmt.Errorf("no temporary folder in %s: %w: name another place with TMPDIR", os.TempDir(), reasonOf(err))
	}
	end := s.whenCutOff(func() { _ = os.RemoveAll(dir) })
	defer func() { _ = end(func() error { return os.RemoveAll(dir) }) }()
	if err := os.CopyFS(dir, fixtures.Files); err != nil {
		return fmt.Errorf("temporary folder: %w: make room, or name another place with TMPDIR", reasonOf(err))
	}
	bar := newProgress(s)
	defer bar.close()
	t := selftest{models: m, stories: filepath.Join(dir, fixtures.Stories), archive: filepath.Join(dir, "archive")}

	bar.show("scanning", "", 0, 0, 0)
	found, read, err := t.scan(ctx, 0)
	if err != nil {
		return err
	}
	gold, err := t.gold()
	if err != nil {
		return err
	}
	bar.show("scanning with one worker", "", 0, 0, 0)
	alone, _, err := t.scan(ctx, 1)
	if err != nil {
		return err
	}
	bar.show("archiving", "", 0, 0, 0)
	archived, err := t.archived(ctx)
	if err != nil {
		return err
	}
	bar.close()

	measured := evaluation.Evaluate(gold, slices.Values(found), nil)
	if err := report.Evaluation(s.Out, measured, len(measured.Mistakes) > 0, s.OutScreen); err != nil {
		return err
	}
	differs := len(measured.Mistakes) > 0
	copies := slices.DeleteFunc(slices.Clone(found), func(p dedupe.Pair) bool { return p.Relation == verdict.Related })
	for _, check := range []struct {
		what       string
		pairs, are []dedupe.Pair
	}{{"one worker finds the same as several", alone, found}, {"an archive has the same as a scan", archived, copies}} {
		same := bytes.Equal(asLines(check.pairs), asLines(check.are))
		differs = differs || !same
		if _, err := fmt.Fprintf(s.Out, "%-41s  %s\n", check.what, map[bool]string{true: "yes", false: "NO"}[same]); err != nil {
			return err
		}
	}
	s.summarize(true, read,
		fact{"took", seconds(time.Since(started)), []slog.Attr{slog.Float64("seconds", time.Since(started).Seconds())}})
	if differs {
		s.warn("something differs: this program, or the lexicon or model it was given, does not find what it should")
		return errFound
	}
	return nil
}

// selftest is the stories at work, in a temporary folder.
type selftest struct {
	models           *models
	stories, archive string
}

func (t *selftest) read(ctx context.Context) articles {
	return ingest.Read(ctx, []string{t.stories}, ingest.Options{})
}

// scan finds the pairs with so many workers.
func (t *selftest) scan(ctx context.Context, workers int) (pairs []dedupe.Pair, read fact, err error) {
	detector, err := t.models.newDetector(dedupe.Options{Workers: workers, Relations: verdict.Relations()})
	if err != nil {
		return nil, read, err
	}
	result, err := detector.Scan(ctx, t.read(ctx))
	if err != nil {
		return nil, read, err
	}
	defer result.Close()
	return slices.Collect(result.Pairs()), readFact(result.Len(), len(result.Rejected)), nil
}

// archived are the pairs of an archive of the stories.
func (t *selftest) archived(ctx context.Context) (pairs []dedupe.Pair, err error) {
	options, err := t.models.archive(dedupe.Options{}, 0)
	if err != nil {
		return nil, err
	}
	a, err := archive.Create(t.archive, options)
	if err != nil {
		return nil, err
	}
	err = a.Add(ctx, t.read(ctx), func(archive.Added) error { return nil })
	if err == nil {
		pairs, err = a.Pairs(ctx)
	}
	return pairs, andClose(err, a)
}

func (t *selftest) gold() (*evaluation.Gold, error) {
	text, err := fixtures.Files.ReadFile(fixtures.Gold)
	if err != nil {
		return nil, err
	}
	var gold evaluation.Gold
	return &gold, gold.Read(bytes.NewReader(text), fixtures.Gold)
}

// asLines are pairs as scan writes them.
func asLines(pairs []dedupe.Pair) []byte {
	var b bytes.Buffer
	_ = report.Pairs(&b, slices.Values(pairs), report.Options{Format: report.JSONLines}) // a Buffer takes everything
	return b.Bytes()
}
