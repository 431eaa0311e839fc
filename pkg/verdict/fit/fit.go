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
	"math/rand/v2"
	"slices"

	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Options of Fit. The zero value works, but for the lexicon.
type Options struct {
	Lexicon *lexicon.Lexicon
	Folds   int       // of cross-validation; 0: 5
	Sample  int       // articles used of each pool where several are derived of each; 0: all
	News    int       // the first pools, of news, from which same stories are learned; 0: the first
	Report  io.Writer // what was found; nil: nowhere
}

// ErrNoExamples is returned when the pools give no example of a class that must be
// told apart.
var ErrNoExamples = errors.New("too few examples")

// Fit fits a model to pools of labelled articles. A pool is one or more folders, read
// together; each holds docs.jsonl (or .zst, .gz) and, if its copies are known,
// pairs.tsv: lines of two ids.
func Fit(ctx context.Context, pools [][]string, o Options) (*verdict.Model, error) {
	if o.Folds == 0 {
		o.Folds = 5
	}
	if o.Report == nil {
		o.Report = io.Discard
	}
	if o.News == 0 {
		o.News = 1
	}
	var all, news []example
	for n, folders := range pools {
		es, err := poolExamples(ctx, folders, o)
		if err != nil {
			return nil, err
		}
		all = append(all, es...)
		if n < o.News {
			news = append(news, es...)
		}
	}
	cross, same := split(asCopies(all))
	m := &verdict.Model{Reworded: wordingThreshold(same)}
	same, other := byWording(same, m.Reworded)
	other = append(other, asRewordings(cross, m.Reworded)...)
	var confusion confusion
	for _, part := range []struct {
		name string
		es   []example
		use  func(verdict.Feature) bool
		beta betas
		into *verdict.Classifier
	}{
		{"copies in two languages", cross, every, crossBeta, &m.Cross},
		{"copies in one language, wording shared", same, every, sameBeta, &m.Same},
		{"copies in one language, in other words", other, every, rewordedBeta, &m.Other},
		{"stories", asStories(news), ofStory, storyBeta, &m.Story},
	} {
		part.es = thin(part.es)
		c, err := classifier(part.es, part.use, part.beta, o.Folds)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
		*part.into = *c.Classifier
		confusion.add(c, m.Reworded)
		fmt.Fprintf(o.Report, "\n%s, %d examples, out of fold:\n%s", part.name, len(part.es), c.report())
	}
	fmt.Fprintf(o.Report, "\nrelations, out of fold, by weight in percent of each row:\n%s", &confusion)
	fmt.Fprintf(o.Report, "\nreworded under %v of three-word runs\n", m.Reworded)
	return m, nil
}

// mostExamples is how many of one class a classifier is fitted to.
const mostExamples = 25_000

// thin keeps every so-manieth example of the classes that have very many, and makes it
// weigh as much as those left out.
func thin(es []example) []example {
	var count, met [verdict.NumClasses]int
	for i := range es {
		count[es[i].class]++
	}
	var out []example
	for _, e := range es {
		k := (count[e.class] + mostExamples - 1) / mostExamples
		if met[e.class]++; met[e.class]%k == 0 {
			e.weight *= float64(k)
			out = append(out, e)
		}
	}
	return out
}

// betas are what recall weighs to precision when the thresholds of wholes and of parts
// are chosen.
type betas struct{ whole, part float64 }

// Precision weighs more, since who reads a list of copies forgives one that is missing
// sooner than one that is wrong, most of all when it ties the clusters of two languages.
// Both weigh the same for whole rewordings, which are few and hard to find, and for parts
// where wording or language tell them from chance. A part in other words is rare.
var (
	crossBeta    = betas{0.5, 1}
	sameBeta     = betas{0.7, 1}
	rewordedBeta = betas{1, 0.5}
)

// storyBeta weighs recall over precision for stories: news has reports of one event
// that nobody labelled, so that precision is better than it looks.
var storyBeta = betas{whole: 3}

func every(verdict.Feature) bool { return true }

// ofExtent are the features that tell a part from a whole: how much of either side the
// other has.
func ofExtent(f verdict.Feature) bool {
	switch f {
	case verdict.CoverageMin, verdict.CoverageMax, verdict.Length, verdict.BiMaxMin, verdict.BiMaxMax, verdict.HeldMin, verdict.HeldMax:
		return true
	}
	return false
}

// ofStory are the features that tell a story. The examples of one story are parts of
// one article; sentences and headlines match otherwise in two reports of one event.
func ofStory(f verdict.Feature) bool {
	switch f {
	case verdict.Topic, verdict.HeldMin, verdict.HeldMax, verdict.NumbersHeld:
		return true
	}
	return false
}

// poolExamples makes the examples of one pool; together they weigh as those of any
// other.
func poolExamples(ctx context.Context, folders []string, o Options) ([]example, error) {
	sources, err := readPool(ctx, folders)
	if err != nil {
		return nil, err
	}
	some := sample(sources, o.Sample)
	var all []example
	for n, w := range worlds {
		of := some
		if w.wide {
			of = sources
		}
		vs := variants(of, n)
		es := examples(vs, o.Lexicon)
		fmt.Fprintf(o.Report, "%v, %s: %d articles, %d examples\n", folders, w.name, len(vs), len(es))
		for i := range es {
			es[i].weight = 1e5 / float64(len(worlds)*len(es))
			es[i].fold = es[i].origin % o.Folds
		}
		all = append(all, es...)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// asCopies keeps what a scan for copies looks at, and makes two parts of one story
// unrelated: neither is a copy of the other.
func asCopies(es []example) []example {
	out := slices.DeleteFunc(slices.Clone(es), func(e example) bool {
		return !e.likely || e.class == verdict.SameStory && !e.apart
	})
	for i := range out {
		if out[i].class == verdict.SameStory {
			out[i].class = verdict.Unrelated
		}
	}
	return out
}

// asStories leaves the copies out.
func asStories(es []example) []example {
	return slices.DeleteFunc(slices.Clone(es), func(e example) bool {
		return e.class != verdict.SameStory && e.class != verdict.Unrelated
	})
}

// byWording parts the pairs of one language at the share of common word runs.
func byWording(es []example, least float64) (shared, other []example) {
	for _, e := range es {
		if e.features.Values[verdict.GramMax] < least {
			other = append(other, e)
		} else {
			shared = append(shared, e)
		}
	}
	return shared, other
}

// rewordedParts is how much rarer, among pairs in other words, parts are in one language
// than in two: who cuts a text has no reason to reword what is left.
const rewordedParts = 0.2

// asRewordings lends the pairs of two languages to the model of one. Few rewordings
// are labelled, and those that are were made by machines that stay close to the words;
// over concepts a free one looks as a translation does. What share of its word runs a
// rewording keeps is drawn evenly from none to what parts it from an edited copy; pairs
// that nothing ties have none.
func asRewordings(cross []example, least float64) []example {
	rng := rand.New(rand.NewPCG(5, uint64(len(cross))))
	out := make([]example, len(cross))
	for i, e := range cross {
		e.features.Cross, e.lent = false, true
		if e.class == verdict.Part {
			e.weight *= rewordedParts
		}
		if e.class != verdict.Unrelated {
			share := least * rng.Float64()
			e.features.Values[verdict.GramMax] = share
			e.features.Values[verdict.GramMin] = share * e.features.Values[verdict.CoverageMin]
		}
		out[i] = e
	}
	return out
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
	examples []example
	tied     []float64 // predicted probability
	part     []bool    // predicted, if tied
	beta     betas     // of the Fs that the thresholds were chosen by
	best     float64   // its value
	bestPart float64   // the same of parts
}

// classifier fits the forests on all examples, and calibration and thresholds on
// predictions made by fits that had not seen the origin.
func classifier(es []example, use func(verdict.Feature) bool, beta betas, folds int) (*fitted, error) {
	var count [verdict.NumClasses]int
	for i := range es {
		count[es[i].class]++
	}
	if tied := len(es) - count[verdict.Unrelated]; count[verdict.Unrelated] < folds || tied < folds {
		return nil, fmt.Errorf("%w: %d tied, %d not", ErrNoExamples, tied, count[verdict.Unrelated])
	}
	f := &fitted{examples: es, tied: make([]float64, len(es)), part: make([]bool, len(es))}
	for fold := range folds {
		if err := f.predictFold(use, fold); err != nil {
			return nil, err
		}
	}
	c, err := grow(es, use)
	if err != nil {
		return nil, err
	}
	f.Classifier = c
	points := f.scores()
	c.Calibrate = calibrate(slices.Clone(points)) // which sorts them
	for i := range points {
		points[i].raw = c.Calibrated(points[i].raw)
	}
	var wholes, parts []scored
	for i, p := range points {
		if f.part[i] {
			parts = append(parts, p)
		} else {
			wholes = append(wholes, p)
		}
	}
	c.Threshold, f.best = bestThreshold(wholes, beta.whole)
	c.Operating = operating(wholes)
	if len(c.Part.Trees) > 0 {
		c.PartThreshold, f.bestPart = bestThreshold(parts, beta.part)
		c.PartOperating = operating(parts)
	}
	f.beta = beta
	return f, nil
}

// grow fits the two forests.
func grow(es []example, use func(verdict.Feature) bool) (*verdict.Classifier, error) {
	c := &verdict.Classifier{}
	c.Tied = boost(bin(es, use), newTarget(es, func(k verdict.Class) bool { return k != verdict.Unrelated }), tiedBy())
	tied := slices.DeleteFunc(slices.Clone(es), func(e example) bool { return e.class != verdict.Whole && e.class != verdict.Part })
	if len(tied) > 0 {
		c.Part = boost(bin(tied, func(k verdict.Feature) bool { return use(k) && ofExtent(k) }), newTarget(tied, func(k verdict.Class) bool { return k == verdict.Part }), direction{})
	}
	return c, c.Prepare()
}

// predictFold predicts the examples of a fold by a fit on the others.
func (f *fitted) predictFold(use func(verdict.Feature) bool, fold int) error {
	var in []example
	for _, e := range f.examples {
		if e.fold != fold {
			in = append(in, e)
		}
	}
	c, err := grow(in, use)
	if err != nil {
		return err
	}
	for i := range f.examples {
		if e := &f.examples[i]; e.fold == fold {
			f.tied[i], f.part[i] = c.Tied.Probability(&e.features), c.Part.LogOdds(&e.features) > 0
		}
	}
	return nil
}

// scores are the probabilities of a tie, with what came true.
func (f *fitted) scores() []scored {
	points := make([]scored, len(f.examples))
	for i, e := range f.examples {
		points[i] = scored{f.tied[i], e.class != verdict.Unrelated, e.weight}
	}
	return points
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
