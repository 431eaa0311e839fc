package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dedupe": main})
}

// TestScripts runs testdata/script. Beside the commands of testscript there are:
//
//	exits N COMMAND...   runs the command, which must exit with status N
//	pack FILE PACKED     packs a file, as the end of the new name says
//	unpack PACKED FILE   the inverse
//	rows PARQUET FILE    writes the rows of a Parquet file as JSON lines
//	hex FILE DIGITS      makes a file of bytes
//	repeat N FILE TEXT   makes a file of N lines, "%d" being the number of the line
//	fifo FILE            makes a named pipe
//	await GLOB           waits until a file is there
//	values FILE          takes the comments out of a configuration file
//	damage GLOB          changes a byte near the beginning of the largest file, where texts are
//
// The condition [root] says that no permission keeps anything from being read, and
// $FIXTURES is the folder of written stories.
func TestScripts(t *testing.T) {
	fixtures, err := filepath.Abs("../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", fixtures)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, errors.New("unknown condition " + name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"pack":   pack,
			"unpack": unpack,
			"rows":   rows,
			"hex":    writeHex,
			"repeat": repeat,
			"fifo":   fifo,
			"await":  await,
			"damage": damage,
			"values": values,
		},
	})
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func pack(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	file, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	defer file.Close()
	var packer io.WriteCloser = gzip.NewWriter(file)
	if strings.HasSuffix(args[1], ".zst") {
		packer, err = zstd.NewWriter(file)
		ts.Check(err)
	}
	_, err = io.WriteString(packer, content)
	ts.Check(err)
	ts.Check(packer.Close())
}

func unpack(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	var in io.Reader
	if strings.HasSuffix(args[0], ".zst") {
		in, err = zstd.NewReader(file)
	} else {
		in, err = gzip.NewReader(file)
	}
	ts.Check(err)
	content, err := io.ReadAll(in)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), content, 0o666))
}

func rows(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	all, err := parquet.Read[any](strings.NewReader(content), int64(len(content)))
	ts.Check(err)
	var lines bytes.Buffer
	for _, row := range all {
		ts.Check(json.NewEncoder(&lines).Encode(row))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), lines.Bytes(), 0o666))
}

func writeHex(ts *testscript.TestScript, _ bool, args []string) {
	b, err := hex.DecodeString(strings.ReplaceAll(args[1], " ", ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o666))
}

func repeat(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(args[2], "%d", strconv.Itoa(i+1)))
		b.WriteByte('\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o666))
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	for range 1000 {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(found) > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("no %s", args[0])
}

func values(ts *testscript.TestScript, _ bool, args []string) {
	lines := strings.Split(ts.ReadFile(args[0]), "\n")
	for i, line := range lines {
		lines[i], _, _ = strings.Cut(line, "#")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(lines, "\n")), 0o666))
}

func damage(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	var path string
	var largest []byte
	for _, f := range found {
		content, err := os.ReadFile(f)
		ts.Check(err)
		if len(content) > len(largest) {
			path, largest = f, content
		}
	}
	if len(largest) == 0 {
		ts.Fatalf("no %s", args[0])
	}
	largest[min(200, len(largest)-1)] ^= 0x55
	ts.Check(os.Chmod(path, 0o666))
	ts.Check(os.WriteFile(path, largest, 0o666))
}
