package page

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

// inBrowser is the text as a browser has it, which gets it as JSON.
func inBrowser(t rapid.TB, text string) []uint16 {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(text); err != nil {
		t.Fatal(err)
	}
	var s string
	if err := json.Unmarshal(b.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return utf16.Encode([]rune(s))
}

func TestUnitsCutInTheBrowserWhatBytesCutHere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(rapid.StringN(0, 300, -1), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return string(b) }),
			rapid.Just("🚢𝔘 é\u2028"))
		text := piece.Draw(t, "a") + piece.Draw(t, "b") + piece.Draw(t, "c")
		u, whole := newUnits(text), inBrowser(t, text)
		if u.len() != len(whole) {
			t.Fatalf("%q has %d units, not %d", text, len(whole), u.len())
		}
		var corners []int // where characters begin
		for i, size := 0, 0; i < len(text); i += size {
			corners = append(corners, i)
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		corners = append(corners, len(text))
		start := rapid.SampledFrom(corners).Draw(t, "start")
		end := rapid.SampledFrom(corners).Draw(t, "end")
		if end < start {
			start, end = end, start
		}
		from, to := u.span(article.Span{Start: start, End: end})
		if want := inBrowser(t, text[start:end]); !slicesEqual(whole[from:to], want) {
			t.Fatalf("%q[%d:%d] is %v in the browser, not %v", text, start, end, want, whole[from:to])
		}
	})
}

func slicesEqual(a, b []uint16) bool {
	return string(utf16.Decode(a)) == string(utf16.Decode(b)) && len(a) == len(b)
}

func TestOffsetsWithinACharacterAreItsBeginning(t *testing.T) {
	u := newUnits("a🚢b")
	for offset, want := range []int{0, 1, 1, 1, 1, 3, 4, 4} {
		if got := u.at(offset); got != want {
			t.Errorf("byte %d stands at unit %d, not %d", offset, got, want)
		}
	}
}
