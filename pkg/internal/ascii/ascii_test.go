package ascii

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// eight draws eight bytes, many of them such as stand in words.
func eight() *rapid.Generator[string] {
	b := rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("azAZ09 @[`{/:\x00\x7f\x80\xe9")))
	return rapid.Map(rapid.SliceOfN(b, Eight, Eight), func(b []byte) string { return string(b) })
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func TestAWordEndsWhereItsLettersAndDigitsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, want := eight().Draw(t, "bytes"), 0
		for want < Eight && isWord(s[want]) {
			want++
		}
		if got := Word(Load(s)); got != want {
			t.Fatalf("%q: %d, want %d", s, got, want)
		}
	})
}

func TestLowerIsThatOfLettersAndDigits(t *testing.T) {
	for c := range 128 {
		s := strings.Repeat(string(rune(c)), Eight)
		if isWord(byte(c)) && Lower(Load(s)) != Load(strings.ToLower(s)) {
			t.Errorf("%q", s)
		}
	}
}
