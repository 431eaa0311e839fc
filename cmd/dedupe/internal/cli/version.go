package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/dedupe"
)

// versionOptions are the flags of version.
type versionOptions struct{ format string }

func newVersion(s *Streams, m *models) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the versions of the program, its lexicon and its model",
		Long: `Version shows what the program was built from, and the versions of all that decides on a result: the
lexicon and the model, those of --lexicon and --model if they are given, and the keys that articles
are found by. Two programs that agree in these three find the same, and read the same archives.` + exitHelp,
		Example: `  dedupe version
  dedupe version --format json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return runVersion(&o, m, s) },
	}
	addFormatFlag(cmd, &o.format)
	return cmd
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument %q", cmd.Name(), args[0])
	}
	return nil
}

// versions are those of the program and its parts, as they stand in JSON.
type versions struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // empty: not known
	Time     string `json:"time"`     // of the commit
	Modified bool   `json:"modified"` // since the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Lexicon  string `json:"lexicon"` // fingerprints, 16 hexadecimal digits
	Model    string `json:"model"`
	Keys     int    `json:"keys"`
	Archive  int    `json:"archive"` // format of archives
	English  int    `json:"english_terms"`
	French   int    `json:"french_terms"`
	Pairs    int    `json:"sentence_pairs"`
}

func runVersion(o *versionOptions, m *models, s *Streams) error {
	if err := checkFormat(o.format, formatText); err != nil {
		return err
	}
	detector, err := m.newDetector(dedupe.Options{})
	if err != nil {
		return err
	}
	v := versions{Version: moduleVersion(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Archive: store.FormatVersion}
	parts := detector.Versions()
	v.Lexicon, v.Model, v.Keys = fmt.Sprintf("%016x", parts.Lexicon), fmt.Sprintf("%016x", parts.Model), parts.Keys
	t := detector.Lexicon().Table()
	v.English, v.French, v.Pairs = len(t.English), len(t.French), t.Sentences
	v.addSource()
	if o.format == formatJSON {
		return json.NewEncoder(s.Out).Encode(v)
	}
	_, err = fmt.Fprintf(s.Out, "dedupe %s (%s, %s)\n%slexicon %s, of %s English and %s French terms, from %s pairs of sentences\nmodel   %s\nkeys    %d\narchive format %d\n",
		v.Version, v.Go, v.Platform, v.source(), v.Lexicon, grouped(v.English), grouped(v.French), grouped(v.Pairs), v.Model, v.Keys, v.Archive)
	return err
}

// addSource notes the commit, where the program was built from a repository.
func (v *versions) addSource() {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			v.Commit = setting.Value
		case "vcs.time":
			v.Time = setting.Value
		case "vcs.modified":
			v.Modified = setting.Value == "true"
		}
	}
}

// source is the line about the commit, if it is known.
func (v *versions) source() string {
	if v.Commit == "" {
		return ""
	}
	changed := ""
	if v.Modified {
		changed = ", with changes"
	}
	return fmt.Sprintf("commit  %s of %s%s\n", v.Commit, v.Time, changed)
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
