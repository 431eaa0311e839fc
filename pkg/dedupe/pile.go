package dedupe

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/candidate"
	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
	"github.com/calque-dev/calque/pkg/text"
)

// pile is the articles of a scan: of each a few dozen bytes in memory, and the rest, with
// its keys and its sketch, where there is room for it. It is written by several
// goroutines while the articles are read, and read by several afterwards.
type pile struct {
	texts       *spill.Log // whole articles
	transcripts *spill.Log // of which they are analysed again
	records     *spill.Log // of fingerprints
	keys        *spill.Log // of articles that have no fingerprints
	sketches    *spill.Log
	outlines    *spill.Log

	mu    sync.Mutex
	filed [][]filed // as they came, filedChunk at a time
	order []int32   // the places of the articles in filed, by number
	ids   names
	terms table[string] // languages and sources
	files table[article.Store]
	forms forms

	failure onceError
}

// filed is what is in memory of an article: no pointers, which would be work for the
// collector.
type filed struct {
	hash      article.Hash
	content   uint64 // ContentHash
	published int64  // Unix seconds
	id        name   // in ids
	text      spill.Ref
	told      spill.Ref // its transcript, empty if there is none
	keys      spill.Ref // in keys or in records
	sketch    spill.Ref
	outline   spill.Ref
	language  uint32 // in terms
	source    uint32 // in terms: text.SourceOf
	guess     uint32 // which guess of the furniture that recurs it was analysed with
	form      form
	moment    uint32 // of published, nanoseconds
	length    uint32 // of its text, in bytes without outer space
	dated     bool   // published is known
	words     bool   // it has any
	thinning  uint8  // of its fingerprints
}

// filedChunk is the number of articles that are in one piece of memory.
const (
	filedChunk = 1 << filedBits
	filedBits  = 10
)

// onceError is the first error that came up.
type onceError struct {
	mu  sync.Mutex
	err error
}

func (e *onceError) note(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = cmp.Or(e.err, err)
}

func (e *onceError) get() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// newPile makes a pile that keeps so many bytes of articles in memory, and of what else it
// knows of each.
func newPile(room int64) *pile {
	return &pile{
		texts: spill.New(room), transcripts: spill.New(room),
		records: spill.New(room), keys: spill.New(room), sketches: spill.New(room), outlines: spill.New(room),
	}
}

func (p *pile) Close() error {
	failed := []error{p.texts.Close(), p.transcripts.Close(), p.forgetKeys()}
	for _, file := range p.files.values {
		failed = append(failed, file.Close())
	}
	return errors.Join(failed...)
}

// forgetKeys gives back what articles are found by, when they are.
func (p *pile) forgetKeys() error {
	return errors.Join(p.records.Close(), p.keys.Close(), p.sketches.Close(), p.outlines.Close())
}

// file writes an analysed article and its transcript; buffer is for its bytes.
func (p *pile) file(a *article.Article, x *shingle.Article, transcript []byte, guess uint32, buffer []byte) (f filed, _ []byte, err error) {
	if f, buffer, err = p.fileText(a, buffer); err != nil {
		return f, buffer, err
	}
	f.guess = guess
	buffer, err = p.analysed(&f, x, transcript, buffer)
	return f, buffer, err
}

// fileText writes an article without what analysing it gives.
func (p *pile) fileText(a *article.Article, buffer []byte) (f filed, _ []byte, err error) {
	period := candidate.At(a.Published)
	f = filed{
		id: p.id(a.ID), content: ContentHash(a), published: period.From, moment: uint32(a.Published.Nanosecond()), dated: period.Known,
		length: uint32(min(len(strings.TrimSpace(a.Text)), math.MaxUint32)),
		source: p.term(text.SourceOf(a)),
	}
	buffer = appendArticle(buffer[:0], a, p.storedOf(a))
	f.text, err = p.texts.Append(buffer)
	return f, buffer, err
}

// analysed notes what analysing an article gave; buffer is for its bytes.
func (p *pile) analysed(f *filed, x *shingle.Article, transcript, buffer []byte) (_ []byte, err error) {
	f.hash, f.words, f.language = x.Hash, x.Words > 0, p.term(string(x.Language))
	if f.told, err = p.transcripts.Append(transcript); err != nil {
		return buffer, err
	}
	buffer, _ = x.Sketch.AppendBinary(buffer[:0])
	if f.sketch, err = p.sketches.Append(buffer); err != nil {
		return buffer, err
	}
	buffer = x.AppendOutline(buffer[:0])
	if f.outline, err = p.outlines.Append(buffer); err != nil {
		return buffer, err
	}
	buffer = buffer[:0]
	for _, k := range x.Keys {
		buffer = binary.LittleEndian.AppendUint32(buffer, uint32(k))
	}
	f.keys, err = p.keys.Append(buffer)
	return buffer, err
}

// id takes an id into the pile.
func (p *pile) id(s string) name {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ids.add(s)
}

// term is the number of a language or a source.
func (p *pile) term(s string) uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, ok := p.terms.numbers[s]; ok {
		return n
	}
	return p.terms.add(strings.Clone(s))
}

// storedOf is where the text of an article is read again: if there is room for the texts, from
// the pile itself, for files may go.
func (p *pile) storedOf(a *article.Article) stored {
	if a.Stored.In == nil || p.texts.Spilled() == 0 {
		return stored{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n, ok := p.files.numbers[a.Stored.In]
	if !ok {
		n = p.files.add(a.Stored.In)
	}
	return stored{file: n + 1, offset: a.Stored.Offset, length: a.Stored.Length}
}

// add takes filed articles into the pile.
func (p *pile) add(fs []filed) (all int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range fs {
		n := len(p.order)
		if n%filedChunk == 0 {
			p.filed = append(p.filed, make([]filed, 0, filedChunk))
		}
		last := &p.filed[n>>filedBits]
		*last = append(*last, f)
		p.order = append(p.order, int32(n))
	}
	return len(p.order)
}

// at is what is in memory of article number i.
func (p *pile) at(i int32) *filed { return p.filedAt(p.order[i]) }

func (p *pile) filedAt(place int32) *filed { return &p.filed[place>>filedBits][place%filedChunk] }

// idOf is the id of article number i.
func (p *pile) idOf(i int32) string { return p.ids.get(p.at(i).id) }

// languageOf is the language of article number i.
func (p *pile) languageOf(i int32) article.Language {
	return article.Language(p.terms.values[p.at(i).language])
}

// form is the analysed form of article number i; nil when it was not kept.
func (p *pile) form(i int32) *shingle.Article { return p.forms.at(p.at(i).form) }

// article reads a whole article. Where that fails, the error is noted and the article has
// no text.
func (p *pile) article(i int32) article.Article {
	a, err := p.read(i)
	if err != nil {
		p.failure.note(err)
		return article.Article{ID: p.idOf(i)}
	}
	return a
}

// read reads a whole article.
func (p *pile) read(i int32) (article.Article, error) {
	return p.readFiled(p.at(i))
}

// readFiled is read for an article that has no number yet.
func (p *pile) readFiled(f *filed) (article.Article, error) {
	record, err := p.texts.Read(f.text, nil)
	if err != nil {
		return article.Article{}, err
	}
	a, at, err := parseArticle(record)
	if err != nil || at.file == 0 {
		return a, err
	}
	if int(at.file) > len(p.files.values) {
		return article.Article{}, errRecord
	}
	if a.Text, err = p.files.values[at.file-1].ReadText(at.offset, at.length); err == nil && ContentHash(&a) != f.content {
		err = article.ErrChanged
	}
	if err != nil {
		return article.Article{}, fmt.Errorf("%s: %w", a.Origin, err)
	}
	return a, nil
}

// find is the number of the article with the id, in a pile sorted by id; -1 for none.
func (p *pile) find(id string) int32 {
	i, ok := sort.Find(p.Len(), func(i int) int { return cmp.Compare(id, p.idOf(int32(i))) })
	if !ok {
		return -1
	}
	return int32(i)
}

// Len makes a pile a candidate.Pile.
func (p *pile) Len() int { return len(p.order) }

// Head is part of candidate.Pile.
func (p *pile) Head(i int) candidate.Keys {
	f := p.at(int32(i))
	return candidate.Keys{Language: p.languageOf(int32(i)), Hash: f.hash, Published: f.period(), Thinning: int(f.thinning)}
}

func (f *filed) period() candidate.Period {
	if !f.dated {
		return candidate.Period{}
	}
	return candidate.Period{From: f.published, To: f.published, Known: true}
}

// time is when the article came out, the zero time if that is not known.
func (f *filed) time() time.Time {
	if !f.dated {
		return time.Time{}
	}
	return time.Unix(f.published, int64(f.moment))
}

// Size is part of candidate.Pile.
func (p *pile) Size(i int) int { return p.at(int32(i)).keys.Len() / 4 }

// Keys is part of candidate.Pile.
func (p *pile) Keys(i int, dst []shingle.Key) ([]shingle.Key, error) {
	var room [4096]byte
	record, err := p.keys.Read(p.at(int32(i)).keys, room[:])
	if err != nil {
		return dst, err
	}
	n := len(dst)
	dst = slices.Grow(dst, len(record)/4)[:n+len(record)/4]
	for i := range dst[n:] {
		dst[n+i] = shingle.Key(binary.LittleEndian.Uint32(record[4*i:]))
	}
	return dst, nil
}

// sortByID sorts the articles by id, and those of one id so that the first one is to be
// kept however they came. It returns the numbers of those, and rejects of the others.
func (p *pile) sortByID() (rejected []error) {
	same := p.samePrefix()
	type named struct {
		first uint64 // of what follows what all ids begin with, eight bytes: most others differ in them
		place int32
	}
	sorted := make([]named, len(p.order))
	for i, place := range p.order {
		var first [8]byte
		copy(first[:], p.ids.get(p.filedAt(place).id)[same:])
		sorted[i] = named{binary.BigEndian.Uint64(first[:]), place}
	}
	slices.SortFunc(sorted, func(x, y named) int {
		if x.first != y.first {
			return cmp.Compare(x.first, y.first)
		}
		a, b := p.filedAt(x.place), p.filedAt(y.place)
		if c := cmp.Compare(p.ids.get(a.id), p.ids.get(b.id)); c != 0 {
			return c
		}
		return p.compareWhole(a, b)
	})
	for i, x := range sorted {
		p.order[i] = x.place
	}
	n := 0
	for i, place := range p.order {
		if n > 0 && p.idOf(int32(i)) == p.idOf(int32(n-1)) {
			again := p.article(int32(i))
			rejected = append(rejected, &DuplicateError{ID: again.ID, Origin: again.Origin})
			continue
		}
		p.order[n] = place
		n++
	}
	p.order = p.order[:n]
	return rejected
}

// samePrefix is the number of bytes with which all ids begin alike.
func (p *pile) samePrefix() int {
	if len(p.order) == 0 {
		return 0
	}
	same := p.ids.get(p.filedAt(p.order[0]).id)
	for _, place := range p.order[1:] {
		for id := p.ids.get(p.filedAt(place).id); !strings.HasPrefix(id, same); {
			same = same[:len(same)-1]
		}
	}
	return len(same)
}

// compareWhole orders two articles by all that they have.
func (p *pile) compareWhole(x, y *filed) int {
	read := func(f *filed) article.Article {
		a, err := p.readFiled(f)
		if err != nil {
			p.failure.note(err)
		}
		return a
	}
	a, b := read(x), read(y)
	return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Origin, b.Origin),
		a.Published.Compare(b.Published), cmp.Compare(a.Language, b.Language), cmp.Compare(a.Source, b.Source), cmp.Compare(a.URL, b.URL),
		cmp.Compare(a.Author, b.Author), cmp.Compare(a.AltID, b.AltID), cmp.Compare(a.Urgency, b.Urgency))
}
