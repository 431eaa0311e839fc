package dedupe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// ErrDuplicateID rejects an article whose id another one has. Of several, the one
// whose title and text come first in byte order is kept, so that the order of
// input does not matter.
var ErrDuplicateID = errors.New("duplicate id")

// Result is what Scan found.
type Result struct {
	Articles   []article.Article // the articles read, by id
	Rejected   []error           // what was left out, in order of reading; then duplicate ids
	Candidates int               // pairs compared
	Elapsed    map[Stage]time.Duration

	pairs    []Pair
	clusters []cluster.Cluster
}

// Pairs yields the relations found, by A, then B.
func (r *Result) Pairs() iter.Seq[Pair] { return slices.Values(r.pairs) }

// Clusters yields the clusters; members are indices into Articles.
func (r *Result) Clusters() iter.Seq[cluster.Cluster] { return slices.Values(r.clusters) }

// Scan reads all articles and finds every relation between them. An error that
// the sequence yields is noted in Result.Rejected and ends only its article; Scan
// itself fails when ctx ends.
func (d *Detector) Scan(ctx context.Context, articles iter.Seq2[article.Article, error]) (*Result, error) {
	s := d.newScan()
	err := s.run(ctx, []step{
		{Reading, func(ctx context.Context) error { return s.read(ctx, articles) }},
		{Joining, s.join},
		{Verifying, s.verify},
	})
	if err != nil {
		return nil, err
	}
	s.cluster()
	return s.result, nil
}

func (d *Detector) newScan() *scan {
	s := &scan{Detector: d, result: &Result{Elapsed: map[Stage]time.Duration{}}}
	for range d.o.Workers {
		s.workers = append(s.workers, d.NewVerifier())
	}
	return s
}

// step is the work of one stage.
type step struct {
	stage Stage
	run   func(context.Context) error
}

// run runs the steps one after another and notes how long each took.
func (s *scan) run(ctx context.Context, steps []step) error {
	for _, step := range steps {
		start := time.Now()
		if err := step.run(ctx); err != nil {
			return err
		}
		s.result.Elapsed[step.stage] = time.Since(start)
	}
	return nil
}

// scan is one run of Scan, or the part of an audit that is the same.
type scan struct {
	*Detector
	result  *Result
	workers []*Verifier
	kept    []*shingle.Article      // by article, as far as memory is spent on them
	without [][]article.Span        // by article, the recurring furniture that it was analysed without; while reading
	keys    []candidate.Keys        // by article
	pairs   []candidate.Pair        // of leading articles
	unlike  map[candidate.Pair]bool // those that may be related and nothing else
	families
}

func (s *scan) progress(stage Stage, done, total int) {
	if s.o.Progress != nil {
		s.o.Progress(stage, done, total)
	}
}

// keep sorts the articles by id, rejects all but one of each id and finds those
// with the same text.
func (s *scan) keep(all []keyed) {
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.article.ID, b.article.ID), cmp.Compare(a.article.Title, b.article.Title),
			cmp.Compare(a.article.Text, b.article.Text), cmp.Compare(a.article.Origin, b.article.Origin),
			a.article.Published.Compare(b.article.Published), cmp.Compare(a.article.Language, b.article.Language),
			cmp.Compare(a.article.Source, b.article.Source), cmp.Compare(a.article.URL, b.article.URL))
	})
	for i, k := range all {
		if i > 0 && k.article.ID == all[i-1].article.ID {
			s.result.Rejected = append(s.result.Rejected, &DuplicateError{ID: k.article.ID, Origin: k.article.Origin})
			continue
		}
		s.result.Articles = append(s.result.Articles, k.article)
		s.keys = append(s.keys, k.keys)
		s.kept = append(s.kept, k.analysed)
		s.without = append(s.without, k.without)
	}
	s.families = findFamilies(s.result.Articles, s.keys)
}

// DuplicateError is the reject of an article whose id was taken.
type DuplicateError struct{ ID, Origin string }

func (e *DuplicateError) Error() string {
	return strings.TrimPrefix(fmt.Sprintf("%s: %v %q", e.Origin, ErrDuplicateID, e.ID), ": ")
}

// Unwrap makes errors.Is(err, ErrDuplicateID) hold.
func (e *DuplicateError) Unwrap() error { return ErrDuplicateID }

// join finds the candidate pairs among the leading articles.
func (s *scan) join(ctx context.Context) error {
	var editions []int32 // by their leaders
	var keys []candidate.Keys
	for _, leader := range s.leaders() {
		for _, edition := range s.editions(s.copies[leader]) {
			editions = append(editions, leader)
			keys = append(keys, s.keys[leader])
			keys[len(keys)-1].Published = s.period(edition)
		}
	}
	s.progress(Joining, 0, len(keys))
	pairs, err := candidate.Join(ctx, keys, candidate.Options{Workers: s.o.Workers, Window: s.o.Window, Unlike: s.wanted[verdict.Related]})
	if err != nil {
		return err
	}
	for i, p := range pairs {
		pairs[i] = candidate.Pair{A: editions[p.A], B: editions[p.B]} // in order, as the leaders are
	}
	slices.SortFunc(pairs, comparePairs)
	s.pairs = slices.Compact(pairs)
	s.noteUnlike()
	s.result.Candidates = len(s.pairs)
	s.keys = nil
	s.progress(Joining, len(keys), len(keys))
	return nil
}

// noteUnlike notes the pairs that can be no copies, where stories told twice are asked
// for; elsewhere they are not proposed.
func (s *scan) noteUnlike() {
	if !s.wanted[verdict.Related] {
		return
	}
	s.unlike = map[candidate.Pair]bool{}
	var asker candidate.Asker
	for i, p := range s.pairs {
		a, b := &s.keys[p.A], &s.keys[p.B]
		if i == 0 || s.pairs[i-1].A != p.A {
			asker.Ask(a.Language, a.Sketch)
		}
		if !asker.Alike(b.Language, b.Sketch) {
			s.unlike[p] = true
		}
	}
}

// copyPair is the pair of two articles that have the texts of a pair already judged.
// Its passages are found anew, since the offsets are its own.
func (s *scan) copyPair(v *Verifier, i, k int32, j *Judgement) Pair {
	a, b := &s.result.Articles[i], &s.result.Articles[k]
	sa, sb := v.Analyse(a), v.Analyse(b)
	own := *j
	if s.o.Passages {
		own.Alignment = v.aligner.Align(sa, sb)
	}
	return oriented(a, b, sa, sb, &own, s.o.Passages)
}

// oriented makes the pair with the lesser id first.
func oriented(a, b *article.Article, sa, sb *shingle.Article, j *Judgement, passages bool) Pair {
	p := newPair(a, b, sa, sb, j, passages)
	if a.ID < b.ID {
		return p
	}
	p.A, p.B = p.B, p.A
	p.Languages[0], p.Languages[1] = p.Languages[1], p.Languages[0]
	p.Coverage[0], p.Coverage[1] = p.Coverage[1], p.Coverage[0]
	for i, x := range p.Passages {
		p.Passages[i].A, p.Passages[i].B = x.B, x.A
	}
	return p
}
