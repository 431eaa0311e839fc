package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/cmd/dedupe/internal/settings"
)

const (
	configName     = "dedupe.toml" // is read where it lies in the current folder
	variablePrefix = "DEDUPE"
	configVariable = "DEDUPE_CONFIG" // names the file, as --config does
)

// opposites are flags of which one overrules the other.
var opposites = map[string]string{"quiet": "verbose", "verbose": "quiet"}

// newSchema is what can be set. Ids say which articles are meant, as arguments do, and are
// for one run.
func newSchema(root *cobra.Command) *settings.Schema {
	return settings.NewSchema(root, variablePrefix, []string{"config", "ids"}, []string{"config", "completion", "man"})
}

// scratch is the tree of commands, to try settings on.
func scratch() *cobra.Command { return newRoot(&Streams{Out: io.Discard, Err: io.Discard}) }

// configuration is what the environment and the file set.
type configuration struct {
	path   string // of the file; empty: none
	schema *settings.Schema
	layers []settings.Layer
}

// readConfiguration reads the environment and the file that is named, or found here.
func readConfiguration(s *Streams, named string) (*configuration, error) {
	c := &configuration{path: named, schema: newSchema(scratch())}
	environment, unknown, err := c.schema.Environment(os.Environ(), configVariable)
	if err != nil {
		return nil, err
	}
	for _, text := range unknown {
		s.warn("%s", text)
	}
	c.layers = append(c.layers, environment)
	if c.path == "" {
		c.path = os.Getenv(configVariable)
	}
	found := false
	if c.path == "" {
		if info, err := os.Lstat(configName); err != nil || info.IsDir() {
			return c, nil
		}
		c.path, found = configName, true
	}
	file, err := c.schema.File(c.path, found)
	switch {
	case err != nil && found:
		return nil, fmt.Errorf("%w\n%s was found in this folder; --config FILE names another one, and --config %s none", err, configName, os.DevNull)
	case err != nil:
		return nil, err
	}
	c.layers = append(c.layers, file)
	return c, nil
}

// configure sets the flags of a command that were not given.
func (s *Streams) configure(cmd *cobra.Command, named string) error {
	if err := s.check(); err != nil || cmd.Hidden || cmd.Parent() != nil && cmd.Parent().Name() == "completion" {
		return err
	}
	c, err := readConfiguration(s, named)
	if err != nil {
		return err
	}
	s.config = c
	if s.sources, err = settings.Apply(cmd, opposites, c.layers...); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return s.located(err)
	}
	if c.path != "" {
		s.log().Info("configuration", "file", c.path)
	}
	return nil
}

// located adds to an error about a flag where its value was set, if not on the command line.
func (s *Streams) located(err error) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "--"), ":")
	name, _, _ = strings.Cut(name, " ")
	if source := s.sources[name]; source != "" && strings.HasPrefix(err.Error(), "--") {
		return fmt.Errorf("%w (set in %s)", err, source)
	}
	return err
}

// configOptions are the flags of config.
type configOptions struct{ format string }

func newConfig(s *Streams) *cobra.Command {
	var o configOptions
	cmd := &cobra.Command{
		Use:   "config [COMMAND]",
		Short: "Show the configuration in force, and where each value comes from",
		Long: `Config prints the value of every flag as it is in force, and where it comes from: the
command line, the environment, the configuration file, or else the default. The output is a
configuration file itself. With COMMAND, such as scan or archive add, it prints what holds
for that command.

The file is dedupe.toml in the current folder, or the one of --config or DEDUPE_CONFIG. Its
keys are the names of flags. At the top stand those that mean the same for all commands that
have them; below [scan], [archive-add] and so on those of one command, which count more.
Variables have the same names: DEDUPE_MIN_SCORE=0.9, DEDUPE_ARCHIVE_ADD_BATCH=500. Lists
are written as ["a", "b"] in the file, and as a,b in a variable.

A flag given counts most, then a variable, then the file. Paths in the file are relative to
its folder. INPUTs and ids cannot be set, and output files only below a command; a file that
was found and not named cannot have files written outside of its folder.` + exitHelp,
		Example: `  dedupe config
  dedupe config scan
  dedupe config --format json archive add`,
		ValidArgsFunction: completeCommand,
		RunE:              func(cmd *cobra.Command, args []string) error { return runConfig(&o, cmd, args, s) },
	}
	cmd.Flags().StringVar(&o.format, "format", formatTOML, "`FORMAT` of the result: toml or json")
	return cmd
}

const formatTOML = "toml"

// shown is a setting as config prints it.
type shown struct {
	Command string `json:"command,omitempty"` // "archive-add"; none: all commands
	Key     string `json:"key"`
	Value   any    `json:"value"` // null: not set
	From    string `json:"from"`
}

func runConfig(o *configOptions, cmd *cobra.Command, args []string, s *Streams) error {
	if err := checkFormat(o.format, formatTOML); err != nil {
		return err
	}
	only, err := commandNamed(cmd.Root(), args)
	if err != nil {
		return err
	}
	all, err := s.config.inForce(cmd, only)
	if err != nil {
		return err
	}
	if o.format == formatJSON {
		return json.NewEncoder(s.Out).Encode(struct {
			File     string  `json:"file"`
			Settings []shown `json:"settings"`
		}{s.config.path, all})
	}
	return writeConfig(s.Out, s.config.path, all)
}

// inForce lists what holds for one command, or for all, of the settings and of the flags
// given to cmd. What holds for all commands alike comes first.
func (c *configuration) inForce(cmd *cobra.Command, only string) (all []shown, err error) {
	common := map[string]shown{}
	for _, name := range c.schema.Commands() {
		if only != "" && name != only {
			continue
		}
		of := find(scratch(), name) // of its own: commands share flags
		giveFlags(cmd, of)
		from, err := settings.Apply(of, opposites, c.layers...)
		if err != nil {
			return nil, err
		}
		for _, flag := range c.schema.Flags(name) {
			f := of.Flags().Lookup(flag)
			x := shown{Command: name, Key: flag, Value: valueOf(of.Flags(), f), From: cmp.Or(from[flag], "default")}
			if f.Changed {
				x.From = "--" + flag
			}
			if c.schema.IsCommon(flag) && !settings.SetFor(name, flag, c.layers...) {
				x.Command = ""
				common[flag] = x
				continue
			}
			all = append(all, x)
		}
	}
	all = slices.AppendSeq(all, maps.Values(common))
	slices.SortFunc(all, func(a, b shown) int {
		return cmp.Or(strings.Compare(a.Command, b.Command), strings.Compare(a.Key, b.Key))
	})
	return all, nil
}

// commandNamed is the name of the command that the words lead to; no words are no name.
func commandNamed(root *cobra.Command, words []string) (string, error) {
	if len(words) == 1 {
		words = strings.FieldsFunc(words[0], func(r rune) bool { return r == ' ' || r == '-' })
	}
	c, rest, err := root.Find(words)
	switch {
	case len(words) == 0:
		return "", nil
	case err != nil || len(rest) > 0 || c.HasSubCommands():
		return "", usagef("no command %q", strings.Join(words, " "))
	}
	return settings.Name(c), nil
}

// find is the command of a name, such as "archive-add".
func find(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.HasSubCommands() {
			c = find(c, name)
		}
		if c != nil && settings.Name(c) == name {
			c.InheritedFlags() // has the flags of its parents joined to its own
			return c
		}
	}
	return nil
}

// giveFlags gives another command the flags of all commands that were given to one.
func giveFlags(from, to *cobra.Command) {
	from.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			_ = to.Flags().Set(f.Name, f.Value.String()) // it is one of the same kind
		}
	})
}

// valueOf is the value of a flag as it stands in a configuration file, nil for none.
func valueOf(all *pflag.FlagSet, f *pflag.Flag) any {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		if len(list.GetSlice()) == 0 {
			return nil
		}
		return list.GetSlice()
	}
	if pairs, err := all.GetStringToString(f.Name); err == nil {
		if len(pairs) == 0 {
			return nil
		}
		return pairs
	}
	text := f.Value.String()
	switch kind := f.Value.Type(); {
	case text == "":
		return nil
	case kind == "bool", strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			return json.RawMessage(text)
		}
	}
	return text
}

// writeConfig writes settings as a configuration file.
func writeConfig(w io.Writer, path string, all []shown) error {
	out := bufio.NewWriter(w)
	if path == "" {
		path = "no file; dedupe.toml would be read"
	}
	fmt.Fprintf(out, "# The configuration in force: %s\n", path)
	command := ""
	for i := range all {
		x := &all[i]
		if x.Command != command {
			command = x.Command
			fmt.Fprintf(out, "\n[%s]\n", command)
		}
		if x.Value == nil {
			fmt.Fprintf(out, "# %s is not set\n", x.Key)
			continue
		}
		fmt.Fprintf(out, "%s = %s # %s\n", x.Key, tomlOf(x.Value), x.From)
	}
	return out.Flush()
}

// tomlOf is a value as TOML writes it, on one line.
func tomlOf(value any) string {
	if raw, ok := value.(json.RawMessage); ok {
		return string(raw)
	}
	text, err := toml.Marshal(struct {
		X any `toml:"x,inline"`
	}{value})
	if err != nil {
		return fmt.Sprintf("%q", value)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(text), "x = "))
}
