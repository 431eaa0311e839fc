// Package dedupe finds copies, edited copies and translations among news articles
// in English and French: the face of the library.
//
// A Detector reads articles, in any order and number, and reports the pairs of them
// that are tied by a verdict.Relation, with a calibrated score and, if asked, the
// aligned passages; and the clusters that the pairs make. Every reported pair was
// verified on its text. The same articles give the same result for any number of
// workers and any order of input.
package dedupe

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/language"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/verdict"
)

// Options of a Detector. The zero value works.
type Options struct {
	Workers    int                // goroutines; 0: as many as processors
	Relations  []verdict.Relation // what to report; empty: all but verdict.Related
	MinScore   float64            // least score reported, 0 to 1, over the model's thresholds
	Passages   bool               // fill in Pair.Passages
	Features   bool               // fill in Pair.Features, some 400 bytes a pair
	Detector   language.Detector  // for articles that do not say their language; nil: language.FunctionWords alone
	Lexicon    *lexicon.Lexicon   // nil: the embedded one
	Model      *verdict.Model     // nil: the embedded one
	KeepPolicy cluster.Policy     // which member of a cluster is canonical

	// Window is how far apart two articles may have been published to be compared, by Scan
	// and by Audit; 0: no limit. Whole seconds count: it is rounded up to them. It holds
	// for exact copies too. An article without a time is compared with all. A cluster may
	// be longer than the window: it ties what its pairs tie.
	Window time.Duration

	// Precision, above 0 and at most 1, has copies reported from the least scores on that
	// had it on articles unknown to the model, at the cost of recall: see
	// verdict.Model.WithPrecision. 0: the model's own thresholds.
	Precision float64

	// Memory is about how many bytes Scan and Audit may take besides the model and what they
	// find; 0: 1 GiB. What has no room is in temporary files. Less makes them slower and
	// changes no result.
	Memory int64

	// Progress is called now and then with the stage and how much of it is done; total
	// is 0 while unknown. Calls do not overlap.
	Progress func(stage Stage, done, total int)
}

// memory is how many bytes may be taken.
func (o *Options) memory() int64 {
	if o.Memory <= 0 {
		return 1 << 30
	}
	return o.Memory
}

// What part of the memory goes to what: articles as they are, and their keys; analysed
// articles, while there is room for most of them; those that the workers remember while they
// verify; and those that are read ahead for them.
const (
	pilePart   = 16
	formsPart  = 4
	cachesPart = 8
	aheadPart  = 32
)

// joinRoom is how many bytes joining so many articles may take: of what they themselves
// leave, about 160 bytes each and those of their sketches, some is for the collector.
func (o *Options) joinRoom(articles int, sketches int64) int64 {
	return max((o.memory()-160*int64(articles)-sketches)/10*6, o.memory()/16)
}

// Stage is a part of the work of Scan or Audit.
type Stage string

// The stages, in order: the first two are those of both.
const (
	Reading   Stage = "reading"   // articles
	Joining   Stage = "joining"   // candidates
	Verifying Stage = "verifying" // pairs, by Scan
	Comparing Stage = "comparing" // pairs, by Audit
)

// Detector finds relations between articles. It is safe for use by several
// goroutines.
type Detector struct {
	o        Options
	lexicon  *lexicon.Lexicon
	model    *verdict.Model
	language language.Detector
	wanted   map[verdict.Relation]bool
}

// New makes a Detector. It fails with verdict.ErrPrecision for a precision that the model
// does not reach.
func New(o Options) (*Detector, error) {
	d := &Detector{o: o, lexicon: o.Lexicon, language: o.Detector, wanted: map[verdict.Relation]bool{}}
	if !(o.MinScore >= 0 && o.MinScore <= 1) {
		return nil, fmt.Errorf("minimum score %v is not between 0 and 1", o.MinScore)
	}
	if o.Window < 0 {
		return nil, fmt.Errorf("window %v is less than 0", o.Window)
	}
	if d.o.Workers <= 0 {
		d.o.Workers = runtime.GOMAXPROCS(0)
	}
	if d.language == nil {
		d.language = language.FunctionWords{}
	}
	var err error
	if d.lexicon == nil {
		if d.lexicon, err = lexicon.Default(); err != nil {
			return nil, err
		}
	}
	if d.model, err = o.model(); err != nil {
		return nil, err
	}
	for _, r := range verdict.Relations() {
		d.wanted[r] = r != verdict.Related && len(o.Relations) == 0 || slices.Contains(o.Relations, r)
	}
	return d, nil
}

// model is the one that decides, with the thresholds asked for.
func (o *Options) model() (model *verdict.Model, err error) {
	if model = o.Model; model == nil {
		if model, err = verdict.Default(); err != nil {
			return nil, err
		}
	}
	if o.Precision == 0 {
		return model, nil
	}
	return model.WithPrecision(o.Precision)
}

// Lexicon is the one that the Detector reads words with.
func (d *Detector) Lexicon() *lexicon.Lexicon { return d.lexicon }

// Versions are those of what decides which keys an article has and what two articles are
// to one another: the keys, and hashes of the lexicon and the model.
type Versions struct {
	Keys           int
	Lexicon, Model uint64
}

// Versions are those of the Detector.
func (d *Detector) Versions() Versions {
	words, model := xxh3.New(), xxh3.New()
	_, _ = d.lexicon.Table().WriteTo(words) // a hash takes everything
	_ = d.model.Write(model)
	return Versions{shingle.KeysVersion, words.Sum64(), model.Sum64()}
}

// Fingerprint names the Versions in words.
func (d *Detector) Fingerprint() string {
	v := d.Versions()
	return fmt.Sprintf("keys %d, lexicon %016x, model %016x", v.Keys, v.Lexicon, v.Model)
}

// languageOf is the article's declared language, or else the detected one. English
// and French are checked by function words, since feeds label whole sites.
func (d *Detector) languageOf(a *article.Article) article.Language {
	switch a.Language {
	case article.Unknown:
		return d.language.Detect(a.Text)
	case article.English, article.French:
		if found, sure := language.SureAs(a.Text, a.Language); sure && found != article.Unknown {
			return found
		}
	}
	return a.Language
}

// verdict is the model's, but for stories nobody asked for.
func (d *Detector) verdict(f *verdict.Features) verdict.Verdict {
	if d.wanted[verdict.Related] {
		return d.model.Judge(f)
	}
	return d.model.JudgeCopy(f)
}

// Reports reports whether a verdict is to be shown.
func (d *Detector) Reports(v verdict.Verdict) bool {
	return v.Holds && d.wanted[v.Relation] && v.Score >= d.o.MinScore
}

func newPair(a, b *article.Article, sa, sb *shingle.Article, j *Judgement, passages bool) Pair {
	p := Pair{
		A: a.ID, B: b.ID, Relation: j.Relation, Score: j.Score,
		Languages: [2]article.Language{sa.Language, sb.Language}, Coverage: j.Coverage,
	}
	if passages {
		p.Passages = j.Alignment.Passages(sa, sb)
	}
	return p
}
