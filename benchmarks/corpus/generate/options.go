package generate

import (
	"errors"
	"fmt"
	"time"
)

// Options say what to make. A share is of all articles, 0 to 1.
type Options struct {
	Articles int     // how many
	Seed     uint64  // the same seed, corpus and options give the same articles
	Bytes    int     // the median length of a text, without furniture
	Days     int     // the articles are published over so many days
	Sources  int     // the number of outlets
	French   float64 // the share of the originals that is French, and of the outlets

	Exact       float64 // the share that has the words of another article
	Near        float64 // the share that is another article, edited
	Excerpt     float64 // the share that is a third to a half of another article
	Translation float64 // the share that is another article in the other language
	Partial     float64 // the share that is a third to a half of another, in the other language
	Events      float64 // the share that has quotations in common with others about an event, and is no copy
	Notices     float64 // the share that is filled into a template, and is no copy
	Family      int     // the number of articles that are copies of one text, with the text itself
}

// Defaults are the options for n articles: a fifth of them is tied to another.
func Defaults(n int) Options {
	return Options{
		Articles: n, Seed: 1, Bytes: 2000, Days: 90, Sources: 300, French: 0.5,
		Exact: 0.015, Near: 0.03, Excerpt: 0.015, Translation: 0.035, Partial: 0.015,
		Events: 0.03, Notices: 0.03, Family: min(n/100, 10_000),
	}
}

// ErrOption is the error of an option that makes no sense.
var ErrOption = errors.New("bad option")

// start is when the first article is published.
var start = time.Date(2024, time.March, 1, 5, 0, 0, 0, time.UTC)

// minMedian is the least median length: below, no article would have enough sentences.
const minMedian = 800

func (o *Options) check() error {
	total := o.Events + o.Notices
	for name, share := range map[string]float64{
		"exact": o.Exact, "near": o.Near, "excerpt": o.Excerpt, "translation": o.Translation, "partial": o.Partial,
		"events": o.Events, "notices": o.Notices, "french-share": o.French,
	} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("%w: --%s is %v: want a share from 0 to 1", ErrOption, name, share)
		}
	}
	copies := o.Exact + o.Near + o.Excerpt + o.Translation + o.Partial
	switch {
	case o.Articles < 1 || o.Articles > 1<<30:
		return fmt.Errorf("%w: --articles is %d: want 1 or more", ErrOption, o.Articles)
	case o.Bytes < minMedian || o.Bytes > 100_000:
		return fmt.Errorf("%w: --bytes is %d: want %d to 100000", ErrOption, o.Bytes, minMedian)
	case o.Days < 1 || o.Days > 36500:
		return fmt.Errorf("%w: --days is %d: want 1 to 36500", ErrOption, o.Days)
	case o.Sources < 4 || o.Sources > 20_000:
		return fmt.Errorf("%w: --sources is %d: want 4 to 20000", ErrOption, o.Sources)
	case o.Family < 0 || o.Family > o.Articles:
		return fmt.Errorf("%w: --family is %d: want 0 to the number of articles", ErrOption, o.Family)
	case copies > 0.5 || copies+total > 1:
		return fmt.Errorf("%w: copies are to be %v of the articles, events and notices %v: want at most half for copies, and at most all together", ErrOption, copies, total)
	}
	return nil
}
