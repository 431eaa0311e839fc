// Package cli holds the commands of dedupe, one file each.
//
// Every command is a constructor that makes a cobra command, a struct of options that
// adds its flags, and a function run that takes a context, the options and the
// Streams. Results go to standard output, everything else to standard error; the exit
// status is told by the error that a command returns.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	statusDone        = 0
	statusFound       = 1   // pairs were found and --fail-on-duplicate was given, or damage
	statusFailed      = 2   // bad usage or input, or a result that cannot be written
	statusInterrupted = 130 // as a shell reports SIGINT
)

// exitHelp closes the help of every command.
const exitHelp = `

Exit status: 0 done, 2 bad usage or input, 130 interrupted.`

// errFound ends a run with statusFound. It is not shown.
var errFound = errors.New("found what was looked for")

// errInterrupted is what a user sees after an interrupt.
var errInterrupted = errors.New("interrupted")

// patience is how long an interrupted command may take to end by itself, unless it said
// Streams.finish. Some of its work cannot be cut short; the process then ends under it.
const patience = 500 * time.Millisecond

// Main runs the program with its arguments, on the streams of the process, until it is
// done or interrupted, and returns its exit status.
func Main(args []string) int {
	signal.Ignore(syscall.SIGPIPE) // a pipe that nobody reads shows as an error of the write
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	s := processStreams()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		interrupt()
		<-signals
		s.exitAtOnce()
	}()
	return Run(ctx, args, s)
}

// Run runs one command line and returns its exit status, at the latest soon after ctx
// ended. It leaves neither half an output file nor a temporary one.
func Run(ctx context.Context, args []string, s *Streams) int {
	if _, ok := s.Out.(*pipe); !ok {
		s.Out = &pipe{w: s.Out}
	}
	ended := make(chan error, 1)
	go func() { ended <- execute(ctx, args, s) }()
	select {
	case err := <-ended:
		return exitStatus(ctx, err, s)
	case <-ctx.Done():
	}
	var enough <-chan time.Time
	if !s.finishes.Load() {
		enough = time.After(patience)
	}
	select {
	case err := <-ended:
		return exitStatus(ctx, err, s)
	case <-enough:
		if s.cutOff() { // nothing was left but the summary
			return exitStatus(ctx, <-ended, s)
		}
		return exitStatus(ctx, errInterrupted, s)
	}
}

// execute runs the command. A mistake in the usage names the command's help.
func execute(ctx context.Context, args []string, s *Streams) error {
	root := newRoot(s)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil {
		err = s.located(err)
	}
	if _, usage := errors.AsType[usageError](err); usage {
		return fmt.Errorf("%w\nSee '%s --help'", err, cmd.CommandPath())
	}
	return err
}

// exitStatus shows the error and tells the status.
func exitStatus(ctx context.Context, err error, s *Streams) int {
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errFound):
		return statusFound
	case ctx.Err() != nil:
		s.complain(s.interruption())
		return statusInterrupted
	}
	s.complain(withRemedy(err.Error(), err))
	return statusFailed
}

// newRoot makes the program with all its commands.
func newRoot(s *Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "dedupe",
		Short: "Find copies, edited copies and translations of news articles",
		Long: `dedupe finds copies, edited copies and translations among news articles in
English and French.

An INPUT is a file, a folder, a glob or - for standard input. Files are plain text
(.txt, one article each, the first line its headline), JSON (.jsonl, .ndjson, .json), web
pages (.html, .htm, .xhtml), or XML: feeds (.rss, .atom, .xml) and news items in NewsML-G2
or NITF (.xml, .nitf); ninjs is JSON; tables (.csv, .tsv, .parquet) with a column "text", or
what --field calls it; and web crawls (.warc, .warc.gz, .wet). They may be packed (.gz, .zst,
.bz2), in archives (.tar, .tgz, .zip), and mixed.` + exitHelp,
		Example: `  dedupe scan fixtures/stories
  dedupe compare fixtures/stories/a-bank-en.txt fixtures/stories/a-bank-fr.txt`,
		Version:       moduleVersion(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          needCommand,
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetVersionTemplate("dedupe {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	// A command that only holds others is runnable, to refuse them, but not used as such.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(),
		"{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}", 1))
	var m models
	m.AddFlags(root.PersistentFlags())
	s.manners.AddFlags(root)
	var config string
	root.PersistentFlags().StringVar(&config, "config", "", "read the configuration from `FILE` (default: dedupe.toml in this folder, if there is one)")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return s.configure(cmd, config) }
	addColourFlag(root.PersistentFlags(), s)
	root.AddCommand(
		newScan(s, &m),
		newCompare(s, &m),
		newEval(s, &m),
		newAudit(s, &m),
		newArchive(s, &m),
		newCheck(s, &m),
		newLexicon(s, &m),
		newVerdict(s, &m),
		newConfig(s),
		newSelftest(s, &m),
		newMan(s),
		newSchemaCommand(s),
		newVersion(s, &m),
	)
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	refuseStrangers(root)
	addCompletions(root)
	return root
}

// refuseStrangers has the commands that cobra adds refuse what they do not know, as ours do.
func refuseStrangers(root *cobra.Command) {
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args, c.RunE = cobra.ArbitraryArgs, needCommand
		case "help":
			c.Run = nil
			c.RunE = func(_ *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return needCommand(about, rest)
				}
				return about.Help()
			}
		}
	}
}

// needCommand is run for a command that only holds others.
func needCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s\n\n%s\n", strings.TrimSpace(cmd.Long), cmd.UsageString())
		return usagef("a command is missing")
	}
	text := fmt.Sprintf("no command %q", args[0])
	cmd.SuggestionsMinimumDistance = 2
	for i, name := range cmd.SuggestionsFor(args[0]) {
		text += [...]string{"; did you mean ", " or "}[min(i, 1)] + strconv.Quote(name)
	}
	if strings.Contains(text, "did you mean") {
		text += "?"
	}
	return usagef("%s", text)
}
