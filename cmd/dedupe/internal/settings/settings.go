// Package settings gives the flags of a cobra program values from a configuration file and
// from environment variables.
//
// What goes in is the program's tree of commands, a TOML file and the environment; what
// comes out are flags that are set, each with a note of where its value came from. A flag
// that was given counts most, then the environment, then the file, then the default.
//
// # Names
//
// A flag that means the same for every command that has it, and that at least two have, is
// a key at the top of the file: min-score = 0.9. Any flag of a command can stand in the
// command's table, which then counts more: [scan], [archive-add]. The variables are the
// same names in capitals with a prefix, such as DEDUPE_MIN_SCORE and
// DEDUPE_ARCHIVE_ADD_BATCH.
//
// # What is kept out
//
// Flags that name output files are set for one command, not for all, which would write to
// the same file. In a file that was found, and not named by the user, they cannot lead out
// of its folder. The flags that the caller excludes cannot be set at all, nor can
// arguments. Paths in a file are relative to its folder.
package settings

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Schema is what can be set.
type Schema struct {
	prefix   string
	commands []command
	common   []*pflag.Flag // by name
	excluded []string
}

// command is one that does something.
type command struct {
	name  string // "archive-add"
	flags map[string]*pflag.Flag
}

// NewSchema lists what can be set for the commands below root, but for the excluded flags
// and commands. The values of root's flags are overwritten when settings are tried: it must
// not be the tree that is run. Prefix is that of the variables, such as "DEDUPE".
func NewSchema(root *cobra.Command, prefix string, excludedFlags, excludedCommands []string) *Schema {
	s := &Schema{prefix: prefix, excluded: append([]string{"help", "version"}, excludedFlags...)}
	s.addCommands(root, excludedCommands)
	slices.SortFunc(s.commands, func(a, b command) int { return strings.Compare(a.name, b.name) })
	s.findCommon(root)
	return s
}

func (s *Schema) addCommands(parent *cobra.Command, excluded []string) {
	for _, c := range parent.Commands() {
		if c.Hidden || c.Name() == "help" || slices.Contains(excluded, c.Name()) {
			continue
		}
		if c.HasSubCommands() {
			s.addCommands(c, excluded)
			continue
		}
		x := command{name: Name(c), flags: map[string]*pflag.Flag{}}
		add := func(f *pflag.Flag) {
			if !slices.Contains(s.excluded, f.Name) {
				x.flags[f.Name] = f
			}
		}
		c.LocalFlags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
		s.commands = append(s.commands, x)
	}
}

// Name is the name of a command's table: its path without the program.
func Name(c *cobra.Command) string {
	_, path, _ := strings.Cut(c.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", "-")
}

// findCommon finds the flags that mean the same for several commands.
func (s *Schema) findCommon(root *cobra.Command) {
	first, differs, times := map[string]*pflag.Flag{}, map[string]bool{}, map[string]int{}
	for _, c := range s.commands {
		for name, f := range c.flags {
			times[name]++
			if g := first[name]; g == nil {
				first[name] = f
			} else if g.Usage != f.Usage || g.Value.Type() != f.Value.Type() {
				differs[name] = true
			}
		}
	}
	for name, f := range first {
		ofRoot := root.PersistentFlags().Lookup(name) != nil
		if (times[name] > 1 || ofRoot) && !differs[name] && !IsOutput(f) {
			s.common = append(s.common, f)
		}
	}
	slices.SortFunc(s.common, func(a, b *pflag.Flag) int { return strings.Compare(a.Name, b.Name) })
}

// commonFlag is the flag of a key that counts for all commands, or nil.
func (s *Schema) commonFlag(name string) *pflag.Flag {
	for _, f := range s.common {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// command is the command of a table, or nil.
func (s *Schema) command(name string) *command {
	for i := range s.commands {
		if s.commands[i].name == name {
			return &s.commands[i]
		}
	}
	return nil
}

// isGroup reports whether a name begins that of a command that has others below it.
func (s *Schema) isGroup(name string) bool {
	return slices.ContainsFunc(s.commands, func(c command) bool { return strings.HasPrefix(c.name, name+"-") })
}

// IsOutput reports whether a flag names a file that is written: whether its usage says
// "write … to `FILE`".
func IsOutput(f *pflag.Flag) bool {
	kind, usage := pflag.UnquoteUsage(f)
	return kind == "FILE" && strings.HasPrefix(usage, "write ")
}

// isPath reports whether a flag names files or folders.
func isPath(f *pflag.Flag) bool {
	kind, _ := pflag.UnquoteUsage(f)
	return kind == "FILE" || strings.HasSuffix(kind, "DIR")
}

// Commands are the names of the commands whose flags can be set, in order.
func (s *Schema) Commands() (names []string) {
	for _, c := range s.commands {
		names = append(names, c.name)
	}
	return names
}

// Flags are the names of the flags of a command that can be set, in order.
func (s *Schema) Flags(command string) []string {
	return slices.Sorted(maps.Keys(s.command(command).flags))
}

// IsCommon reports whether a flag can be set for all commands.
func (s *Schema) IsCommon(flag string) bool { return s.commonFlag(flag) != nil }

// SetFor reports whether a layer sets a flag for the very command.
func SetFor(command, flag string, layers ...Layer) bool {
	return slices.ContainsFunc(layers, func(l Layer) bool {
		_, ok := l[command][flag]
		return ok
	})
}
