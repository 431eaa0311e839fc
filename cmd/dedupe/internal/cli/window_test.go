package cli

import (
	"errors"
	"testing"
	"time"
)

func TestASpanIsADurationWithDaysAndWeeks(t *testing.T) {
	const day = 24 * time.Hour
	for value, want := range map[string]time.Duration{
		"7d": 7 * day, "36h": 36 * time.Hour, "2w": 14 * day, "1d12h": 36 * time.Hour, "1w2d3h4m5s": 9*day + 3*time.Hour + 4*time.Minute + 5*time.Second,
		"1.5d": 36 * time.Hour, ".5w": 84 * time.Hour, "90m": 90 * time.Minute, "1h30m": 90 * time.Minute, " 7d ": 7 * day, "106751d": 106751 * day,
		"12h1d": 36 * time.Hour,
	} {
		var s span
		if err := s.Set(value); err != nil || time.Duration(s) != want {
			t.Errorf("%q is %v, %v; want %v", value, time.Duration(s), err, want)
		}
	}
	for value, want := range map[string]error{
		"": errNoSpan, "7": errNoSpan, "d": errNoSpan, "7 d": errNoSpan, "7days": errNoSpan, "a week": errNoSpan, "1mo": errNoSpan, "7D": errNoSpan, "1d-2h": errNoSpan, "1d+2h": errNoSpan, "+": errNoSpan,
		"0": errShortSpan, "0d": errShortSpan, "-7d": errNegativeSpan, "-1h": errNegativeSpan,
		"106752d": errLongSpan, "1e9d": errNoSpan,
	} {
		var s span
		err := s.Set(value)
		if !errors.Is(err, want) || s != 0 {
			t.Errorf("%q is %v, %v; want %v", value, time.Duration(s), err, want)
		}
	}
}
