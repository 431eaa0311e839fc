package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Environment reads the variables of the program out of an environment as os.Environ has
// it. Empty ones count as not set. Unknown are those that begin with the prefix, set nothing
// and are not among the known, in words that name the nearest one that would.
func (s *Schema) Environment(environ []string, known ...string) (layer Layer, unknown []string, err error) {
	layer = Layer{}
	variables := s.variables()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, s.prefix+"_") || value == "" || slices.Contains(known, name) {
			continue
		}
		x, ok := variables[name]
		if !ok {
			names := append(slices.Collect(maps.Keys(variables)), known...)
			unknown = append(unknown, name+" is no setting"+DidYouMean(name, names, "%s"))
			continue
		}
		v := setting{values: []string{value}, from: name}
		if err := v.set(x.flag); err != nil {
			return nil, nil, fmt.Errorf("%s=%s: %w", name, value, Explain(err, x.flag, value))
		}
		layer.put(x.command, x.flag.Name, v)
	}
	return layer, unknown, nil
}

// variable is what a variable sets.
type variable struct {
	command string
	flag    *pflag.Flag
}

// Variable is the name of the variable for a flag of a command, "" for all commands.
func (s *Schema) Variable(command, flag string) string {
	name := s.prefix + "_" + flag
	if command != "" {
		name = s.prefix + "_" + command + "_" + flag
	}
	return strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func (s *Schema) variables() map[string]variable {
	all := map[string]variable{}
	for _, c := range s.commands {
		for name, f := range c.flags {
			all[s.Variable(c.name, name)] = variable{c.name, f}
		}
	}
	for _, f := range s.common {
		all[s.Variable("", f.Name)] = variable{"", f}
	}
	return all
}

// VariableOf is the shortest variable that sets a flag of a command; empty: none does.
func (s *Schema) VariableOf(command, flag string) string {
	c := s.command(command)
	switch {
	case s.IsCommon(flag):
		return s.Variable("", flag)
	case c != nil && c.flags[flag] != nil:
		return s.Variable(command, flag)
	}
	return ""
}
