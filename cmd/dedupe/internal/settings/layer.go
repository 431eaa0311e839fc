package settings

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Layer is the settings of one source, by command and flag; those of all commands stand
// under the command "".
type Layer map[string]map[string]setting

// setting is a value for a flag.
type setting struct {
	values []string
	list   bool   // values are the elements of a list
	from   string // where it stands: "dedupe.toml:3", "DEDUPE_MIN_SCORE"
}

// put adds a setting.
func (l Layer) put(command, flag string, v setting) {
	if l[command] == nil {
		l[command] = map[string]setting{}
	}
	l[command][flag] = v
}

// of is the setting for a flag of a command.
func (l Layer) of(command, flag string) (setting, bool) {
	if v, ok := l[command][flag]; ok {
		return v, true
	}
	v, ok := l[""][flag]
	return v, ok
}

// set gives the flag its value.
func (v *setting) set(f *pflag.Flag) error {
	if !v.list {
		return f.Value.Set(v.values[0])
	}
	list, ok := f.Value.(pflag.SliceValue)
	if !ok {
		return fmt.Errorf("want one value, found a list")
	}
	return list.Replace(v.values)
}

// Apply sets those flags of the command that were not given. Of several layers the first
// one that has a setting counts. Flags of which only one can be, as in opposites, count as
// given when the other one is. It returns where the values that it set came from, by flag.
func Apply(c *cobra.Command, opposites map[string]string, layers ...Layer) (from map[string]string, err error) {
	from = map[string]string{}
	given := func(name string) bool {
		f := c.Flags().Lookup(name)
		return f != nil && f.Changed || from[name] != ""
	}
	name := Name(c)
	for _, layer := range layers {
		found := map[string]string{}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			v, ok := layer.of(name, f.Name)
			if !ok || err != nil || given(f.Name) || opposites[f.Name] != "" && given(opposites[f.Name]) {
				return
			}
			if set := v.set(f); set != nil {
				err = fmt.Errorf("%s: %s: %w", v.from, f.Name, set)
			}
			found[f.Name] = v.from
		})
		for flag, source := range found {
			from[flag] = source
		}
	}
	return from, err
}
