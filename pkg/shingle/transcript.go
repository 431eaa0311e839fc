package shingle

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/lexicon"
	"github.com/calque-dev/calque/pkg/text"
)

// A transcript is what analysing an article made of its words, in about two fifths of the
// bytes of the text: of it Retell makes the analysed article again without cutting the text
// and looking its words up. It is, with all numbers as varints,
//
//	the length of the headline and the headline,
//	and for each shingle: the bytes between the one before and it, those in it, how many
//	sentences it has and whether it is the headline, and for each of these:
//	how many tokens it has, and these.
//
// A token begins with its number in the Dictionary, above two bits: whether the article has
// the word for the first time, and whether it may be a name. Numbers from tokenWords on are
// words of the Dictionary; those before are followed by what the token is.
const (
	tokenUnknown = iota // followed by the hash and the concept of a word that the lexicon lacks
	tokenCommon         // by the concept of a small number
	tokenRare           // by that of another number
	tokenWords

	tokenName  = 1 << 0
	tokenFirst = 1 << 1
	tokenShift = 2

	shingleHeadline = 1 << 0
	shingleShift    = 1
)

// ErrTranscript is returned for bytes that are no transcript.
var ErrTranscript = errors.New("not a transcript")

// Transcribe has Build and BuildKeys make transcripts with the numbers of a Dictionary, and
// Retell read those made with it. It is called before the first article.
func (b *Builder) Transcribe(d *Dictionary) { b.dictionary = d }

// Afresh is a Builder like this one that has met no words.
func (b *Builder) Afresh() *Builder {
	fresh := NewBuilder(b.lexicon)
	fresh.Transcribe(b.dictionary)
	return fresh
}

// Transcript is that of the article built last, until the next is built.
func (b *Builder) Transcript() []byte { return b.transcript }

// beginTranscript begins with the headline.
func (b *Builder) beginTranscript(title string) {
	b.transcript = binary.AppendUvarint(b.transcript[:0], uint64(len(title)))
	b.transcript = append(b.transcript, title...)
}

// transcribeShingle adds the head of a shingle of so many sentences, the one before which
// ended at the offset.
func (b *Builder) transcribeShingle(s *Shingle, before, sentences int) {
	head := uint64(sentences) << shingleShift
	if s.Headline {
		head |= shingleHeadline
	}
	for _, n := range [...]uint64{uint64(s.Span.Start - before), uint64(s.Span.Len()), head} {
		b.transcript = binary.AppendUvarint(b.transcript, n)
	}
}

// transcribeNumber adds a number.
func (b *Builder) transcribeNumber(t *text.Token) {
	kind := byte(tokenRare)
	if lexicon.NumberIDF(t.Number) == lexicon.CommonNumberIDF {
		kind = tokenCommon
	}
	b.transcript = append(b.transcript, kind<<tokenShift)
	b.transcript = binary.LittleEndian.AppendUint32(b.transcript, uint32(lexicon.Number(t.Number)))
}

// transcribeWord adds a word.
func (b *Builder) transcribeWord(w *word, first, name bool) {
	code := uint64(0)
	if first {
		code |= tokenFirst
	}
	if name {
		code |= tokenName
	}
	if w.known {
		b.transcript = binary.AppendUvarint(b.transcript, code|(uint64(w.number)+tokenWords)<<tokenShift)
		return
	}
	b.transcript = append(b.transcript, byte(code|tokenUnknown<<tokenShift))
	b.transcript = binary.LittleEndian.AppendUint64(b.transcript, w.hash)
	b.transcript = binary.LittleEndian.AppendUint32(b.transcript, uint32(w.rarest.Concept))
}

// Retell is Rebuild of the article that the transcript was made of. It fails with
// ErrTranscript.
func (b *Builder) Retell(transcript []byte, language article.Language, hash article.Hash) (*Article, error) {
	r := transcriptReader{bytes: transcript, vocabulary: b.dictionary.read()}
	title := string(r.take(r.size()))
	out := &Article{Language: language, Hash: hash, Marks: b.marks[:0]}
	b.hashes, b.rare, b.cuts = b.hashes[:0], b.rare[:0], b.cuts[:0]
	out.Shingles = b.cuts
	entries := b.scratch[:0]
	for len(r.bytes) > 0 && !r.broken {
		entries = b.retellShingle(out, &r, entries)
	}
	b.scratch, b.cuts = entries, out.Shingles
	if r.broken {
		return nil, ErrTranscript
	}
	out.Shingles = append([]Shingle(nil), out.Shingles...)
	b.finishCompared(out, entries)
	if title != "" {
		out.Title, _ = b.vector(b.speaker(language), title)
	}
	b.trim()
	return out, nil
}

// retellShingle is Builder.shingle from a transcript.
func (b *Builder) retellShingle(out *Article, r *transcriptReader, entries []Entry) []Entry {
	index, from := uint32(len(out.Shingles)), len(entries)
	var sh Shingle
	if n := len(out.Shingles); n > 0 {
		sh.Span.Start = out.Shingles[n-1].Span.End
	}
	sh.Span.Start += r.size()
	sh.Span.End = sh.Span.Start + r.size()
	head := r.size()
	sh.Headline = head&shingleHeadline != 0
	if r.broken = r.broken || sh.Span.End < 0 || index >= maxShingles; r.broken {
		return entries
	}
	for range head >> shingleShift {
		tokens := r.size()
		if tokens > len(r.bytes) { // each takes one or more
			r.broken = true
		}
		if r.broken {
			return entries
		}
		b.told = r.tokens(b.told[:0], tokens)
		if r.broken {
			return entries
		}
		entries = slices.Grow(entries, r.countEntries(b.told))
		for i := range b.told {
			entries = b.retellToken(out, &sh, r, entries, &b.told[i], index, tokens <= shortSentence)
		}
		sh.Words += tokens
	}
	out.Words += sh.Words
	out.Shingles = append(out.Shingles, sh)
	return b.compact(entries, from)
}

// retellToken is one token of a shingle, for whose entries there is room.
func (b *Builder) retellToken(out *Article, sh *Shingle, r *transcriptReader, entries []Entry, t *told, index uint32, short bool) []Entry {
	var w *word
	switch t.number {
	case tokenCommon, tokenRare:
		weight, idf := numberWeight, float32(lexicon.RareNumberIDF)
		if t.number == tokenCommon {
			weight, idf = commonNumberWeight, lexicon.CommonNumberIDF
		}
		sh.Weight += weight
		b.markNumber(out, t.concept, idf, index)
		return append(entries, Entry{t.concept, index, weight})
	case tokenUnknown:
		w = &b.unknown
		w.hash, w.rarest.Concept = t.hash, t.concept
		if !w.common || short {
			entries = append(entries, Entry{t.concept, index, w.weight})
		}
	default:
		w = &r.words[t.number-tokenWords]
		if !w.common || short {
			concepts := r.concepts[w.first : w.first+w.count]
			at := len(entries)
			entries = entries[:at+len(concepts)]
			for i, c := range concepts {
				entries[at+i] = Entry{c.Concept, index, c.Weight}
			}
		}
	}
	sh.Weight += w.weight
	b.markWord(out, w, index, t.first, t.name)
	return entries
}

// told is one token of a transcript.
type told struct {
	number      uint32
	concept     lexicon.Concept // where the number tells no word
	hash        uint64          // likewise
	first, name bool
}

// tokens appends so many tokens.
func (r *transcriptReader) tokens(dst []told, n int) []told {
	for range n {
		code := r.size()
		t := told{number: uint32(code >> tokenShift), first: code&tokenFirst != 0, name: code&tokenName != 0}
		switch t.number {
		case tokenUnknown:
			t.hash = r.uint64()
			t.concept = lexicon.Concept(r.uint32())
		case tokenCommon, tokenRare:
			t.concept = lexicon.Concept(r.uint32())
		default:
			if code>>tokenShift-tokenWords >= len(r.words) {
				r.broken = true
				return dst
			}
		}
		dst = append(dst, t)
	}
	return dst
}

// countEntries is how many entries the tokens may have. It asks for their words one right
// after the other, so that the memory of several is fetched at a time.
func (r *transcriptReader) countEntries(tokens []told) int {
	n := 0
	for i := range tokens {
		if number := tokens[i].number; number >= tokenWords {
			n += int(r.words[number-tokenWords].count)
		} else {
			n++
		}
	}
	return n
}

// transcriptReader reads a transcript. What it reads past the end is zero.
type transcriptReader struct {
	vocabulary
	bytes  []byte
	broken bool
}

// size reads a varint.
func (r *transcriptReader) size() int {
	if len(r.bytes) > 0 && r.bytes[0] < 0x80 {
		n := r.bytes[0]
		r.bytes = r.bytes[1:]
		return int(n)
	}
	n, length := binary.Uvarint(r.bytes)
	if length <= 0 || n > math.MaxInt32<<16 {
		r.broken, r.bytes = true, nil
		return 0
	}
	r.bytes = r.bytes[length:]
	return int(n)
}

// take reads so many bytes.
func (r *transcriptReader) take(n int) []byte {
	if n > len(r.bytes) {
		r.broken, r.bytes = true, nil
		return nil
	}
	taken := r.bytes[:n]
	r.bytes = r.bytes[n:]
	return taken
}

func (r *transcriptReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *transcriptReader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}
