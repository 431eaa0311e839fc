package cli

import (
	"errors"
	"strconv"

	"github.com/spf13/pflag"
)

// precision is the flag of that name: above 0 and at most 1, and 0 if it was not given,
// which no user can say.
type precision float64

// AddFlags adds the flag to a command that judges pairs.
func (p *precision) AddFlags(f *pflag.FlagSet) {
	f.Var(p, "precision", "report copies from the scores on at which this `SHARE` was right in tests, such as 0.99")
}

// Set reads the flag.
func (p *precision) Set(s string) error {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x > 0 && x <= 1) {
		return errors.New("want a number above 0 and at most 1")
	}
	*p = precision(x)
	return nil
}

// String is the default in the help, where it is not shown.
func (p *precision) String() string {
	if *p == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(*p), 'g', -1, 64)
}

// Type is the kind of value.
func (p *precision) Type() string { return "float" }
