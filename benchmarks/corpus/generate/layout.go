package generate

import (
	"strings"
	"time"
)

// layout is the text as its outlet shows it.
func (w *writer) layout(from *source, title string, published time.Time) string {
	if w.entry.kind == exact {
		w.restyle()
	}
	w.out = w.out[:0]
	if !w.entry.clean {
		for _, line := range from.above {
			w.out = append(append(w.out, line...), "\n\n"...)
		}
	}
	if from.titled && (w.entry.clean || len(from.above) == 0) {
		w.out = append(append(w.out, title...), "\n\n"...)
	}
	body := len(w.out)
	if from.agency != "" && !w.entry.clean && w.entry.kind != notice {
		w.out = append(append(w.out, strings.ToUpper(w.cast.town)...), ", "...)
		w.out = appendDate(w.out, published, from.language)
		w.out = append(append(append(w.out, " ("...), from.agency...), ") – "...)
	}
	left := 1 + w.rng.IntN(from.paragraph)
	for i, s := range w.sentences {
		w.out = append(w.out, s...)
		switch left--; {
		case i == len(w.sentences)-1:
		case left == 0:
			w.out = append(w.out, "\n\n"...)
			left = 1 + w.rng.IntN(from.paragraph)
		default:
			w.out = append(w.out, ' ')
		}
	}
	if !w.entry.clean {
		for _, line := range from.below {
			w.out = append(append(w.out, "\n\n"...), line...)
		}
	}
	if from.straight {
		return string(w.out[:body]) + straight.Replace(string(w.out[body:]))
	}
	return string(w.out)
}

var straight = strings.NewReplacer("“", `"`, "”", `"`, "« ", `"`, " »", `"`, "«", `"`, "»", `"`, "’", "'")
