package ascii

import (
	"bytes"
	"encoding/binary"
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

func TestPackedBytesKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, keep := eight().Draw(t, "bytes"), rapid.SliceOfN(rapid.Bool(), Eight, Eight).Draw(t, "keep")
		var want, high []byte
		for i, k := range keep {
			high = append(high, 0x7f)
			if k {
				want, high[i] = append(want, s[i]), 0x80
			}
		}
		packed, n := Pack(Load(s), Load(string(high)))
		if got := binary.LittleEndian.AppendUint64(nil, packed); n != len(want) || !bytes.Equal(got[:n], want) {
			t.Fatalf("%q becomes %q, %d of them, want %q", s, got, n, want)
		}
	})
}

func TestBytesBetweenTwoAreFound(t *testing.T) {
	for first := range 128 {
		for last := first; last < 128; last++ {
			for c := range 128 {
				s := strings.Repeat("\x00\x7f", 3) + string(rune(c)) + "\x00"
				is := Between(Load(s), byte(first), byte(last))>>(8*6+7)&1 == 1
				if is != (first <= c && c <= last) {
					t.Fatalf("%#x is between %#x and %#x: %v", c, first, last, is)
				}
			}
		}
	}
}
