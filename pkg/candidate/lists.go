package candidate

import (
	"context"
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// posting is a key and an article that has it, in one number that sorts by both.
func posting(key uint32, article int) uint64 { return uint64(key)<<32 | uint64(uint32(article)) }

// lists are the posting lists of the keys that more than one article has, in parts by the
// first bits of the keys: no more than a part is in memory while it is sorted, and the
// parts for which there is no room afterwards are in a temporary file.
type lists struct {
	parts []part
	shift int // of a key, to the number of its part
	size  int // of an article's number, in bytes
	file  *spill.Log
	filed bool // some parts are in the file
}

// part is posting lists in buckets, those of keys that have their first bits in common.
// Every list is the last bits of its key, in two bytes, how many articles have it, as a
// varint, and their numbers in order.
type part struct {
	bytes  []byte
	filed  spill.Ref // where the bytes are if they are nil
	starts []uint32  // by the bits of a key: where its bucket starts; one more
	shift  int       // of a key, to those bits
}

// list is the numbers of articles, in order, each in so many bytes.
type list struct {
	bytes []byte
	size  int
}

func (l list) len() int { return len(l.bytes) / l.size }

// at is number i of the list.
func (l list) at(i int) int32 {
	b := l.bytes[i*l.size:]
	n := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	if l.size == 4 {
		n |= uint32(b[3]) << 24
	}
	return int32(n)
}

// cut is the numbers from i up to j.
func (l list) cut(i, j int) list { return list{l.bytes[i*l.size : j*l.size], l.size} }

// search is the place of the first number that is not less than n.
func (l list) search(n int32) int {
	from, past := 0, l.len()
	for from < past {
		if middle := (from + past) / 2; l.at(middle) < n {
			from = middle + 1
		} else {
			past = middle
		}
	}
	return from
}

const (
	postingBytes = 8
	partBits     = 8  // of a key, by which postings are parted at the most
	restBits     = 16 // of a key, that are written in its list
	mostPostings = 1 << 29
	defaultRoom  = 256 << 20
	// Of the room for joining this part is for the postings that are sorted, the rest for
	// the lists.
	sortPart = 6
)

// room is Options.Memory or its default.
func (o *Options) room() int64 {
	if o.Memory <= 0 {
		return defaultRoom
	}
	return o.Memory
}

// newLists tells own what each article scores with itself. It fails when ctx ends or a key
// cannot be read.
func newLists(ctx context.Context, pile Pile, o Options, own func(i int, score uint32)) (*lists, error) {
	room, all := o.room(), 0
	for i := range pile.Len() {
		all += pile.Size(i)
	}
	sorting := max(room/sortPart, 1)
	width := min(max(bits.Len64(uint64(int64(all)*postingBytes/sorting)), bits.Len(uint(all/mostPostings))), partBits)
	l := &lists{parts: make([]part, 1<<width), shift: 32 - width, size: 3, file: spill.New(0)}
	if pile.Len() > 1<<24 {
		l.size = 4
	}
	spread, err := spreadPostings(ctx, pile, l.shift, o.Workers, own)
	if err != nil {
		return nil, err
	}
	defer spread.Close()
	left := room - sorting
	for n := range l.parts {
		postings, err := spread.Part(n)
		if err == nil {
			err = sortPostings(ctx, postings, l.shift, o.Workers)
		}
		if err == nil {
			l.parts[n] = newPart(postings, l.shift, l.size)
			err = l.settle(&l.parts[n], &left)
		}
		if err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// spreadPostings reads the keys of every article, and tells own what it scores with itself. The
// number of a part is the key without so many of its last bits.
func spreadPostings(ctx context.Context, pile Pile, shift, workers int, own func(i int, score uint32)) (*spill.Spread, error) {
	room := int64(0)
	if shift == 32 { // they are to be in memory anyway
		room = math.MaxInt64
	}
	s := spill.NewSpread(1<<(32-shift), 64, room)
	err := each(ctx, pile.Len(), block, workers, func(int) func(i int) error {
		w := s.Writer()
		var keys []shingle.Key
		return func(i int) (err error) {
			if keys, err = pile.Keys(i, keys[:0]); err != nil {
				return err
			}
			score := uint32(0)
			for _, k := range keys {
				score += k.Weight()
				if err := w.Add(int(uint64(k)>>shift), posting(uint32(k), i)); err != nil {
					return err
				}
			}
			own(i, score)
			return nil
		}
	})
	if err == nil {
		err = s.Flush()
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// settle puts a part into the file unless there is room for it.
func (l *lists) settle(p *part, left *int64) (err error) {
	size := int64(len(p.bytes) + 4*len(p.starts))
	if *left -= size; *left < 0 {
		*left += size - 4*int64(len(p.starts))
		p.filed, err = l.file.Append(p.bytes)
		p.bytes, l.filed = nil, true
	}
	return err
}

func (l *lists) close() { _ = l.file.Close() }

// newPart makes lists of sorted postings, whose keys differ in so many of their last bits.
func newPart(postings []uint64, width, size int) part {
	keys, length := 0, 0
	eachList(postings, 32, func(key uint32, articles []uint64) {
		keys++
		length += restBits/8 + (bits.Len(uint(len(articles)))+6)/7 + size*len(articles)
	})
	p := part{bytes: make([]byte, 0, length)}
	buckets := min(max(bits.Len(uint(keys/4)), width-restBits), width)
	p.starts, p.shift = make([]uint32, 1<<buckets+1), width-buckets
	next := 0
	eachList(postings, 32, func(key uint32, articles []uint64) {
		for bucket := p.bucket(key, width); next <= bucket; next++ {
			p.starts[next] = uint32(len(p.bytes))
		}
		p.bytes = binary.LittleEndian.AppendUint16(p.bytes, uint16(key))
		p.bytes = binary.AppendUvarint(p.bytes, uint64(len(articles)))
		for _, a := range articles {
			for n := range size {
				p.bytes = append(p.bytes, byte(a>>(8*n)))
			}
		}
	})
	for ; next < len(p.starts); next++ {
		p.starts[next] = uint32(len(p.bytes))
	}
	return p
}

// eachList yields the keys, which stand above so many bits, that several of the sorted postings
// have, with these.
func eachList(postings []uint64, below int, yield func(key uint32, articles []uint64)) {
	for i := 0; i < len(postings); {
		from, key := i, postings[i]>>below
		for i < len(postings) && postings[i]>>below == key {
			i++
		}
		if i-from > 1 {
			yield(uint32(key), postings[from:i])
		}
	}
}

// bucket is the bucket of a key, of which so many bits differ within the part. Those below
// are no more than are written in a list.
func (p *part) bucket(key uint32, width int) int { return int(uint64(key) & (1<<width - 1) >> p.shift) }

// spot is where the bucket of a key is.
type spot struct {
	part       *part
	from, past uint32
}

// partOf is the part of a key.
func (l *lists) partOf(key uint32) *part { return &l.parts[uint64(key)>>l.shift] }

// spot costs a look into memory that nobody looked into before.
func (l *lists) spot(key uint32) spot {
	p := l.partOf(key)
	n := p.bucket(key, l.shift)
	return spot{p, p.starts[n], p.starts[n+1]}
}

// spots appends those of many keys, whose lists are asked for next. It looks into the buckets:
// none of these looks waits for another, so that the processor has the memory of several
// fetched at a time. The sum of what it saw there is for nothing but that it must look.
func (l *lists) spots(dst []spot, keys []shingle.Key) (_ []spot, seen byte) {
	for _, k := range keys {
		dst = append(dst, l.spot(uint32(k)))
	}
	for _, s := range dst {
		if b := s.part.bytes; uint(s.from) < uint(len(b)) {
			seen += b[s.from]
		}
	}
	return dst, seen
}

// at is the list of a key whose spot is known and in memory, empty when the key is not shared.
func (l *lists) at(key uint32, s spot) list {
	bucket := s.part.bytes[s.from:s.past]
	from, past := find(bucket, uint16(key), l.size)
	return list{bucket[from:past], l.size}
}

// find is where in its bucket the list of the key with these last bits is.
func find(bucket []byte, rest uint16, size int) (from, past int) {
	for past < len(bucket) {
		head := bucket[past:]
		articles, n := uint64(head[restBits/8]), 1
		if articles >= 0x80 {
			articles, n = binary.Uvarint(head[restBits/8:])
		}
		from = past + restBits/8 + n
		past = from + int(articles)*size
		if binary.LittleEndian.Uint16(head) == rest {
			return from, past
		}
	}
	return 0, 0
}

// sortPostings sorts as slices.Sort does postings whose keys differ in so many of their
// last bits, bucket by bucket of the first eight of these, on all workers, so that it can
// end with ctx: sorting the postings of a million articles takes seconds. Keys are hashes,
// spread evenly over the buckets.
func sortPostings(ctx context.Context, postings []uint64, width, workers int) error {
	shift := max(32+width-8, 0)
	bucket := func(p uint64) int { return int(p >> shift & 255) }
	var from, end [256]int
	for _, p := range postings {
		end[bucket(p)]++
	}
	sum := 0
	for b, n := range end {
		from[b] = sum
		sum += n
		end[b] = sum
	}
	next := from
	for b := range next {
		for next[b] < end[b] {
			// Send what stands here to where it belongs, until what belongs here comes.
			p := postings[next[b]]
			for to := bucket(p); to != b; to = bucket(p) {
				p, postings[next[to]] = postings[next[to]], p
				next[to]++
			}
			postings[next[b]] = p
			next[b]++
		}
	}
	return each(ctx, len(from), 4, workers, func(int) func(b int) error {
		var sorter sorter
		return func(b int) error {
			postings := postings[from[b]:end[b]]
			copy(postings, sorter.sort(postings, shift))
			return nil
		}
	})
}
