package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/cmd/dedupe/internal/settings"
)

func newMan(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages",
		Long: `Man writes a manual page for the program and each of its commands into the folder DIR, which it
makes if it is missing: dedupe.1, dedupe-scan.1 and so on. Their date is that of SOURCE_DATE_EPOCH,
in seconds since 1970, or else that of the source the program was built from, so that the same program
writes the same pages.` + exitHelp,
		Example: `  dedupe man man1`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("man wants one folder, DIR; found %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runMan(cmd, args[0], s) },
	}
}

func runMan(cmd *cobra.Command, dir string, s *Streams) error {
	date, err := manDate(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("%s: %w", dir, reasonOf(err))
	}
	files := newOutputs(s)
	defer files.discard()
	pages := 0
	var write func(c *cobra.Command) error
	write = func(c *cobra.Command) error {
		c.InitDefaultHelpFlag()
		name := strings.ReplaceAll(c.CommandPath(), " ", "-")
		if err := files.create(name, filepath.Join(dir, name+".1"), nil); err != nil {
			return err
		}
		writeMan(files.of(name), c, name, date)
		pages++
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				if err := write(sub); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := write(cmd.Root()); err != nil {
		return err
	}
	if err := files.commit(cmd.Context()); err != nil {
		return err
	}
	s.summarize(false, fact{label: "wrote", text: fmt.Sprintf("%s in %s", count(pages, "page", "pages"), dir)})
	return nil
}

// manDate is the day of the pages: that of epoch, if it is set, or of the source. A program
// of which neither is known has none.
func manDate(epoch string) (string, error) {
	if epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return "", fmt.Errorf("SOURCE_DATE_EPOCH: %q is no number of seconds", epoch)
		}
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.time" {
				day, _, _ := strings.Cut(setting.Value, "T")
				return day, nil
			}
		}
	}
	return "", nil
}

// writeMan writes the page of a command as roff for the macros of man(7). Errors of w are
// those of a later flush.
func writeMan(w io.Writer, c *cobra.Command, name, date string) {
	p := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	p(`.TH "%s" 1 "%s" "dedupe %s" "Calque"`, strings.ToUpper(roff(name)), date, roff(moduleVersion()))
	p(".SH NAME\n%s \\- %s", roff(name), roff(c.Short))
	p(".SH SYNOPSIS\n.B %s", roff(c.UseLine()))
	text, status, _ := strings.Cut(c.Long, "\n\nExit status: ")
	p(".SH DESCRIPTION\n%s", roff(strings.ReplaceAll(text, "\n\n", "\n.PP\n")))
	manOptions(p, "OPTIONS", c, c.NonInheritedFlags())
	manOptions(p, "OPTIONS OF ALL COMMANDS", c, c.InheritedFlags())
	if c.HasAvailableSubCommands() {
		p(".SH COMMANDS")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				p(".TP\n.BR %s (1)\n%s", roff(name+"-"+sub.Name()), roff(sub.Short))
			}
		}
	}
	if status != "" {
		p(".SH EXIT STATUS\n%s", roff(status))
	}
	if c.Example != "" {
		p(".SH EXAMPLES\n.nf\n%s\n.fi", roff(c.Example))
	}
	if c.HasParent() {
		p(".SH SEE ALSO\n.BR %s (1)", roff(strings.ReplaceAll(c.Parent().CommandPath(), " ", "-")))
	}
}

// manOptions writes flags, each with the variable that sets it.
func manOptions(p func(string, ...any), head string, c *cobra.Command, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	p(".SH %s", head)
	schema := newSchema(scratch())
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		kind, usage := pflag.UnquoteUsage(f)
		line := `\fB` + roff("--"+f.Name) + `\fR`
		if f.Shorthand != "" {
			line = `\fB` + roff("-"+f.Shorthand) + `\fR, ` + line
		}
		if kind != "" && f.Value.Type() != "bool" {
			line += ` \fI` + roff(kind) + `\fR`
		}
		if shown := f.DefValue; shown != "" && shown != "0" && shown != "false" && shown != "[]" {
			usage += fmt.Sprintf(" (default %s)", shown)
		}
		p(".TP\n%s\n%s", line, roff(usage))
		if variable := schema.VariableOf(settings.Name(c), f.Name); variable != "" {
			p(".br\nVariable: %s", roff(variable))
		}
	})
}

// roff is text of a page: nothing in it is taken for a request, and its dashes are those
// that are typed.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") && line != ".PP" || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
