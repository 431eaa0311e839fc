package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/calque-dev/calque/cmd/dedupe/internal/settings"
)

// usageError is a mistake in what was typed: the user is pointed to the help.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// flagError puts a mistake in a flag in the words of this program.
func flagError(cmd *cobra.Command, err error) error {
	if x, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return usageError{unknownFlag(cmd, x)}
	}
	if x, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usagef("--%s: %w", x.GetFlag().Name, settings.Explain(x.Unwrap(), x.GetFlag(), x.GetValue()))
	}
	if x, ok := errors.AsType[*pflag.ValueRequiredError](err); ok && x.GetFlag() != nil {
		_, usage := pflag.UnquoteUsage(x.GetFlag())
		return usagef("--%s: the value is missing: %s", x.GetFlag().Name, usage)
	}
	return usageError{err}
}

// unknownFlag names the nearest flag, or the commands that have the one that was typed.
func unknownFlag(cmd *cobra.Command, x *pflag.NotExistError) error {
	name := x.GetSpecifiedName()
	if x.GetSpecifiedShortnames() != "" {
		return fmt.Errorf("%s has no flag -%s", cmd.CommandPath(), name)
	}
	var own, others []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { own = append(own, f.Name) })
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if c.LocalNonPersistentFlags().Lookup(name) != nil {
			others = append(others, c.CommandPath())
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(cmd.Root())
	if len(others) > 0 {
		return fmt.Errorf("%s has no flag --%s; %s", cmd.CommandPath(), name, having(others))
	}
	return fmt.Errorf("%s has no flag --%s%s", cmd.CommandPath(), name, settings.DidYouMean(name, own, "--%s"))
}

// having says which commands have a flag.
func having(commands []string) string {
	slices.Sort(commands)
	switch n := len(commands); {
	case n == 1:
		return commands[0] + " has it"
	case n <= 3:
		return strings.Join(commands[:n-1], ", ") + " and " + commands[n-1] + " have it"
	default:
		return fmt.Sprintf("%d commands have it, such as %s", n, commands[n-1])
	}
}

// reasonOf takes operation and path off an error of the operating system.
func reasonOf(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

// noRoom is how errors end that packages have put in words of their own.
var noRoom = syscall.ENOSPC.Error()

// withRemedy adds to an error what can be done about it, where that is not said and the
// same whatever was being done.
func withRemedy(text string, err error) string {
	_, told := errors.AsType[*remedied](err)
	switch {
	case told, strings.Contains(text, "TMPDIR"):
	case strings.Contains(text, "temporary file"):
		return text + ": make room, or name another place for temporary files with TMPDIR"
	case errors.Is(err, syscall.ENOSPC), strings.HasSuffix(text, noRoom):
		return text + ": make room, or name another place"
	case errors.Is(err, syscall.EROFS):
		return text + ": name another place"
	}
	return text
}
