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

// Runes has the high bit of each of eight bytes that is part of a longer rune.
func Runes(x uint64) uint64 { return x & everyHighBit }

// Letters has the high bit of each of eight bytes, of ASCII all, that is a letter.
func Letters(x uint64) uint64 { return Between(Lower(x), 'a', 'z') }

// Digits has the high bit of each of eight bytes, of ASCII all, that is a digit.
func Digits(x uint64) uint64 { return Between(x, '0', '9') }

// Between has the high bit of each of eight bytes, of ASCII all, that is neither before first
// nor after last.
func Between(x uint64, first, last byte) uint64 {
	from, past := 0x80-uint64(first), 0x80-uint64(last)-1
	return (x + from*everyByte) &^ (x + past*everyByte) & everyHighBit
}

// Whole is eight bytes of which all bits are set where the high one is.
func Whole(high uint64) uint64 { return high & everyHighBit >> 7 * 0xff }

// Pack moves those of eight bytes together whose high bits are set in high, and counts them. It
// moves each by how many before it are dropped, by one, two and four. After Warren, "Hacker's
// Delight", 2013, section 7-4.
func Pack(x, high uint64) (packed uint64, n int) {
	kept := Whole(high)
	x &= kept
	by := (^high & everyHighBit >> 7 * everyByte << 8) & kept
	moved := by & everyByte * 0xff
	x, by = x&^moved|x&moved>>8, by&^moved|by&moved>>8
	moved = by >> 1 & everyByte * 0xff
	x, by = x&^moved|x&moved>>16, by&^moved|by&moved>>16
	moved = by >> 2 & everyByte * 0xff
	x = x&^moved | x&moved>>32
	return x, bits.OnesCount64(high & everyHighBit)
}

// Word is how many of eight bytes, from the first on, are letters and digits.
func Word(x uint64) int {
	low := x &^ everyHighBit
	return bits.TrailingZeros64((^(Letters(low)|Digits(low))|x)&everyHighBit) / 8
}
