// Corpus makes a pile of articles with known copies out of a corpus of aligned sentences.
//
//	go run ./benchmarks/corpus --articles N --out FILE.jsonl --gold FILE.tsv
//	    [--english FILE --french FILE [--documents FILE]] [--seed S] [flags]
//
// FILEs are plain or, if so named, .zst. Without a corpus it takes the stories in
// fixtures/stories, which are enough for a hundred articles. The package generate says
// what is made. The same flags and corpus give the same bytes. Both files appear whole
// when all is done, or not at all.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/calque-dev/calque/benchmarks/corpus/generate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "corpus: interrupted; nothing was written")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
}

// files are the names of what is read and written.
type files struct{ english, french, documents, fixtures, out, gold string }

func run(ctx context.Context, args []string) error {
	names, o, err := parse(args)
	if err != nil {
		return err
	}
	c, err := names.corpus()
	if err != nil {
		return err
	}
	g, err := generate.New(c, o)
	if err != nil {
		return err
	}
	return write(ctx, g, names.out, names.gold)
}

// parse reads the flags. Defaults that depend on the number of articles are set after it.
func parse(args []string) (names files, o generate.Options, err error) {
	f := flag.NewFlagSet("corpus", flag.ContinueOnError)
	o = generate.Defaults(0)
	f.IntVar(&o.Articles, "articles", 0, "make `N` articles (default 10000; 100 of the fixtures)")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "draw everything from `S`: the same gives the same bytes")
	f.IntVar(&o.Bytes, "bytes", o.Bytes, "median `LENGTH` of a text, without furniture")
	f.IntVar(&o.Days, "days", o.Days, "publish them over so many `DAYS`")
	f.IntVar(&o.Sources, "sources", o.Sources, "`N` outlets")
	f.Float64Var(&o.French, "french-share", o.French, "`SHARE` of the originals and of the outlets that is French")
	f.Float64Var(&o.Exact, "exact", o.Exact, "`SHARE` with the words of another article")
	f.Float64Var(&o.Near, "near", o.Near, "`SHARE` that is another article, edited")
	f.Float64Var(&o.Excerpt, "excerpt", o.Excerpt, "`SHARE` that is a third to a half of another article")
	f.Float64Var(&o.Translation, "translation", o.Translation, "`SHARE` that is another article in the other language")
	f.Float64Var(&o.Partial, "partial", o.Partial, "`SHARE` that is a third to a half of another, in the other language")
	f.Float64Var(&o.Events, "events", o.Events, "`SHARE` that quotes what others about an event quote, and is no copy")
	f.Float64Var(&o.Notices, "notices", o.Notices, "`SHARE` filled into templates, no copies")
	f.IntVar(&o.Family, "family", -1, "`SIZE` of one family of copies; the gold ties each to the first (default a hundredth of the articles, at most 10000; 0: none)")
	f.StringVar(&names.english, "english", "", "`FILE` of English sentences, one a line")
	f.StringVar(&names.french, "french", "", "`FILE` of their French translations, line by line")
	f.StringVar(&names.documents, "documents", "", "`FILE` with the name of a document for each line")
	f.StringVar(&names.fixtures, "fixtures", "fixtures/stories", "`FOLDER` of stories to take where no --english is given")
	f.StringVar(&names.out, "out", "", "`FILE` for the articles, JSON lines")
	f.StringVar(&names.gold, "gold", "", "`FILE` for the pairs: two ids and the relation")
	if err := f.Parse(args); err != nil {
		return names, o, err
	}
	if o.Articles == 0 {
		o.Articles = 10_000
		if names.english == "" {
			o.Articles = 100
		}
	}
	if o.Family < 0 {
		o.Family = generate.Defaults(o.Articles).Family
	}
	switch {
	case f.NArg() > 0:
		return names, o, fmt.Errorf("%q is no flag: see --help", f.Arg(0))
	case names.out == "" || names.gold == "":
		return names, o, errors.New("give --out FILE and --gold FILE")
	case names.out == names.gold:
		return names, o, fmt.Errorf("--out and --gold name the same file %s", names.out)
	case (names.english == "") != (names.french == ""):
		return names, o, errors.New("give --english and --french together")
	case names.documents != "" && names.english == "":
		return names, o, errors.New("--documents goes with --english and --french")
	}
	return names, o, nil
}

func (f *files) corpus() (*generate.Corpus, error) {
	if f.english == "" {
		return generate.Fixtures(f.fixtures)
	}
	return generate.ReadCorpus(f.english, f.french, f.documents)
}
