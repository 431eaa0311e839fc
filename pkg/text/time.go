package text

// clock makes a time of the day of the number at token i when what follows it, from
// token k on, says so: "2 pm", "14 h 30", "1430 GMT". It returns the token after, k
// when the number is no time.
func (p *phrase) clock(i, k int) (next int) {
	if !p.follows(k) || p.gap(k) == hyphen {
		return k
	}
	t := &p.tokens[i]
	switch role := p.numeral(k).role; role {
	case beforeNoon, afterNoon:
		h, m, ok := p.timeOf(i, k, 12)
		if !ok {
			return k
		}
		if role == afterNoon && h < 12 {
			h += 12
		} else if role == beforeNoon && h == 12 {
			h = 0
		}
		t.Number = clock(h, m, 0)
		return k + 1
	case oclock:
		if h, ok := t.Number.whole(); ok && h <= 12 {
			t.Number = clock(int(h), 0, 0)
			return k + 1
		}
	case zone:
		if h, m, ok := p.timeOf(i, k, 23); ok && t.Form == nil && t.End-t.Start >= len("1430") {
			t.Number = clock(h, m, 0)
		}
	case hour, hours:
		return p.hours(i, k, role)
	}
	return k
}

// hours reads "14 h 30", "14 h" and "à 14 heures"; without "à", "14 heures" may be how
// long it took.
func (p *phrase) hours(i, k int, role role) (next int) {
	t := &p.tokens[i]
	h, ok := t.Number.whole()
	if !ok || h > 24 {
		return k
	}
	if m, ok := p.minutes(k + 1); ok {
		t.Number = clock(int(h), m, 0)
		return k + 2
	}
	if h == 24 || role == hours && !p.isTimeOfDay(i, k) {
		return k
	}
	t.Number = clock(int(h), 0, 0)
	return k + 1
}

// isTimeOfDay reports whether "heures" at token k, after the number at token i, are no
// hours that something takes: "à 14 heures", but not "à 3 heures de route" nor "quatre à
// cinq heures".
func (p *phrase) isTimeOfDay(i, k int) bool {
	return timeWords[p.before(i)] && !p.isWord(k+1, "de") && !p.isWord(k+1, "d") &&
		(p.kept < 2 || p.tokens[p.kept-2].Kind == Word)
}

// timeWords are those before a time of the day.
var timeWords = wordSet("à vers dès avant")

// minutes are the two digits of token k.
func (p *phrase) minutes(k int) (m int, ok bool) {
	if !p.follows(k) || p.tokens[k].Kind != Number || p.tokens[k].End-p.tokens[k].Start != 2 {
		return 0, false
	}
	n, ok := p.tokens[k].Number.whole()
	return int(n), ok && n < 60
}

// timeOf reads the number at token i, which ends before token k, as an hour up to most,
// with minutes when it is written "2.30" or "1430".
func (p *phrase) timeOf(i, k, most int) (h, m int, ok bool) {
	t := &p.tokens[i]
	written := p.text[t.Start:p.tokens[k-1].End]
	digits := len(written)
	switch {
	case t.Number.Clock:
		h, m = int(t.Number.Mantissa/3600), int(t.Number.Mantissa/60%60)
	case digits >= 4 && digits <= 5 && written[digits-3] == '.':
		h, m = number(written[:digits-3]), number(written[digits-2:])
	case digits == 4 && class[written[0]&0x7f] == digit:
		h, m = number(written[:2]), number(written[2:])
	default:
		n, whole := t.Number.whole()
		return int(n), 0, whole && n <= uint64(most)
	}
	return h, m, h >= 0 && h <= most && m >= 0 && m < 60
}

// number is the value of one or two digits, -1 of anything else.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	if len(s) == 0 || len(s) > 2 {
		return -1
	}
	return n
}
