package archive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/calque-dev/calque/pkg/archive/search"
	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// All yields the archived articles, of no meaning in order.
func (a *Archive) All(ctx context.Context) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		s, err := a.snapshot()
		if err != nil {
			yield(article.Article{}, err)
			return
		}
		defer s.Close()
		for d, err := range s.Articles(ctx) {
			if !yield(d.Article, err) {
				return
			}
		}
	}
}

// Clusters are the groups of copies that the relations make, as dedupe.Scan makes them;
// members are indices into the articles, which come by id.
func (a *Archive) Clusters(ctx context.Context, policy cluster.Policy) ([]article.Article, []cluster.Cluster, error) {
	pairs, err := a.Pairs(ctx)
	if err != nil {
		return nil, nil, err
	}
	needed := map[string]bool{}
	for _, p := range pairs {
		needed[p.A], needed[p.B] = true, true
	}
	var articles []article.Article
	for x, err := range a.All(ctx) {
		if err != nil {
			return nil, nil, err
		}
		if !needed[x.ID] {
			x.Text = "" // it is in no cluster, and its text takes room
		}
		articles = append(articles, x)
	}
	slices.SortFunc(articles, func(x, y article.Article) int { return compareIDs(x.ID, y.ID) })
	return articles, dedupe.Clusters(articles, pairs, policy), nil
}

// Search finds articles by their words; see package search.
func (a *Archive) Search(ctx context.Context, r search.Request) (found *search.Response, err error) {
	err = a.read(func(s *store.Snapshot) (err error) {
		get := func(id string) (article.Article, bool, error) {
			d, ok, err := s.Get(id)
			d.Article.Language = d.Language
			return d.Article, ok, err
		}
		found, err = search.New(s.Bleve(), get, a.detector.Lexicon()).Search(ctx, r)
		return err
	})
	return found, err
}

// Stats is what an archive holds.
type Stats struct {
	Articles    int
	Texts       int // different ones
	Compared    int // pairs that were worth it
	Languages   map[article.Language]int
	Sources     int
	TextBytes   int64 // of titles and texts
	DiskBytes   int64
	Fingerprint string
	Format      int
}

// Stats counts what is there. It reads every article.
func (a *Archive) Stats(ctx context.Context) (Stats, error) {
	out := Stats{Languages: map[article.Language]int{}, Fingerprint: a.detector.Fingerprint(), Format: store.FormatVersion}
	err := a.read(func(s *store.Snapshot) error {
		sources := map[string]bool{}
		for row, err := range s.Columns(ctx) {
			if err != nil {
				return err
			}
			p, err := parseColumn(row.Column)
			if err != nil {
				return err
			}
			links, err := parseLinks(row.Links)
			if err != nil {
				return err
			}
			out.Articles++
			out.Languages[p.language]++
			sources[p.source] = true
			if p.leads {
				out.Texts++
			}
			for _, l := range links {
				if l.edge != nil {
					out.Compared++
				}
			}
		}
		delete(sources, "")
		out.Sources = len(sources)
		for d, err := range s.Articles(ctx) {
			if err != nil {
				return err
			}
			out.TextBytes += int64(len(d.Article.Title) + len(d.Article.Text))
		}
		return nil
	})
	if err != nil {
		return Stats{}, err
	}
	out.DiskBytes, err = store.Size(a.dir)
	return out, err
}

// Compact merges what is on disk into few files, without what was taken out.
func (a *Archive) Compact(ctx context.Context) error {
	return a.write(ctx, func(*writer) error { return a.store.Compact(ctx) })
}

// Rebuild makes an archive in the directory to, missing or empty, of the articles in the
// archive from, whatever made it and in whatever state it is: with the keys of today's
// options. It returns why articles, or parts of the archive, could not be read.
func Rebuild(ctx context.Context, from, to string, o Options, tell func(Added) error) (lost []error, err error) {
	a, err := Create(to, o)
	if err != nil {
		return nil, err
	}
	saved := func(yield func(article.Article, error) bool) {
		for d, err := range store.Salvage(ctx, from) {
			if err != nil {
				lost = append(lost, err)
				continue
			}
			if !yield(d.Article, nil) {
				return
			}
		}
	}
	err = a.Add(ctx, saved, tell)
	return lost, errors.Join(err, a.Close())
}

// Problem is an article that is not as it was added, or cannot be found by its keys.
type Problem struct {
	ID  string // "" when it is not known, or the archive as a whole is concerned
	Err error
}

func (p Problem) Error() string {
	if p.ID == "" {
		return p.Err.Error()
	}
	return fmt.Sprintf("%s: %v", p.ID, p.Err)
}

// Unwrap makes errors.Is find what is wrong.
func (p Problem) Unwrap() error { return p.Err }

// What Verify finds.
var (
	ErrHash   = errors.New("the text is not the one that was added")
	ErrKeys   = errors.New("the keys are not those of the text")
	ErrColumn = errors.New("what is kept beside the text does not belong to it")
)
