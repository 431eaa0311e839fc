package dedupe

import (
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
	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
	"github.com/calque-dev/calque/pkg/verdict"
)

// ErrDuplicateID rejects an article whose id another one has. Of several, the one
// whose title and text come first in byte order is kept, so that the order of
// input does not matter.
var ErrDuplicateID = errors.New("duplicate id")

// Result is what Scan found. Articles are numbered in order of their ids.
type Result struct {
	Rejected   []error // what was left out, in order of reading; then duplicate ids
	Candidates int     // pairs compared
	Elapsed    map[Stage]time.Duration

	pile     *pile
	pairs    []Pair
	clusters []cluster.Cluster

	detector  *Detector       // that found them
	furniture *text.Furniture // that recurs in the pile
}

// Len is the number of articles read.
func (r *Result) Len() int { return r.pile.Len() }

// ID is the id of article number i.
func (r *Result) ID(i int) string { return r.pile.idOf(int32(i)) }

// Article is article number i. It fails when it was in a temporary file that cannot be
// read.
func (r *Result) Article(i int) (article.Article, error) {
	return r.pile.read(int32(i))
}

// Close gives memory and temporary files back. Only Article cannot be called afterwards.
func (r *Result) Close() error { return r.pile.Close() }

// Pairs yields the relations found, by A, then B.
func (r *Result) Pairs() iter.Seq[Pair] { return slices.Values(r.pairs) }

// Clusters yields the clusters; members are numbers of articles.
func (r *Result) Clusters() iter.Seq[cluster.Cluster] { return slices.Values(r.clusters) }

// Scan reads all articles and finds every relation between them. An error that
// the sequence yields is noted in Result.Rejected and ends only its article; Scan
// itself fails when ctx ends.
func (d *Detector) Scan(ctx context.Context, articles iter.Seq2[article.Article, error]) (*Result, error) {
	s := d.newScan()
	read, join := s.read, s.join
	if d.onlyCopies() {
		read, join = s.skim, s.joinCopies
	}
	err := s.run(ctx, []step{
		{Reading, func(ctx context.Context) error { return read(ctx, articles) }},
		{Joining, join},
		{Verifying, func(ctx context.Context) error {
			if err := s.verify(ctx); err != nil {
				return err
			}
			return s.cluster(ctx)
		}},
	})
	if err == nil {
		err = s.pile.failure.get()
	}
	if err != nil {
		_ = s.pile.Close()
		return nil, err
	}
	return s.result, nil
}

func (d *Detector) newScan() *scan {
	p := newPile(d.o.memory() / pilePart)
	s := &scan{Detector: d, pile: p, result: &Result{Elapsed: map[Stage]time.Duration{}, pile: p, detector: d}}
	dictionary := shingle.NewDictionary()
	for range d.o.Workers {
		v := d.NewVerifier()
		v.builder.Transcribe(dictionary)
		s.workers = append(s.workers, v)
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
	pile    *pile
	pairs   []candidate.Pair        // of leading articles
	unlike  map[candidate.Pair]bool // those that may be related and nothing else
	families
}

func (s *scan) progress(stage Stage, done, total int) {
	if s.o.Progress != nil {
		s.o.Progress(stage, done, total)
	}
}

// DuplicateError is the reject of an article whose id was taken.
type DuplicateError struct{ ID, Origin string }

func (e *DuplicateError) Error() string {
	return strings.TrimPrefix(fmt.Sprintf("%s: %v %q", e.Origin, ErrDuplicateID, e.ID), ": ")
}

// Unwrap makes errors.Is(err, ErrDuplicateID) hold.
func (e *DuplicateError) Unwrap() error { return ErrDuplicateID }

// edition is an article that stands for those with its text that came out in one period.
type edition struct {
	leader int32
	period candidate.Period
}

// editions are the articles that are joined.
type editions struct {
	*pile
	all []edition
}

func (e editions) Len() int { return len(e.all) }

func (e editions) Head(i int) candidate.Keys {
	k := e.pile.Head(int(e.all[i].leader))
	k.Published = e.all[i].period
	return k
}

func (e editions) Size(i int) int { return e.pile.Size(int(e.all[i].leader)) }

func (e editions) Keys(i int, dst []shingle.Key) ([]shingle.Key, error) {
	return e.pile.Keys(int(e.all[i].leader), dst)
}

// join finds the candidate pairs among the leading articles.
func (s *scan) join(ctx context.Context) error { return s.joinBy(ctx, s.joinAll) }

// joinBy is join with a function that proposes pairs of leading articles, in order, each once.
func (s *scan) joinBy(ctx context.Context, propose func(context.Context, editions) ([]candidate.Pair, error)) error {
	joined := editions{pile: s.pile}
	for _, leader := range s.leaders() {
		for _, members := range s.editions(s.family(leader)) {
			joined.all = append(joined.all, edition{leader, s.period(members)})
		}
	}
	s.progress(Joining, 0, len(joined.all))
	if s.pile.texts.Spilled() > 0 {
		s.forgetWords()
	}
	pairs, err := propose(ctx, joined)
	if err != nil {
		return err
	}
	s.pairs = pairs
	s.result.Candidates = len(s.pairs)
	s.progress(Joining, len(joined.all), len(joined.all))
	return nil
}

// forgetWords has the workers begin anew with the words they met: those of a large pile
// take memory that joining needs, and are read again when they come again.
func (s *scan) forgetWords() {
	for _, v := range s.workers {
		v.builder = v.builder.Afresh()
	}
}

// of is the pair of the leading articles of two editions.
func (e editions) of(p candidate.Pair) candidate.Pair {
	a, b := e.all[p.A].leader, e.all[p.B].leader
	return candidate.Pair{A: min(a, b), B: max(a, b)}
}

// joinAll finds the candidate pairs for any relation. Those that can be no copies are noted
// where stories told twice are asked for, and dropped elsewhere.
func (s *scan) joinAll(ctx context.Context, joined editions) ([]candidate.Pair, error) {
	room := s.o.joinRoom(len(joined.all), s.pile.sketches.Kept())
	sketches := s.newSieve(s.pile.sketches, func(i int32) spill.Ref { return s.pile.at(i).sketch }, room)
	defer sketches.close()
	err := candidate.Propose(ctx, joined, candidate.Options{Workers: s.o.Workers, Window: s.o.Window, Memory: room}, func(int) func([]candidate.Pair) error {
		add := sketches.add()
		return func(pairs []candidate.Pair) error {
			for _, p := range pairs {
				if err := add(joined.of(p)); err != nil {
					return err
				}
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	related := s.wanted[verdict.Related]
	pairs, unlike, err := sketches.run(ctx, func() recordTest { return &sketchTest{} }, related)
	if err != nil || !related {
		return pairs, err
	}
	s.unlike = map[candidate.Pair]bool{}
	for _, p := range unlike {
		s.unlike[p] = true
	}
	pairs = append(pairs, unlike...)
	slices.SortFunc(pairs, comparePairs)
	return pairs, nil
}

// sketchTest is that of two articles that their sketches allow to be copies.
type sketchTest struct{ asker candidate.Asker }

func (t *sketchTest) own(language article.Language, record []byte) error {
	sketch, err := shingle.ParseSketch(record)
	t.asker.Ask(language, sketch)
	return err
}

func (t *sketchTest) holds(language article.Language, record []byte) (bool, error) {
	sketch, err := shingle.ParseSketch(record)
	return err == nil && t.asker.Alike(language, sketch), err
}

// pairOf is the pair of two articles that have the texts of a pair already judged, the
// lesser id first. Passages are found anew, since the offsets are its own.
func (s *scan) pairOf(v *cache, i, k int32, j *Judgement) Pair {
	p := Pair{
		A: s.pile.idOf(i), B: s.pile.idOf(k), Relation: j.Relation, Score: j.Score,
		Languages: [2]article.Language{s.pile.languageOf(i), s.pile.languageOf(k)}, Coverage: j.Coverage,
	}
	if s.o.Passages {
		sa, sb := v.get(i), v.get(k)
		p.Passages = v.aligner.Align(sa, sb).Passages(sa, sb)
	}
	if s.o.Features && j.Relation != verdict.Exact {
		features := j.Features
		p.Features = &features
	}
	if p.A < p.B {
		return p
	}
	if p.Features != nil {
		p.Features.Turn()
	}
	p.A, p.B = p.B, p.A
	p.Languages[0], p.Languages[1] = p.Languages[1], p.Languages[0]
	p.Coverage[0], p.Coverage[1] = p.Coverage[1], p.Coverage[0]
	for n, x := range p.Passages {
		p.Passages[n].A, p.Passages[n].B = x.B, x.A
	}
	return p
}
