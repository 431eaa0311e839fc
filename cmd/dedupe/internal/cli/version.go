package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(s *Streams, m *models) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of the program and the size of its lexicon",
		Long:    `Version shows the version of the program and the size of its lexicon.` + exitHelp,
		Example: `  dedupe version`,
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return runVersion(m, s) },
	}
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument %q", cmd.Name(), args[0])
	}
	return nil
}

func runVersion(m *models, s *Streams) error {
	l, err := m.lexicon()
	if err != nil {
		return err
	}
	t := l.Table()
	_, err = fmt.Fprintf(s.Out, "dedupe %s (%s, %s/%s)\nlexicon of %s English and %s French terms, from %s pairs of sentences\n",
		moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH,
		grouped(len(t.English)), grouped(len(t.French)), grouped(t.Sentences))
	return err
}

// moduleVersion is the version that the program was built at, with the revision of
// the source where there is no other.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}
