package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/calque-dev/calque/pkg/report/schema"
)

// closed makes every object of a schema that names its properties forbid others, so that an
// output that has one more than its schema fails.
func closed(node any) {
	switch n := node.(type) {
	case map[string]any:
		if _, open := n["additionalProperties"]; n["properties"] != nil && !open {
			n["additionalProperties"] = false
		}
		for _, child := range n {
			closed(child)
		}
	case []any:
		for _, child := range n {
			closed(child)
		}
	}
}

// compiled is a schema, closed.
func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := schema.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	closed(parsed)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// conform checks lines of JSON against a schema, the last one against another if it is named.
func conform(t *testing.T, what, text, name, last string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if text == "" {
		t.Errorf("%s: nothing to check", what)
		return
	}
	s := compiled(t, name)
	for i, line := range lines {
		if i == len(lines)-1 && last != "" {
			s = compiled(t, last)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatalf("%s: %v: %s", what, err, line)
		}
		if err := s.Validate(value); err != nil {
			t.Errorf("%s: line %d: %v\n%s", what, i+1, err, line)
		}
	}
}

func TestClosedSchemasSeeADrift(t *testing.T) {
	const reject = `{"origin": "feed.jsonl:14", "id": "x", "reason": "no text"`
	for text, valid := range map[string]bool{reject + "}": true, reject + `, "line": 14}`: false, `{"origin": "x"}`: false} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled(t, "reject").Validate(value); (err == nil) != valid {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestGoldenOutputsConformToTheirSchemas(t *testing.T) {
	golden := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../../../../pkg/report/testdata", name+".golden"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, files := range map[string][]string{
		"pair": {"pairs-jsonl", "pairs-jsonl-passages"}, "cluster": {"clusters"}, "reject": {"rejects"},
		"evaluation": {"evaluation-json", "evaluation-json-mistakes"}, "audit": {"audit-json", "audit-json-missed", "audit-json-nothing"},
		"archive-stats": {"stats-json"},
	} {
		for _, file := range files {
			conform(t, file, golden(file), name, "")
		}
	}
	conform(t, "search-jsonl", golden("search-jsonl"), "hit", "found")
	conform(t, "search-jsonl-nothing", golden("search-jsonl-nothing"), "hit", "found")
}

func TestOutputsConformToTheirSchemas(t *testing.T) {
	chdirToFixtures(t)
	if err := os.WriteFile("lines.en", []byte("The bank cut its rate on Thursday.\nThe dog sleeps in the garden.\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("lines.fr", []byte("La banque a baissé son taux jeudi.\nLe chien dort dans le jardin.\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	const stories = "fixtures/stories/"
	for _, c := range []struct{ command, schema, last string }{
		{"scan --relation exact,near-duplicate,reworded,translation,excerpt,partial-translation,related " + stories, "pair", ""},
		{"scan --passages --clusters groups.jsonl --keep kept.jsonl --removed removed.jsonl --rejects rejects.jsonl " + stories, "pair", ""},
		{"compare --format json " + stories + "a-bank-en.txt " + stories + "a-bank-fr.txt", "comparison", ""},
		{"compare --format json --explain " + stories + "b-bus-en-kestrion.txt " + stories + "b-bus-fr-velmora.txt", "comparison", ""},
		{"compare --format json --explain " + stories + "a-strike-en.txt " + stories + "a-strike-en-copy.txt", "comparison", ""},
		{"compare --format json --explain " + stories + "c-german.txt " + stories + "c-headline.txt", "comparison", ""},
		{"eval --format json --errors --gold fixtures/gold.tsv " + stories, "evaluation", ""},
		{"audit --format json --errors --sample 20 " + stories, "audit", ""},
		{"archive add --archive news " + stories, "pair", ""},
		{"archive pairs --archive news", "pair", ""},
		{"check --archive news " + stories + "a-bank-fr.txt", "pair", ""},
		{"archive get --archive news a-bank-en.txt a-bank-fr-cut", "article", ""},
		{"archive list --archive news --articles", "article", ""},
		{"archive search --archive news --format jsonl --facets --translate grève", "hit", "found"},
		{"archive search --archive news --format jsonl title:bank", "hit", "found"},
		{"archive search --archive news --format jsonl qqqq", "hit", "found"},
		{"archive stats --archive news --format json", "archive-stats", ""},
		{"lexicon eval --format json --en lines.en --fr lines.fr", "lexicon-evaluation", ""},
		{"config --format json", "settings", ""},
		{"version --format json", "version", ""},
	} {
		s, out, stderr := buffers()
		status := Run(t.Context(), strings.Fields(c.command), s)
		if status != statusDone {
			t.Errorf("%s: status %d, %s", c.command, status, stderr)
			continue
		}
		conform(t, c.command, out.String(), c.schema, c.last)
	}
	s, _, stderr := buffers()
	if status := Run(t.Context(), []string{"scan", "--verbose", "--log-format", "json", stories}, s); status != statusDone {
		t.Errorf("status %d, %s", status, stderr)
	}
	conform(t, "messages", stderr.String(), "message", "")
	for file, name := range map[string]string{"groups.jsonl": "cluster", "kept.jsonl": "article", "removed.jsonl": "removal", "rejects.jsonl": "reject"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		conform(t, file, string(text), name, "")
	}
}
