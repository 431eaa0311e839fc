package candidate

import (
	"context"
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"

	"github.com/calque-dev/calque/pkg/internal/spill"
	"github.com/calque-dev/calque/pkg/shingle"
)

// runLists are the lists of the articles that have a fingerprint, for those that several
// have; and for each article the mentions of its lists. Nothing is looked up at random: the
// fingerprints are sorted in parts by their first bits, and from the lists of each part
// mentions of them are sent to the articles, in blocks of these.
type runLists struct {
	parts    []runPart
	file     *spill.Log    // of the parts for which there is no room in memory
	size     int           // of an article's number, in bytes
	mentions *spill.Spread // by block of articles
	runForm
}

// runPart is some lists: of each the number of its articles, as a varint, and these in order.
type runPart struct {
	bytes []byte
	filed spill.Ref // where the bytes are if they are nil
}

// runForm is how numbers are packed.
//
// A posting is the bits of a fingerprint that its part does not tell, the article, and the place
// in it.
// A mention is the article's number in its block; how many articles the list has, or
// manyArticles for more; the place; the part; and where in its bytes the list begins: so
// those of a block that are sorted name the lists of each article, the shortest first.
type runForm struct {
	number int // of an article: bits
	place  int // bits: fewer than all for more articles than fit beside them
	offset int // bits
	block  int // bits
}

const (
	runPartBits  = 10
	partKeyBits  = 32 - runPartBits
	placeBits    = 5
	lengthBits   = 8
	manyArticles = 1<<lengthBits - 1
	// A block is of so many articles, or of more, so that there are few blocks.
	minBlockBits  = 10
	mostBlockBits = 8
)

func newRunForm(articles int) runForm {
	article := bits.Len(uint(articles))
	return runForm{number: article, place: min(placeBits, 32-article)}
}

func (f runForm) postingBits() int { return partKeyBits + f.number + f.place }

func (f runForm) posting(key shingle.Key, place uint8, article int) uint64 {
	rest := uint64(key) & (1<<partKeyBits - 1)
	return (rest<<f.number|uint64(article))<<f.place | uint64(place>>(8-f.place))
}

// posted is the article and the place of a posting.
func (f runForm) posted(p uint64) (article uint32, place uint64) {
	return uint32(p >> f.place & (1<<f.number - 1)), p & (1<<f.place - 1)
}

func (f runForm) mentionBits() int { return f.block + lengthBits + f.place + runPartBits + f.offset }

func (f runForm) mention(article uint32, length int, place uint64, part, offset int) uint64 {
	m := uint64(article) & (1<<f.block - 1)
	m = m<<lengthBits | uint64(min(length, manyArticles))
	m = m<<f.place | place
	return (m<<runPartBits|uint64(part))<<f.offset | uint64(offset)
}

// article is the number in its block of the article that has the mention.
func (f runForm) article(mention uint64) int {
	return int(mention >> (lengthBits + f.place + runPartBits + f.offset))
}

// ofList is the mention without the number of the article.
func (f runForm) ofList(mention uint64) uint64 {
	return mention & (1<<(lengthBits+f.place+runPartBits+f.offset) - 1)
}

// length is how many articles the list has, at most manyArticles.
func (f runForm) length(mention uint64) int {
	return int(mention >> (f.place + runPartBits + f.offset) & manyArticles)
}

func (f runForm) placeOf(mention uint64) uint64 {
	return mention >> (runPartBits + f.offset) & (1<<f.place - 1)
}

// leastThinning is the greatest thinning with which the fingerprint of the list is chosen for
// certain, as far as its part tells.
func (f runForm) leastThinning(mention uint64) uint64 {
	return 1 << runPartBits / (mention>>f.offset&(1<<runPartBits-1) + 1)
}

// newRunLists lists what spread has for postings.
func newRunLists(ctx context.Context, postings *spill.Spread, f runForm, articles int, o Options) (*runLists, error) {
	room := o.room()
	l := &runLists{parts: make([]runPart, 1<<runPartBits), file: spill.New(0), size: 3, runForm: f}
	if articles > 1<<24 {
		l.size = 4
	}
	most := 0
	for n := range postings.Len() {
		most = max(most, postings.Size(n))
	}
	l.offset = bits.Len(uint(most * (l.size + 1)))
	l.block = min(max(minBlockBits, bits.Len(uint(articles))-mostBlockBits), 64-lengthBits-l.place-runPartBits-l.offset)
	l.mentions = spill.NewSpread((articles+1<<l.block-1)>>l.block, l.mentionBits(), room/sortPart)
	var mu sync.Mutex
	room -= room / sortPart
	err := each(ctx, len(l.parts), 1, o.Workers, func(int) func(n int) error {
		mentions := l.mentions.Writer()
		var sorter sorter
		return func(n int) error {
			p, err := postings.Part(n)
			if err != nil {
				return err
			}
			if l.parts[n].bytes, err = l.make(sorter.sort(p, l.postingBits()), n, mentions); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if room -= int64(len(l.parts[n].bytes)); room < 0 {
				room += int64(len(l.parts[n].bytes))
				l.parts[n].filed, err = l.file.Append(l.parts[n].bytes)
				l.parts[n].bytes = nil
			}
			return err
		}
	})
	if err == nil {
		err = l.mentions.Flush()
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *runLists) close() {
	_ = l.file.Close()
	_ = l.mentions.Close()
}

// make makes the lists of sorted postings, those of part n, and mentions them.
func (l *runLists) make(postings []uint64, n int, mentions *spill.Writer) ([]byte, error) {
	length := 0
	eachList(postings, l.number+l.place, func(_ uint32, of []uint64) {
		length += (bits.Len(uint(len(of)))+6)/7 + l.size*len(of)
	})
	lists := make([]byte, 0, length)
	var err error
	eachList(postings, l.number+l.place, func(_ uint32, of []uint64) {
		at := len(lists)
		lists = binary.AppendUvarint(lists, uint64(len(of)))
		for _, p := range of {
			article, place := l.posted(p)
			lists = append(lists, byte(article), byte(article>>8), byte(article>>16))
			if l.size == 4 {
				lists = append(lists, byte(article>>24))
			}
			if err == nil {
				err = mentions.Add(int(article>>l.block), l.mention(article, len(of), place, n, at))
			}
		}
	})
	return lists, err
}

// list is the list that is mentioned. If it was in a file, it is in the memory behind the
// buffer, which is returned with it.
func (l *runLists) list(mention uint64, buffer []byte) (list, []byte, error) {
	at := int(mention & (1<<l.offset - 1))
	p := &l.parts[mention>>l.offset&(1<<runPartBits-1)]
	bytes := p.bytes
	if bytes != nil {
		bytes = bytes[at:]
	} else {
		end := len(buffer)
		read := func(articles int) error {
			size := binary.MaxVarintLen32 + articles*l.size
			buffer = slices.Grow(buffer[:end], size)
			got, err := l.file.Read(p.filed.Slice(at, at+size), buffer[end:end:cap(buffer)])
			buffer = buffer[:end+len(got)]
			return err
		}
		n := l.length(mention)
		err := read(n)
		if n == manyArticles && err == nil {
			all, _ := binary.Uvarint(buffer[end:])
			err = read(int(all))
		}
		if err != nil {
			return list{nil, l.size}, buffer, err
		}
		bytes = buffer[end:]
	}
	all, first := uint64(bytes[0]), 1
	if all >= 0x80 {
		all, first = binary.Uvarint(bytes)
	}
	return list{bytes[first : first+int(all)*l.size], l.size}, buffer, nil
}
