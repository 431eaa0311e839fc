package text

import (
	"fmt"
	"math/bits"
	"strconv"
)

// Decimal is a non-negative decimal number, Mantissa·10^Exponent, with no zero
// at the end of the mantissa: equal numbers are equal values, however written. With
// Clock it is a time of the day: the mantissa is seconds after midnight, the exponent 0.
type Decimal struct {
	Mantissa uint64
	Exponent int16
	Clock    bool // 14:30 is no 52 200, nor 14.3
}

// decimal builds a normalised Decimal.
func decimal(mantissa uint64, exponent int) Decimal {
	if mantissa == 0 {
		return Decimal{}
	}
	for mantissa%10 == 0 {
		mantissa /= 10
		exponent++
	}
	return Decimal{Mantissa: mantissa, Exponent: int16(exponent)}
}

// times multiplies; a product that does not fit keeps the first factor.
func (d Decimal) times(e Decimal) Decimal {
	hi, lo := bits.Mul64(d.Mantissa, e.Mantissa)
	if hi != 0 {
		return d
	}
	return decimal(lo, int(d.Exponent)+int(e.Exponent))
}

// clock is the time of the day.
func clock(hour, minute, second int) Decimal {
	return Decimal{Mantissa: uint64(hour*3600 + minute*60 + second), Clock: true}
}

// whole is the number as an integer; ok is false when it is none or a great one.
func (d Decimal) whole() (n uint64, ok bool) {
	if d.Clock || d.Exponent < 0 || d.Exponent > 15 || d.Mantissa > 1e15 {
		return 0, false
	}
	n = d.Mantissa
	for range d.Exponent {
		n *= 10
		if n > 1e15 {
			return 0, false
		}
	}
	return n, true
}

// String writes the number in full, without exponent when it is short, and a time
// of the day as "14:30" or "14:30:05".
func (d Decimal) String() string {
	if d.Clock {
		h, m, s := d.Mantissa/3600, d.Mantissa/60%60, d.Mantissa%60
		if s == 0 {
			return fmt.Sprintf("%d:%02d", h, m)
		}
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	if d.Exponent >= 0 && d.Exponent < 16 {
		s := strconv.FormatUint(d.Mantissa, 10)
		if d.Mantissa == 0 {
			return s
		}
		for range d.Exponent {
			s += "0"
		}
		return s
	}
	return strconv.FormatFloat(d.Float(), 'g', -1, 64)
}

// Float is the nearest float64.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(strconv.FormatUint(d.Mantissa, 10)+"e"+strconv.Itoa(int(d.Exponent)), 64)
	return f
}

// Hash mixes the number into 32 bits.
func (d Decimal) Hash() uint32 {
	h := (d.Mantissa + 0x9e3779b97f4a7c15*uint64(uint16(d.Exponent)+1)) * 0xff51afd7ed558ccd
	if d.Clock {
		h = (h ^ h>>29) * 0xc4ceb9fe1a85ec53
	}
	return uint32(h>>32) ^ uint32(h)
}
