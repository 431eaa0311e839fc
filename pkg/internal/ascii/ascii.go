// Package ascii looks at eight bytes of a text at a time, as one number, the first byte
// lowest: a branch for each of them would be guessed wrong at the end of every word.
package ascii

import "math/bits"

// Eight is how many bytes are looked at together.
const Eight = 8

const (
	everyByte    = 0x0101010101010101
	everyHighBit = 0x8080808080808080
)

// Load is the first eight bytes of s, which has as many: one load, as the compiler sees.
func Load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Lower is eight letters and digits in lower case; other bytes become others.
func Lower(x uint64) uint64 { return x | 0x20*everyByte } // digits have the bit

// Word is how many of eight bytes, from the first on, are letters and digits.
func Word(x uint64) int {
	low := x &^ everyHighBit
	lower := low | 0x20*everyByte
	letters := (lower + (0x80-'a')*everyByte) &^ (lower + (0x80-'z'-1)*everyByte)
	digits := (low + (0x80-'0')*everyByte) &^ (low + (0x80-'9'-1)*everyByte)
	return bits.TrailingZeros64((^(letters|digits)|x)&everyHighBit) / 8
}
