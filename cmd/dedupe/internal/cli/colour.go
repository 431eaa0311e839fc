package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// colourChoices are the values of --color. What is first applies when the flag is not given.
var colourChoices = []string{"auto", "always", "never"}

// colour is the value of --color. It takes effect on the streams when it is set; auto
// leaves them as the terminal and NO_COLOR have them.
type colour struct {
	streams *Streams
	choice  string
}

// addColourFlag adds --color, under which name other programs have it.
func addColourFlag(f *pflag.FlagSet, s *Streams) {
	f.Var(&colour{streams: s, choice: colourChoices[0]}, "color", "colours: `WHEN` is auto (on a terminal, unless NO_COLOR is set), always or never")
}

func (c *colour) String() string { return c.choice }

// Type names the value in the help.
func (c *colour) Type() string { return "when" }

// Set turns colours on or off.
func (c *colour) Set(choice string) error {
	if !slices.Contains(colourChoices, choice) {
		return fmt.Errorf("%q is none of %s", choice, strings.Join(colourChoices, ", "))
	}
	c.choice = choice
	if choice != colourChoices[0] {
		on := choice == "always"
		c.streams.OutScreen.Colours, c.streams.ErrScreen.Colours = on, on
	}
	return nil
}
