package text

import (
	"cmp"
	"encoding/binary"
	"errors"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/errgroup"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/internal/ascii"
)

const (
	// maxRecurring is the length in bytes from which a line is never furniture for
	// recurring alone.
	maxRecurring = 200
	// A line is furniture when it stands in so many unlike articles of its source: at
	// least leastFragments and one in fragmentShare; a line that may tell something,
	// since it ends like a sentence or has digits, in leastSentences and one in
	// sentenceShare. With these, each set taken as one source, Reuters-21578, 4 824 Debian
	// security notices in two languages and 20 renderings each of 52 stories lose no line,
	// and Debian's news lose the headings of sections that every issue has.
	leastFragments, fragmentShare = 3, 50
	leastSentences, sentenceShare = 5, 4
	// kinPredecessors is the number of articles before it, with which an article is
	// compared for every line that it shares, besides the first.
	kinPredecessors = 8
	// kinMany is the number of texts with a line from which on one predecessor is enough.
	kinMany = 64
)

// Recurrence counts the lines of the articles of each source, to tell the furniture
// that no rule knows: "© Le Quotidien du Nord", "Get the evening letter". The zero value
// is ready for use. It is for one goroutine; those of several are merged.
//
// A line is compared without case and punctuation, and with every digit as 0. It is
// furniture of a source when it stands in enough articles of the source that are unlike
// one another: two articles are alike if the lines that they share make up half or more
// of the shorter one, in bytes, and so are all that a chain of like ones joins. The
// versions of one story share most of their lines, and so do notices filled into one
// template: however many there are, they count once, and keep their lines. A sentence or
// a line with numbers, which a paper may use in several stories, must moreover recur
// in a quarter of its source's articles. An article half of which recurs bears no
// witness (it is a version, a template or a page without a story), and keeps all its
// lines.
//
// Articles without Source and URL count for nothing: copies of one story in several
// outlets, whose names got lost, must not take its lines away.
type Recurrence struct {
	sources map[string]*counted
}

// lines are the distinct lines of one article, sorted: 48 bits of hash, the length in
// bytes (up to 1<<14−1), and the two bits below.
type lines []uint64

const (
	fragmentLine = 1 << 0 // short, and neither sentence nor number
	sentenceLine = 1 << 1 // short, otherwise
	kindBits     = 2
	lengthBits   = 14
	hashShift    = kindBits + lengthBits
)

func lengthOf(line uint64) int { return int(line >> kindBits & (1<<lengthBits - 1)) }

// SourceOf is what recurring lines are counted by: the article's Source in lower case,
// or else the host of its URL, or else "".
func SourceOf(a *article.Article) string {
	if s := strings.ToLower(strings.TrimSpace(a.Source)); s != "" {
		return s
	}
	if a.URL == "" {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(a.URL))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Add counts the lines of an article.
func (r *Recurrence) Add(a *article.Article) {
	if source := SourceOf(a); source != "" {
		r.AddLines(source, linesOf(a))
	}
}

// Merge adds what other has counted.
func (r *Recurrence) Merge(other *Recurrence) {
	for source, c := range other.sources {
		own := r.of(source)
		for _, of := range c.all() {
			copy(own.next(len(of)), of)
		}
	}
}

// of are the lines of a source.
func (r *Recurrence) of(source string) *counted {
	c := r.sources[source]
	if c == nil {
		if r.sources == nil {
			r.sources = map[string]*counted{}
		}
		c = &counted{}
		r.sources[source] = c
	}
	return c
}

// everyZero is eight digits 0.
const everyZero = 0x3030303030303030

// lineKey is the hash of a line with its length and kind, 0 for one without a letter.
func lineKey(s string, buf []byte) uint64 {
	length := uint64(min(len(s), 1<<lengthBits-1)) << kindBits
	if len(s) >= maxRecurring {
		return xxh3.HashString(s)>>hashShift<<hashShift | length
	}
	kind, letters := uint64(fragmentLine), false
	if endsSentence(s) && !strings.HasSuffix(s, ":") {
		kind = sentenceLine
	}
	for i := 0; i < len(s); {
		if len(s) >= ascii.Eight && cap(buf)-len(buf) >= ascii.Eight {
			from := min(i, len(s)-ascii.Eight)
			if x := ascii.Load(s[from:]) >> (8 * (i - from)); ascii.Runes(x) == 0 {
				found, numbers := ascii.Letters(x), ascii.Digits(x)
				letters = letters || found != 0
				if numbers != 0 {
					kind = sentenceLine
				}
				digits := ascii.Whole(numbers)
				packed, n := ascii.Pack(ascii.Lower(x)&^digits|everyZero&digits, found|numbers)
				binary.LittleEndian.PutUint64(buf[len(buf):][:ascii.Eight], packed)
				buf = buf[:len(buf)+n]
				i = from + ascii.Eight
				continue
			}
		}
		c := s[i]
		if c < utf8.RuneSelf {
			switch class[c] {
			case letter:
				letters = true
				buf = append(buf, c|0x20)
			case digit:
				kind = sentenceLine
				buf = append(buf, '0')
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			letters = true
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		}
		i += size
	}
	if !letters {
		return 0
	}
	// Lines that differ in punctuation are one line: their length must not tell them apart.
	length = uint64(len(buf)) << kindBits
	return xxh3.Hash(buf)>>hashShift<<hashShift | length | kind
}

// Furniture are the lines that recur, by source. The zero value has none.
type Furniture struct {
	sources map[string]map[uint64]bool
}

// Furniture judges what was counted. The order in which articles were added, and in
// which Recurrences were merged, does not matter.
func (r *Recurrence) Furniture() *Furniture { return r.FurnitureBy(1) }

// FurnitureBy is Furniture by so many goroutines, each of which judges one source after
// another.
func (r *Recurrence) FurnitureBy(workers int) *Furniture {
	f := &Furniture{sources: map[string]map[uint64]bool{}}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(max(1, workers))
	for source, c := range r.sources {
		group.Go(func() error {
			if found := recurring(c.all()); len(found) > 0 {
				mu.Lock()
				defer mu.Unlock()
				f.sources[source] = found
			}
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	return f
}

// IsEmpty reports whether no line recurs.
func (f *Furniture) IsEmpty() bool { return f == nil || len(f.sources) == 0 }

// Of returns where in an article its source's furniture stands: none if half of the
// article would go.
func (f *Furniture) Of(a *article.Article) []article.Span {
	if f.IsEmpty() {
		return nil
	}
	source := SourceOf(a)
	if f.sources[source] == nil {
		return nil
	}
	return f.In(source, linesOf(a))
}

// In is Of, given the source of the article and its lines.
func (f *Furniture) In(source string, lines []Line) []article.Span {
	recurs := f.Among(source, lines, nil)
	if recurs == nil {
		return nil
	}
	var spans []article.Span
	for i, l := range lines {
		if recurs[i] {
			spans = append(spans, l.Span)
		}
	}
	return spans
}

// Equal reports whether two have the same lines.
func (f *Furniture) Equal(other *Furniture) bool {
	if f.IsEmpty() || other.IsEmpty() {
		return f.IsEmpty() == other.IsEmpty()
	}
	return maps.EqualFunc(f.sources, other.sources, maps.Equal)
}

// SameIn reports whether two have the same lines of a source.
func (f *Furniture) SameIn(source string, other *Furniture) bool {
	var a, b map[uint64]bool
	if f != nil {
		a = f.sources[source]
	}
	if other != nil {
		b = other.sources[source]
	}
	return maps.Equal(a, b)
}

// AppendBinary appends the lines as UnmarshalBinary reads them: the same bytes for the
// same lines. It does not fail.
func (f *Furniture) AppendBinary(b []byte) ([]byte, error) {
	if f.IsEmpty() {
		return b, nil
	}
	for _, source := range slices.Sorted(maps.Keys(f.sources)) {
		b = binary.AppendUvarint(b, uint64(len(source)))
		b = append(b, source...)
		known := slices.Sorted(maps.Keys(f.sources[source]))
		b = binary.AppendUvarint(b, uint64(len(known)))
		for _, line := range known {
			b = binary.LittleEndian.AppendUint64(b, line)
		}
	}
	return b, nil
}

// BySource yields the lines of each source by themselves.
func (f *Furniture) BySource() iter.Seq2[string, *Furniture] {
	return func(yield func(string, *Furniture) bool) {
		for source, known := range f.sources {
			if !yield(source, &Furniture{sources: map[string]map[uint64]bool{source: known}}) {
				return
			}
		}
	}
}

var errFurniture = errors.New("not the lines of furniture")

// UnmarshalBinary reads what AppendBinary wrote.
func (f *Furniture) UnmarshalBinary(b []byte) error {
	f.sources = map[string]map[uint64]bool{}
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return errFurniture
		}
		source := string(b[size : size+int(n)])
		b = b[size+int(n):]
		n, size = binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size)/8 {
			return errFurniture
		}
		b = b[size:]
		known := make(map[uint64]bool, n)
		for range n {
			known[binary.LittleEndian.Uint64(b)] = true
			b = b[8:]
		}
		f.sources[source] = known
	}
	return nil
}

// recurring are the lines of one source that are furniture. It sorts the texts.
func recurring(texts []lines) map[uint64]bool {
	slices.SortFunc(texts, compareLines)
	texts = slices.CompactFunc(texts, func(a, b lines) bool { return slices.Equal(a, b) })
	if len(texts) < leastFragments {
		return nil
	}
	shared := postings(texts)
	candidates := map[uint64]bool{}
	for _, p := range shared {
		if enough(p.line, len(p.texts), len(texts)) {
			candidates[p.line] = true
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	witness := make([]bool, len(texts))
	for i, t := range texts {
		witness[i] = !recurs(t, candidates)
	}
	kin := kinship(texts, witness, shared)
	seen := map[int32]bool{}
	for _, p := range shared {
		if !candidates[p.line] {
			continue
		}
		clear(seen)
		for _, t := range p.texts {
			if witness[t] {
				seen[kin.find(t)] = true
			}
		}
		if !enough(p.line, len(seen), len(texts)) {
			delete(candidates, p.line)
		}
	}
	return candidates
}

// recurs reports whether half of a text or more is made of the lines.
func recurs(t lines, candidates map[uint64]bool) bool {
	all, found := 0, 0
	for _, l := range t {
		all += lengthOf(l)
		if candidates[l] {
			found += lengthOf(l)
		}
	}
	return 2*found >= all
}

func compareLines(a, b lines) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
}

// enough reports whether n of all articles make the line furniture.
func enough(line uint64, n, all int) bool {
	switch {
	case line&fragmentLine != 0:
		return n >= leastFragments && n*fragmentShare >= all
	case line&sentenceLine != 0:
		return n >= leastSentences && n*sentenceShare >= all
	}
	return false
}

// families joins texts that are alike.
type families []int32

func (f families) find(i int32) int32 {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

// kinship joins the witnesses that are alike. It compares a text with the first that
// shares a line with it and with the last few before it: all pairs would cost the
// square of a large source, and versions of a story share many lines, each of which
// joins some. Of a line in many texts, as furniture is, only the last one is compared.
func kinship(texts []lines, witness []bool, shared []posting) families {
	kin := make(families, len(texts))
	size := make([]int, len(texts))
	tried := make([]int32, len(texts)) // the text compared with last
	for i, t := range texts {
		kin[i], tried[i] = int32(i), -1
		for _, l := range t {
			size[i] += lengthOf(l)
		}
	}
	join := func(a, b int32) {
		if tried[b] == a {
			return
		}
		tried[b] = a
		ra, rb := kin.find(a), kin.find(b)
		if ra != rb && 2*sharedLength(texts[a], texts[b]) >= min(size[a], size[b]) {
			kin[max(ra, rb)] = min(ra, rb)
		}
	}
	var among []int32
	for _, p := range shared {
		among = among[:0]
		for _, t := range p.texts {
			if witness[t] {
				among = append(among, t)
			}
		}
		before := kinPredecessors
		if len(among) > kinMany {
			before = 1
		}
		for k := 1; k < len(among); k++ {
			join(among[0], among[k])
			for _, a := range among[max(0, k-before):k] {
				join(a, among[k])
			}
		}
	}
	return kin
}

// sharedLength is the length of the lines that both have.
func sharedLength(a, b lines) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n += lengthOf(a[i])
			i++
			j++
		}
	}
	return n
}
