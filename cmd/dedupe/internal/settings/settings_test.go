package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"
)

// program is a tree of commands as dedupe has one.
func program() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "prog"}
	root.PersistentFlags().Bool("quiet", false, "say less")
	root.PersistentFlags().Bool("verbose", false, "say more")
	root.PersistentFlags().String("archive", "", "`DIR` of the archive")
	root.PersistentFlags().String("config", "", "`FILE`")
	group := &cobra.Command{Use: "archive"}
	leaf := func(name string) *cobra.Command {
		c := &cobra.Command{Use: name, Run: run}
		c.Flags().Float64("score", 0, "least score")
		c.Flags().StringSlice("relation", nil, "the relations of `LIST`")
		c.Flags().StringToString("field", nil, "names")
		c.Flags().String("rejects", "", "write rejects to `FILE`")
		c.Flags().String("format", "", "format of "+name)
		return c
	}
	add, scan := leaf("add"), leaf("scan")
	add.Flags().Int("batch", 10, "articles")
	group.AddCommand(add)
	root.AddCommand(group, scan)
	root.SetOut(io.Discard)
	return root
}

func schema() *Schema { return NewSchema(program(), "PROG", []string{"config"}, nil) }

// scanWith is command scan with flags given and layers applied.
func scanWith(t interface{ Fatal(...any) }, args []string, layers ...Layer) (*cobra.Command, map[string]string) {
	c, _, err := program().Find([]string{"scan"})
	if err == nil {
		err = c.ParseFlags(args)
	}
	if err != nil {
		t.Fatal(err)
	}
	from, err := Apply(c, map[string]string{"quiet": "verbose", "verbose": "quiet"}, layers...)
	if err != nil {
		t.Fatal(err)
	}
	return c, from
}

func TestMistakesNameLineAndRemedy(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"scroe = 1", `p.toml:1: unknown key "scroe"; did you mean "score"?`},
		{"\n\n[scan]\nscroe = 1", `p.toml:4: unknown key "scroe"; did you mean "score"?`},
		{"zzzzzz = 1", `p.toml:1: unknown key "zzzzzz"`},
		{"batch = 1", `p.toml:1: batch belongs below [archive-add]`},
		{"[scan]\nbatch = 1", `p.toml:2: batch belongs below [archive-add]`},
		{"[scna]\nscore = 1", `p.toml:1: there is no command "scna"; did you mean [scan]?`},
		{"[archive]\nbatch = 1", `p.toml:2: batch: [archive] holds commands, such as [archive-add]; keys for all commands stand at the top`},
		{"[[scan]]\nscore = 1", `p.toml:1: scan is a command: write its keys below [scan]`},
		{"archive = 'x'\n[archive.add]\nbatch = 1", `p.toml:2: key archive already exists as a value: as archive is a key, write the tables [archive.…] as [archive-…]`},
		{"config = 'x'", `p.toml:1: config cannot be set here: give it on the command line`},
		{"help = true", `p.toml:1: help cannot be set here: give it on the command line`},
		{"rejects = 'x'", `p.toml:1: rejects belongs below [archive-add], [scan]`},
		{"format = 'x'", `p.toml:1: format belongs below [archive-add], [scan]`},
		{"score = '1'", `p.toml:1: score: want a number, found a text`},
		{"quiet = 1", `p.toml:1: quiet: want true or false, found a number`},
		{"[archive-add]\nbatch = 1.5", `p.toml:2: batch: want a whole number, found a fraction`},
		{"[scan]\nformat = 2026-01-01", `p.toml:2: format: want a text between quotes, found a date or time`},
		{"relation = [1]", `p.toml:1: relation: want a list of texts, found a number in it`},
		{"relation = 1", `p.toml:1: relation: want a list of texts, found a number`},
		{"field = 'x'", `p.toml:1: field: want a table of texts, such as {text = "body"}, found a text`},
		{"field = {a = 1}", `p.toml:1: field: a: want a text between quotes, found a number`},
		{"score = 1\nscore = 2", `p.toml:2: key score is already defined`},
		{"score = ", `p.toml:1: `},
		{"[scan]\nrejects = '../x'", `p.toml:2: rejects: ../x leads out of this folder: a file that nobody named may not have others written: give --config p.toml, or --rejects`},
		{"[scan]\nrejects = '/x'", `p.toml:2: rejects: /x leads out of this folder`},
		{"quiet = true\nscan.score = []", `p.toml:2: score: want a number, found a list`},
		{"scan = {score = 1, batch = 2}", `p.toml:1: batch belongs below [archive-add]`},
	} {
		_, err := schema().Parse("p.toml", []byte(c.text), true)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestAFileThatWasNamedMayHaveAnythingWritten(t *testing.T) {
	if _, err := schema().Parse("p.toml", []byte("[scan]\nrejects = '../x'"), false); err != nil {
		t.Error(err)
	}
}

func TestAFileSetsAllKindsOfFlags(t *testing.T) {
	layer, err := schema().Parse("conf/p.toml", []byte(`
quiet = true
score = 1
archive = "news"
relation = ["a,b", "c"]
field = {text = "body, or so", id = "x"}
[scan]
rejects = "out/rejects.jsonl"
format = "a\"b"
[archive-add]
batch = 5
score = 0.25
`), false)
	if err != nil {
		t.Fatal(err)
	}
	c, from := scanWith(t, nil, layer)
	f := c.Flags()
	relations, _ := f.GetStringSlice("relation")
	fields, _ := f.GetStringToString("field")
	for _, x := range []struct{ got, want string }{
		{f.Lookup("quiet").Value.String(), "true"},
		{f.Lookup("score").Value.String(), "1"},
		{f.Lookup("archive").Value.String(), filepath.Join("conf", "news")},
		{strings.Join(relations, "|"), "a,b|c"},
		{fmt.Sprint(fields), "map[id:x text:body, or so]"},
		{f.Lookup("rejects").Value.String(), filepath.Join("conf", "out/rejects.jsonl")},
		{f.Lookup("format").Value.String(), `a"b`},
		{from["score"], "conf/p.toml:3"},
		{from["field"], "conf/p.toml:6"},
		{from["rejects"], "conf/p.toml:8"},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
	if add := layer["archive-add"]; add["batch"].values[0] != "5" || add["score"].values[0] != "0.25" {
		t.Errorf("archive add: %v", add)
	}
}

func TestATableOfACommandHasDotsOrDashes(t *testing.T) {
	for _, text := range []string{"[archive.add]\nbatch = 5", "[archive-add]\nbatch = 5", "archive.add.batch = 5", "archive = {add = {batch = 5}}"} {
		layer, err := schema().Parse("p.toml", []byte(text), true)
		if err != nil || layer["archive-add"]["batch"].values[0] != "5" {
			t.Errorf("%q: %v, %v", text, layer, err)
		}
	}
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent.toml")
	if _, err := schema().File(path, false); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Error(err)
	}
}

func TestVariables(t *testing.T) {
	layer, unknown, err := schema().Environment([]string{
		"PATH=/bin", "PROG_SCORE=0.5", "PROG_SCAN_FORMAT=csv", "PROG_RELATION=a,b", "PROG_ARCHIVE_ADD_BATCH=3", "PROG_QUIET=",
		"PROG_CONFIG=x", "PROG_SCROE=1", "PROG_REJECTS=x", "PROGRAM=1",
	}, "PROG_CONFIG")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"PROG_SCROE is no setting; did you mean PROG_SCORE?", "PROG_REJECTS is no setting; did you mean PROG_SCORE?"}
	if len(unknown) != 2 || unknown[0] != want[0] || !strings.HasPrefix(unknown[1], "PROG_REJECTS is no setting") {
		t.Errorf("unknown: %q", unknown)
	}
	c, from := scanWith(t, nil, layer)
	relations, _ := c.Flags().GetStringSlice("relation")
	if got := c.Flags().Lookup("format").Value.String(); got != "csv" || from["format"] != "PROG_SCAN_FORMAT" || len(relations) != 2 {
		t.Errorf("format %q from %s, relations %q", got, from["format"], relations)
	}
	for _, bad := range []string{"PROG_SCORE=x", "PROG_ARCHIVE_ADD_BATCH=1.5", "PROG_QUIET=perhaps"} {
		if _, _, err := schema().Environment([]string{bad}); err == nil || !strings.HasPrefix(err.Error(), bad+": want ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestAFlagCountsMoreThanAVariableThanTheFileThanTheDefault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var args, environ []string
		var text string
		want, from := "0", ""
		set := func(what string) bool { return rapid.Bool().Draw(t, what) }
		if set("common key") {
			text, want, from = "score = 1\n", "1", "p.toml:1"
		}
		if set("key") {
			from = fmt.Sprintf("p.toml:%d", strings.Count(text, "\n")+2)
			text += "[scan]\nscore = 2\n"
			want = "2"
		}
		if set("common variable") {
			environ, want, from = append(environ, "PROG_SCORE=3"), "3", "PROG_SCORE"
		}
		if set("variable") {
			environ, want, from = append(environ, "PROG_SCAN_SCORE=4"), "4", "PROG_SCAN_SCORE"
		}
		if set("flag") {
			args, want, from = []string{"--score", "5"}, "5", ""
		}
		file, err := schema().Parse("p.toml", []byte(text), true)
		if err != nil {
			t.Fatal(err)
		}
		environment, _, err := schema().Environment(environ)
		if err != nil {
			t.Fatal(err)
		}
		c, sources := scanWith(t, args, environment, file)
		if got := c.Flags().Lookup("score").Value.String(); got != want || sources["score"] != from {
			t.Errorf("got %s from %q, want %s from %q", got, sources["score"], want, from)
		}
	})
}

func TestOfOppositesTheOneOfTheStrongerSourceCounts(t *testing.T) {
	file, err := schema().Parse("p.toml", []byte("quiet = true"), true)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := scanWith(t, []string{"--verbose"}, file)
	if c.Flags().Lookup("quiet").Value.String() != "false" {
		t.Error("quiet was set against a flag")
	}
	environment, _, err := schema().Environment([]string{"PROG_VERBOSE=1"})
	if err != nil {
		t.Fatal(err)
	}
	c, _ = scanWith(t, nil, environment, file)
	if c.Flags().Lookup("quiet").Value.String() != "false" || c.Flags().Lookup("verbose").Value.String() != "true" {
		t.Error("quiet was set against a variable")
	}
}

// FuzzParse holds that any file is read or refused in words that name it, and that what is
// read can be applied.
func FuzzParse(f *testing.F) {
	f.Add("quiet = true\n[scan]\nscore = 0.5\nrelation = ['a']\n")
	f.Add("[archive.add]\nbatch = 3\n[archive-add]\nscore = 1")
	f.Add("scan = {score = 1, field = {a = 'b'}}")
	f.Add("scan.field.text = 'x'\n[[scan]]\n\"\" = 1979-05-27T07:32:00Z")
	f.Fuzz(func(t *testing.T, text string) {
		layer, err := schema().Parse("p.toml", []byte(text), true)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p.toml") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		scanWith(t, nil, layer)
	})
}
