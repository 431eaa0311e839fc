package language

import (
	"strings"
	"testing"
)

func TestWordsFitTheirKeysAndBallots(t *testing.T) {
	type entry struct {
		side int
		word string
	}
	seen := make(map[entry]bool)
	for _, list := range lists {
		for word := range strings.FieldsSeq(list.words) {
			if len(word) > 8 {
				t.Errorf("%s has %d bytes and is never found", word, len(word))
			}
			if word != strings.ToLower(word) {
				t.Errorf("%s is not in lower case", word)
			}
			if seen[entry{list.side, word}] {
				t.Errorf("%s is twice in the lists of side %d", word, list.side)
			}
			seen[entry{list.side, word}] = true
			bytes := len(word)
			if !strings.Contains(word, "'") {
				bytes++ // what parts it from the next
			}
			if list.votes > bytes {
				t.Errorf("%s has %d votes in %d bytes: a ballot could overflow", word, list.votes, bytes)
			}
		}
	}
	if load := len(seen); 2*load > len(tableKeys) {
		t.Errorf("%d words in a table of %d", load, len(tableKeys))
	}
	if stretch+slack >= 256 {
		t.Error("a piece of text is longer than a ballot can count")
	}
}

func TestEveryWordIsFoundInText(t *testing.T) {
	for _, list := range lists {
		for word := range strings.FieldsSeq(list.words) {
			text := word
			switch {
			case strings.HasSuffix(word, "'"):
				text = word + "zzz"
			case strings.HasPrefix(word, "'"):
				text = "zzz" + word
			}
			written := []string{text, "“" + strings.ReplaceAll(text, "'", "’") + "”"}
			if list.side != other && !strings.Contains(text, "ß") { // capitals beyond Latin-1 are not folded
				written = append(written, strings.ToUpper(text))
			}
			for _, written := range written {
				votes, _, _ := count(written)
				if got := int(uint8(votes >> (8 * list.side))); got != list.votes {
					t.Errorf("%q: %d votes, want %d", written, got, list.votes)
				}
			}
		}
	}
}
