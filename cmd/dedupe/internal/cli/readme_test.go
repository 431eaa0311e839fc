package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readme is README.md, and the folder of the module.
func readme(t *testing.T) (text, module string) {
	t.Helper()
	module, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(module, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), module
}

// blocks are the indented or fenced blocks of a kind: "" for commands, "go", "toml".
func blocks(text, kind string) (found []string) {
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		if m[1] == kind {
			found = append(found, m[2])
		}
	}
	return found
}

// commandLines are the lines of a block that are typed, whole where they go on after a
// backslash; where some begin with a prompt, the others are what comes out.
func commandLines(block string) (lines []string) {
	prompted := strings.HasPrefix(block, "$ ")
	for line := range strings.Lines(regexp.MustCompile(`(\\|\|)\n +`).ReplaceAllString(block, "$1 ")) {
		line = strings.TrimSpace(line)
		typed, ok := strings.CutPrefix(line, "$ ")
		if line != "" && (ok || !prompted) {
			lines = append(lines, typed)
		}
	}
	return lines
}

func TestEveryCommandOfTheReadmeWorks(t *testing.T) {
	text, _ := readme(t)
	chdirToFixtures(t)
	t.Setenv("SOURCE_DATE_EPOCH", "86400")
	feed, err := os.ReadFile("fixtures/stories/a-feed.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, block := range blocks(text, "") {
		if strings.HasPrefix(block, "pkg/") {
			continue // the list of packages
		}
		for _, line := range commandLines(block) {
			t.Run(line, func(t *testing.T) {
				command, needs := runnable(line)
				if needs != "" {
					t.Skip("needs", needs)
				}
				args := shellWords(command)
				if len(args) == 0 || args[0] != "dedupe" {
					t.Fatalf("no command that a test knows")
				}
				ran++
				s, out, stderr := buffers()
				s.In = strings.NewReader(string(feed))
				if status := Run(t.Context(), args[1:], s); status != statusDone {
					t.Errorf("status %d, %s", status, stderr)
				}
				shown, isShown := strings.CutPrefix(block, "$ "+line+"\n")
				if isShown {
					asShown(t, shown, out.String()+stderr.String())
				}
			})
		}
	}
	if ran < 30 {
		t.Errorf("%d commands were run", ran)
	}
}

// runnable is what a test runs for a line, or what it would need.
func runnable(line string) (command, needs string) {
	line, _, _ = strings.Cut(line, "  #")
	switch {
	case strings.Contains(line, "DATA"), strings.Contains(line, "$D/"):
		return "", "DATA, which is no part of the project"
	case line == "go test ./...":
		return "", "itself"
	}
	if _, behind, piped := strings.Cut(line, " | "); piped {
		line = behind
	}
	if args, ok := strings.CutPrefix(line, "go run ./cmd/dedupe scan "); ok {
		line = "dedupe scan --format table " + args
	}
	return line, ""
}

// asShown holds that what came out has the lines that are shown, but for times and sizes.
func asShown(t *testing.T, shown, got string) {
	t.Helper()
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(line)
		if label, _, _ := strings.Cut(line, " "); label == "took" || label == "memory" || line == "..." {
			continue
		}
		if !strings.Contains(got, line) {
			t.Errorf("shown, but not there: %s", line)
		}
	}
}

func TestConfigurationOfTheReadmeCanBeUsed(t *testing.T) {
	text, _ := readme(t)
	found := blocks(text, "toml")
	for _, block := range found {
		if _, err := newSchema(scratch()).Parse("README.md", []byte(block), true); err != nil {
			t.Error(err)
		}
	}
	if len(found) == 0 {
		t.Error("no configuration in the README")
	}
}

func TestGoOfTheReadmeRuns(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		t.Skip("builds a program")
	}
	text, module := readme(t)
	for i, block := range blocks(text, "go") {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("readme%d.go", i))
		program := "package main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\n\t\"github.com/calque-dev/calque/pkg/dedupe\"\n" +
			"\t\"github.com/calque-dev/calque/pkg/ingest\"\n)\n\nfunc main() {\n\tctx := context.Background()\n" + block + "\t_ = err\n}\n"
		if err := os.WriteFile(path, []byte(program), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("go", "run", path)
		cmd.Dir = module
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "a-bank-en.txt a-bank-fr.txt translation") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
