package generate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/text"
)

// Fixtures makes a small corpus of a folder of stories: NAME-en.txt and NAME-fr.txt that
// have as many lines are aligned line by line, and sentence by sentence where the lines
// have as many. Those of this repository are enough for a hundred articles.
func Fixtures(folder string) (*Corpus, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*-en.txt"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	var lines [2][]string
	var documents []string
	for _, name := range names {
		name = strings.TrimSuffix(name, "-en.txt")
		if _, err := os.Stat(name + "-fr.txt"); err != nil {
			continue
		}
		en, err := readLines(name + "-en.txt")
		if err != nil {
			return nil, err
		}
		fr, err := readLines(name + "-fr.txt")
		if err != nil {
			return nil, err
		}
		en, fr = filled(en), filled(fr)
		if len(en) != len(fr) {
			continue
		}
		for i := 1; i < len(en); i++ { // without the headline
			e, f := sentencesOf(en[i], article.English), sentencesOf(fr[i], article.French)
			if len(e) != len(f) {
				e, f = en[i:i+1], fr[i:i+1]
			}
			lines[english], lines[french] = append(lines[english], e...), append(lines[french], f...)
			for range e {
				documents = append(documents, name)
			}
		}
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s: no stories NAME-en.txt and NAME-fr.txt in it: run in the root of the repository, or give --english and --french: %w", folder, ErrTooSmall)
	}
	return newCorpus(lines[english], lines[french], documents), nil
}

// filled are the lines with something in them.
func filled(lines []string) (kept []string) {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// sentencesOf are the sentences of a paragraph.
func sentencesOf(paragraph string, language article.Language) (sentences []string) {
	scanner := text.NewScanner(language)
	a := article.Article{Text: paragraph, Language: language}
	for _, s := range scanner.Sentences(&a) {
		sentences = append(sentences, strings.TrimSpace(s.Span.Of(paragraph)))
	}
	return sentences
}
