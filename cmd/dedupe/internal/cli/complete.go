package cli

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/pkg/archive/store"
)

// addCompletions tells shells what the flags and arguments of all commands may be. Values of
// flags are read off their help, so that both always say the same.
func addCompletions(c *cobra.Command) {
	for _, sub := range c.Commands() {
		addCompletions(sub)
	}
	complete := func(f *pflag.Flag) {
		if _, known := c.GetFlagCompletionFunc(f.Name); known {
			return
		}
		if values := flagValues(f); values != nil {
			_ = c.RegisterFlagCompletionFunc(f.Name, values) // the flag is there
		}
	}
	c.LocalNonPersistentFlags().VisitAll(complete)
	c.PersistentFlags().VisitAll(complete)
	if c.ValidArgsFunction == nil && !readsFiles(c) {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
}

// flagOfUse is a flag with its value in the line of a command's usage.
var flagOfUse = regexp.MustCompile(`--[a-z-]+ [A-Z]+`)

// readsFiles reports whether arguments of a command are files or folders.
func readsFiles(c *cobra.Command) bool {
	arguments := strings.Fields(flagOfUse.ReplaceAllString(c.Use, ""))
	return slices.ContainsFunc(arguments, func(a string) bool {
		return slices.Contains([]string{"INPUT...", "A", "DIR", "POOL..."}, a)
	})
}

// flagValues are what a flag may be, nil where that is a file or there is no telling.
func flagValues(f *pflag.Flag) cobra.CompletionFunc {
	kind, _ := pflag.UnquoteUsage(f)
	switch choices := choicesOf(f); {
	case f.Name == "archive":
		return completeArchive
	case strings.HasSuffix(kind, "DIR"):
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	case kind == "FILE":
		return nil
	case choices != nil && kind == "LIST":
		return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return completeList(choices, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
	case choices != nil:
		return cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp)
	}
	return cobra.NoFileCompletions
}

// choicesOf are the words that the help lists behind a colon: "`ORDER` of the hits: newest
// or oldest".
func choicesOf(f *pflag.Flag) []string {
	_, usage := pflag.UnquoteUsage(f)
	if head, rest, found := strings.Cut(usage, " (default"); found {
		_, behind, _ := strings.Cut(rest, ")")
		usage = head + behind
	}
	i := strings.LastIndex(usage, ": ")
	if i < 0 {
		return nil
	}
	choices := strings.FieldsFunc(strings.ReplaceAll(usage[i+2:], " or ", ", "), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.ContainsFunc(choices, func(s string) bool { return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") != "" }) {
		return nil
	}
	return choices
}

// completeList completes the last element of a list with commas, by one that is not in it.
func completeList(choices []string, typed string) (values []string) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	had := strings.Split(before, ",")
	for _, c := range choices {
		if !slices.Contains(had, c) {
			values = append(values, before+c)
		}
	}
	return values
}

// completeArchive offers the archives next to what is typed; where there are none, folders.
func completeArchive(_ *cobra.Command, _ []string, typed string) (archives []string, _ cobra.ShellCompDirective) {
	found, _ := filepath.Glob(globbed(typed) + "*")
	for _, dir := range found {
		if store.IsArchive(dir) {
			archives = append(archives, dir)
		}
	}
	if len(archives) == 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return archives, cobra.ShellCompDirectiveNoFileComp
}

// globbed is a path as a glob.
func globbed(path string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(path)
}

// completeCommand completes the name of a command whose flags can be set.
func completeCommand(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) == 0 {
		names = newSchema(scratch()).Commands()
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
