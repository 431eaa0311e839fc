package cli

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// span is the value of a flag for a stretch of time: as Go writes one, and with days and
// weeks besides: 36h, 7d, 2w, 1d12h.
type span time.Duration

// addWindowFlag adds --window.
func addWindowFlag(f *pflag.FlagSet, window *span) {
	f.Var(window, "window", "compare only articles published within `TIME` of one another, such as 36h, 7d, 2w or 1d12h, and those without a time with all (default: no limit)")
}

// The reasons why a value is no span.
var (
	errNoSpan       = errors.New("want a number with a unit, such as 36h, 7d, 2w or 1d12h")
	errShortSpan    = errors.New("want more than nothing; leave the flag out for no limit")
	errNegativeSpan = errors.New("want a time without a sign: articles before and after count alike")
	errLongSpan     = errors.New("too long: the most are 106751d; leave the flag out for no limit")
)

// long is one number of days or weeks.
var long = regexp.MustCompile(`[0-9]*\.?[0-9]+[dw]|[0-9]+\.[dw]`)

// Set reads a value.
func (s *span) Set(value string) error {
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "-"):
		return errNegativeSpan
	case strings.ContainsAny(value, "+-"):
		return errNoSpan // a sign within, which the rest might begin with
	}
	var days float64 // in time.Duration's nanoseconds
	rest := long.ReplaceAllStringFunc(value, func(part string) string {
		n, err := strconv.ParseFloat(part[:len(part)-1], 64)
		if err != nil {
			return part // no duration either
		}
		unit := 24 * time.Hour
		if part[len(part)-1] == 'w' {
			unit *= 7
		}
		days += n * float64(unit)
		return ""
	})
	var hours time.Duration
	if rest != "" || value == "" {
		var err error
		if hours, err = time.ParseDuration(rest); err != nil {
			return errNoSpan
		}
	}
	switch total := days + float64(hours); {
	case total >= math.MaxInt64:
		return errLongSpan
	case total <= 0:
		return errShortSpan
	}
	*s = span(time.Duration(days) + hours)
	return nil
}

// String is empty for no limit, which the help then does not show.
func (s *span) String() string {
	if *s == 0 {
		return ""
	}
	return time.Duration(*s).String()
}

// Type is what the help calls the value where it has no other name.
func (s *span) Type() string { return "time" }
