package language

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
)

// outcome counts texts, those that were decided and those decided wrongly.
type outcome struct{ texts, decided, wrong int }

func (o *outcome) add(text string, want article.Language) { o.addSaid(text, want, article.Unknown) }

// addSaid is add for a text that is said to be in a language.
func (o *outcome) addSaid(text string, want, said article.Language) {
	o.texts++
	if got, sure := SureAs(text, said); sure {
		o.decided++
		if got != want {
			o.wrong++
		}
	}
}

// check reports the outcome and fails below a share decided or above a share wrong.
func (o *outcome) check(t *testing.T, name string, decided, wrong float64) {
	t.Helper()
	if o.texts == 0 {
		t.Fatalf("%s: no texts", name)
	}
	d, w := float64(o.decided)/float64(o.texts), float64(o.wrong)/float64(max(1, o.decided))
	t.Logf("%-26s %6d texts, decided %.4f, of these wrong %.5f (%d)", name, o.texts, d, w, o.wrong)
	if d < decided || w > wrong {
		t.Errorf("%s: want decided ≥ %v and wrong ≤ %v", name, decided, wrong)
	}
}

// labelled is the folder of the labelled texts; without it the test is skipped.
func labelled(t *testing.T) string {
	t.Helper()
	root := cmp.Or(os.Getenv("CALQUE_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	if _, err := os.Stat(filepath.Join(root, "dev")); err != nil {
		t.Skipf("no labelled texts in %s (set CALQUE_DATA)", root)
	}
	return root
}

// eachLine reads a file of lines compressed with zstd.
func eachLine(t *testing.T, path string, visit func(line []byte)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		visit(lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestAccuracyOnLabelledArticles(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(labelled(t), "dev", "*", "docs.jsonl.zst"))
	for _, path := range paths {
		set := filepath.Base(filepath.Dir(path))
		var whole, brief, rightly, wrongly outcome
		eachLine(t, path, func(line []byte) {
			var doc struct{ Lang, Text string }
			if err := json.Unmarshal(line, &doc); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			said, other := article.Language(doc.Lang), article.English
			if said == other {
				other = article.French
			}
			rightly.addSaid(doc.Text, said, said)
			wrongly.addSaid(doc.Text, said, other)
			words := strings.Fields(doc.Text)
			whole.add(doc.Text, article.Language(doc.Lang))
			brief.add(strings.Join(words[:min(60, len(words))], " "), article.Language(doc.Lang))
		})
		wrong := 0.001
		if set == "debian-website-other" {
			wrong = 0.004 // some pages labelled French are English below the first line
		}
		whole.check(t, set, 0.99, wrong)
		rightly.check(t, set+", said so", 0.99, wrong)
		wrongly.check(t, set+", said otherwise", 0.99, wrong)
		brief.check(t, set+", 60 words", 0.97, wrong)
	}
}

func TestAccuracyOnLabelledSentences(t *testing.T) {
	root := labelled(t)
	for _, c := range []struct {
		file    string
		decided float64
	}{
		{"dev/sentences/newstest2012", 0.90},
		{"dev/sentences/newstest2013", 0.90},
		{"train/tatoeba", 0.70},
	} {
		for _, language := range []article.Language{article.English, article.French} {
			var o outcome
			name := c.file + "." + string(language)
			eachLine(t, filepath.Join(root, filepath.FromSlash(name)+".zst"), func(line []byte) {
				o.add(string(line), language)
			})
			o.check(t, filepath.Base(name), c.decided, 0.0002)
		}
	}
}
