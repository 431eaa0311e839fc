// Package fit fits the model of package verdict to labelled articles.
//
// In come pools of labelled articles; out come the model and a report. Each article
// is derived in the ways that sites derive theirs (cut, excerpted, wrapped, edited,
// updated, merged), a pool is joined as a scan would join it, and every candidate is
// an example, labelled by what the two articles hold of one another. Calibration and
// thresholds come from predictions for origins left out in the fitting.
package fit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Options of Fit. The zero value works, but for the lexicon.
type Options struct {
	Lexicon *lexicon.Lexicon
	Folds   int       // of cross-validation; 0: 5
	Sample  int       // articles used of each pool; 0: all
	Report  io.Writer // what was found; nil: nowhere
}

// ErrNoExamples is returned when the pools give no example of a class that must be
// told apart.
var ErrNoExamples = errors.New("too few examples")

// Fit fits a model to pools of labelled articles. A pool is one or more folders, read
// together; see the README of the fitting command for their files.
func Fit(ctx context.Context, pools [][]string, o Options) (*verdict.Model, error) {
	if o.Folds == 0 {
		o.Folds = 5
	}
	if o.Report == nil {
		o.Report = io.Discard
	}
	var all []example
	for _, folders := range pools {
		sources, err := readPool(ctx, folders)
		if err != nil {
			return nil, err
		}
		vs := variants(sample(sources, o.Sample))
		es := examples(vs, o.Lexicon)
		fmt.Fprintf(o.Report, "%v: %d articles, %d variants, %d examples\n", folders, len(sources), len(vs), len(es))
		for i := range es {
			es[i].weight = 1e5 / float64(len(es))
			es[i].fold = es[i].origin % o.Folds
		}
		all = append(all, es...)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	cross, same := split(all)
	m := &verdict.Model{Reworded: wordingThreshold(same)}
	for _, part := range []struct {
		name string
		es   []example
		into *verdict.Classifier
	}{{"two languages", cross, &m.Cross}, {"one language", same, &m.Same}} {
		c, err := classifier(part.es, o.Folds)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
		*part.into = *c.Classifier
		fmt.Fprintf(o.Report, "\n%s, %d examples, out of fold:\n%s", part.name, len(part.es), c.report())
	}
	fmt.Fprintf(o.Report, "\nreworded under %v of three-word runs\n", m.Reworded)
	return m, nil
}

func split(es []example) (cross, same []example) {
	for _, e := range es {
		if e.features.Cross {
			cross = append(cross, e)
		} else {
			same = append(same, e)
		}
	}
	return cross, same
}

// fitted is a classifier with its predictions out of fold.
type fitted struct {
	*verdict.Classifier
	examples  []example
	predicted [][verdict.NumClasses]float64
	f1        float64
}

// classifier fits the weights on all examples, and calibration and thresholds on
// predictions made by fits that had not seen the origin.
func classifier(es []example, folds int) (*fitted, error) {
	var count [verdict.NumClasses]int
	for i := range es {
		count[es[i].class]++
	}
	if count[verdict.Unrelated] < folds || count[verdict.Whole] < folds || count[verdict.Part] < folds {
		return nil, fmt.Errorf("%w: %v of %v", ErrNoExamples, count, verdict.NumClasses)
	}
	f := &fitted{examples: es, predicted: make([][verdict.NumClasses]float64, len(es))}
	errs := make([]error, folds)
	parallel(folds, func() func(int) {
		return func(fold int) { errs[fold] = f.predictFold(fold, folds) }
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	c, err := regress(es)
	if err != nil {
		return nil, err
	}
	f.Classifier = c
	copies, stories := f.scores()
	c.Calibrate = calibrate(copies)
	if err := c.Prepare(); err != nil {
		return nil, err
	}
	for i := range copies {
		copies[i].raw = c.Calibrated(copies[i].raw)
	}
	c.Copy, f.f1 = bestThreshold(copies)
	c.Story, _ = bestThreshold(stories)
	return f, nil
}

func (f *fitted) predictFold(fold, folds int) error {
	var in []example
	for _, e := range f.examples {
		if e.fold != fold {
			in = append(in, e)
		}
	}
	c, err := regress(in)
	if err != nil {
		return err
	}
	if err := c.Prepare(); err != nil {
		return err
	}
	for i := range f.examples {
		if f.examples[i].fold == fold {
			f.predicted[i] = c.Probabilities(&f.examples[i].features)
		}
	}
	return nil
}

// scores are the probabilities of a copy and, among pairs that are none, of the same
// story.
func (f *fitted) scores() (copies, stories []scored) {
	for i, e := range f.examples {
		p := f.predicted[i]
		isCopy := e.class == verdict.Whole || e.class == verdict.Part
		copies = append(copies, scored{p[verdict.Whole] + p[verdict.Part], isCopy, e.weight})
		if !isCopy {
			stories = append(stories, scored{p[verdict.SameStory], e.class == verdict.SameStory, e.weight})
		}
	}
	return copies, stories
}

// wordingThreshold is the share of common three-word runs that all but one in a
// hundred of the edited copies exceed.
func wordingThreshold(es []example) float64 {
	var shares []float64
	for _, e := range es {
		if e.edited {
			shares = append(shares, e.features.Values[verdict.GramMax])
		}
	}
	if len(shares) == 0 {
		return 0.3
	}
	slices.Sort(shares)
	return math.Round(shares[len(shares)/100]*100) / 100
}
