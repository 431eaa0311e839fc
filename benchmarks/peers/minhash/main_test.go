package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const story = "The harbour of Northquay reopened on Monday after a strike of 12 days that cost 3.5 million pounds, and the " +
	"dockers' union called off the march that it had planned for Tuesday in front of the town hall."

func TestAnExactAndANearCopyAreFound(t *testing.T) {
	edited := strings.Replace(story, "Tuesday", "Wednesday", 1)
	pile := `{"id":"a","text":"` + story + `"}
{"id":"other","text":"Prices of wheat fell in Chicago as rain was forecast for the plains, where farmers had feared a drought since March."}
{"id":"exact","text":"` + strings.ToUpper(story) + `"}
{"id":"empty","text":" - "}
{"id":"near","text":"` + edited + `"}
{"id":"empty too","text":""}`
	folder := t.TempDir()
	in, out := filepath.Join(folder, "a.jsonl"), filepath.Join(folder, "pairs.csv")
	if err := os.WriteFile(in, []byte(pile), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(in, out, options{words: 3, permutations: 128, threshold: 0.5}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(lines[1:])
	if got := strings.Join(lines, " "); got != "a,b a,exact a,near exact,near" {
		t.Errorf("%s", got)
	}
}

func TestWordsAreRunsOfLettersAndDigits(t *testing.T) {
	got := strings.Join(shingles("L'Été 2024: l'œuf_dur, 3,5 % — ok", 2), "|")
	if want := "l été|été 2024|2024 l|l œuf|œuf dur|dur 3|3 5|5 ok"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := shingles("Two words", 3); !slices.Equal(got, []string{"two words"}) {
		t.Error(got)
	}
}

func TestALineThatIsNoArticleIsNamed(t *testing.T) {
	_, err := signatures(strings.NewReader("{\"id\":\"a\"}\nnonsense\n"), options{words: 3, permutations: 16})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
}
