package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var bleve = &zap.ZapPlugin{}

// file is a segment on disk: what comes before the table of fields, and that table
// without the addresses of parts that are not there, for bleve writes them in any order.
type file struct {
	Before []byte
	Fields []fieldEntry
	Count  uint64
}

func read(t require, s api.Segment) file {
	z := s.(*zap.Segment)
	x, err := sourceOf(s, nil)
	ok(t, err)
	table := z.SectionsIndexOffset()
	_, n := binary.Uvarint(x.mem[table:])
	return file{x.mem[:binary.BigEndian.Uint64(x.mem[table+uint64(n):])], x.fields, x.count}
}

type require interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func ok(t require, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t require, what string, got, want file) {
	t.Helper()
	if diff := cmp.Diff(want.Fields, got.Fields, cmp.AllowUnexported(fieldEntry{})); diff != "" || want.Count != got.Count {
		t.Fatalf("%s: %d documents instead of %d, fields (-want +got):\n%s", what, got.Count, want.Count, diff)
	}
	if !bytes.Equal(got.Before, want.Before) {
		at := 0
		for at < len(got.Before) && at < len(want.Before) && got.Before[at] == want.Before[at] {
			at++
		}
		t.Fatalf("%s: %d bytes instead of %d, others from %d", what, len(got.Before), len(want.Before), at)
	}
}

// twins are documents as segments of this package, plain and not, and as one of bleve.
type twins struct{ plain, ours, bleves api.Segment }

func build(t require, dir, name string, documents []*Document) (w twins) {
	for _, d := range documents {
		if n := len(d.Fields); n == 0 || d.Fields[n-1].FieldName != idField {
			d.AddIDField()
		}
	}
	all := make([]index.Document, len(documents))
	for i, d := range documents {
		all[i] = d
	}
	plain, _, err := (&builder{plain: true}).build(documents, nil)
	ok(t, err)
	ours, _, err := plugin{bleve}.New(all)
	ok(t, err)
	theirs, _, err := bleve.New(all)
	ok(t, err)
	for i, s := range []api.Segment{plain, ours, theirs} {
		path := filepath.Join(dir, fmt.Sprint(name, i))
		ok(t, s.(api.UnpersistedSegment).Persist(path))
		*[]*api.Segment{&w.plain, &w.ours, &w.bleves}[i], err = bleve.Open(path)
		ok(t, err)
	}
	return w
}

// theirs has this package make dictionaries as bleve does.
func theirs(t *testing.T) {
	was := registry
	registry = nil
	t.Cleanup(func() { registry = was })
}

// compare holds that a segment built here is that of bleve, and that a merge of such ones
// is that which bleve makes of its own.
func compare(t require, parts [][]*Document, dropped []*roaring.Bitmap) {
	dir, err := os.MkdirTemp("", "segment")
	ok(t, err)
	defer os.RemoveAll(dir)
	var ours, bleves []api.Segment
	for i, documents := range parts {
		w := build(t, dir, fmt.Sprint("part", i, "-"), documents)
		equal(t, "built", read(t, w.plain), read(t, w.bleves))
		ours, bleves = append(ours, w.ours), append(bleves, w.bleves)
	}
	closed := make(chan struct{})
	type merge func([]api.Segment, []*roaring.Bitmap, string, chan struct{}, api.StatsReporter) ([][]uint64, uint64, error)
	merged := func(name string, by merge, of []api.Segment) (api.Segment, [][]uint64) {
		path := filepath.Join(dir, name)
		drops := dropped
		if drops == nil {
			drops = make([]*roaring.Bitmap, len(of))
		}
		numbers, size, err := by(of, drops, path, closed, nil)
		ok(t, err)
		if info, err := os.Stat(path); err != nil || size != uint64(info.Size()) {
			t.Fatalf("%s: %v, %d bytes told", name, err, size)
		}
		s, err := bleve.Open(path)
		ok(t, err)
		return s, numbers
	}
	// Where documents are dropped, bleve misses some terms of one document: it is to
	// merge the outcomes once more.
	whole := func(s api.Segment) api.Segment {
		if dropped == nil {
			return s
		}
		path := filepath.Join(dir, "again")
		_, _, err := bleve.Merge([]api.Segment{s}, make([]*roaring.Bitmap, 1), path, closed, nil)
		ok(t, err)
		ok(t, s.Close())
		s, err = bleve.Open(path)
		ok(t, err)
		ok(t, os.Remove(path)) // it stays mapped
		return s
	}
	want, numbers := merged("bleve of bleve", bleve.Merge, bleves)
	want = whole(want)
	for name, by := range map[string]merge{"bleve of ours": bleve.Merge, "ours of ours": plugin{bleve}.Merge} {
		got, gotNumbers := merged(name, by, ours)
		got = whole(got)
		equal(t, name, read(t, got), read(t, want))
		if diff := cmp.Diff(numbers, gotNumbers); diff != "" {
			t.Fatalf("%s: numbers (-want +got):\n%s", name, diff)
		}
		ok(t, got.Close())
	}
	got, _ := merged("ours of bleve", plugin{bleve}.Merge, bleves)
	equal(t, "ours of bleve", read(t, whole(got)), read(t, want))
	sums(t, dir)
}

// sums holds that every file has the checksum that is at its end.
func sums(t require, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	ok(t, err)
	for _, path := range files {
		s, err := bleve.Open(path)
		ok(t, err)
		z := s.(*zap.Segment)
		o := output{buf: z.Data()[:len(z.Data())-4]}
		if o.flush(); o.sum != z.CRC() {
			t.Fatalf("%s: sum %x, not %x", path, z.CRC(), o.sum)
		}
		ok(t, s.Close())
	}
}

// invented draws a document.
func invented(t *rapid.T, id int) *Document {
	d := &Document{Name: fmt.Sprint("id", id)}
	word := rapid.SampledFrom([]string{"a", "b", "ab", "abc", "über", "the", "\xff", "zz"})
	if rapid.Bool().Draw(t, "words") {
		f := Field{FieldName: "en.text", Option: index.IndexField, Kind: 't', Length: rapid.IntRange(1, 300).Draw(t, "length")}
		for _, w := range rapid.SliceOfDistinct(word, func(s string) string { return s }).Draw(t, "terms") {
			f.Terms = append(f.Terms, Term{w, uint32(rapid.IntRange(1, 200).Draw(t, "times"))})
		}
		d.Fields = append(d.Fields, f)
	}
	if rapid.Bool().Draw(t, "source") {
		d.Fields = append(d.Fields, Field{FieldName: "source", Option: index.IndexField | index.DocValues | index.SkipFreqNorm, Kind: 't',
			Length: 1, Terms: []Term{{word.Draw(t, "source"), 0}}})
	}
	if rapid.Bool().Draw(t, "keys") {
		d.Fields = append(d.Fields, Field{FieldName: "runs", Option: index.IndexField, Kind: 't', Length: 1, KeyFrequency: 1,
			Keys: rapid.SliceOf(rapid.Uint32Range(0, 30)).Draw(t, "runs")})
	}
	if rapid.Bool().Draw(t, "column") {
		d.Fields = append(d.Fields, Field{FieldName: "number", Kind: 't', Length: 1, Terms: []Term{{fmt.Sprintf("%04d", id), 1}},
			Option: index.IndexField | index.DocValues | index.SkipDVChunking | index.SkipDVCompression,
			Column: append([]byte{}, rapid.SliceOf(rapid.Byte()).Draw(t, "column")...)})
	}
	if rapid.Bool().Draw(t, "record") {
		d.Fields = append(d.Fields, Field{FieldName: "record", Option: index.StoreField, Kind: 't', Stored: rapid.SliceOf(rapid.Byte()).Draw(t, "stored")})
	}
	return d
}

func TestSegmentsAreThoseOfBleveByteForByte(t *testing.T) {
	theirs(t)
	rapid.Check(t, func(t *rapid.T) {
		parts := make([][]*Document, rapid.IntRange(2, 4).Draw(t, "segments"))
		var dropped []*roaring.Bitmap
		if rapid.Bool().Draw(t, "drop") {
			dropped = make([]*roaring.Bitmap, len(parts))
		}
		id := 0
		for i := range parts {
			for range rapid.IntRange(1, 12).Draw(t, "documents") {
				parts[i] = append(parts[i], invented(t, id))
				id++
			}
			if dropped != nil && rapid.Bool().Draw(t, "here") {
				dropped[i] = roaring.New()
				for d := 1; d < len(parts[i]); d += rapid.IntRange(1, 3).Draw(t, "step") {
					dropped[i].Add(uint32(d))
				}
			}
		}
		compare(t, parts, dropped)
	})
}

// Of more than 1 024 documents details and columns are in chunks, of more than 4 096 a
// container is a bitmap, and of more than 65 536 there are several.
func TestLargeSegmentsAreThoseOfBleve(t *testing.T) {
	theirs(t)
	var parts [][]*Document
	id := 0
	for _, count := range []int{66000, 5000, 1025, 1} {
		var documents []*Document
		for range count {
			d := &Document{Name: fmt.Sprint("id", id)}
			words := Field{FieldName: "words", Option: index.IndexField, Kind: 't', Length: 1 + id%200}
			for _, n := range []int{1, 2, 13, 900, 40000} {
				if id%n == 0 {
					words.Terms = append(words.Terms, Term{fmt.Sprint("every", n), uint32(1 + id%3)})
				}
			}
			source := Field{FieldName: "source", Option: index.IndexField | index.DocValues | index.SkipFreqNorm, Kind: 't', Length: 1}
			if id%3000 > 1500 { // whole chunks without a value
				source.Terms = []Term{{fmt.Sprint("source", id%7), 0}}
			}
			number := Field{FieldName: "number", Kind: 't', Length: 1, Keys: []uint32{uint32(id), 7}, KeyFrequency: 1, Option: index.IndexField}
			d.Fields = []Field{words, source, number}
			documents = append(documents, d)
			id++
		}
		parts = append(parts, documents)
	}
	compare(t, parts, nil)
	compare(t, parts, []*roaring.Bitmap{roaring.BitmapOf(5, 6, 65537), nil, roaring.New(), nil})
}

// A document of another type, such as a user of bleve in the same program may have.
type other struct{ *Document }

func TestDocumentsOfOtherTypesAreLeftToBleve(t *testing.T) {
	d := &Document{Name: "1", Fields: []Field{{FieldName: "f", Option: index.IndexField, Length: 1, Terms: []Term{{"a", 1}}}}}
	d.AddIDField()
	s, _, err := plugin{bleve}.New([]index.Document{other{d}})
	ok(t, err)
	want, _, err := bleve.New([]index.Document{d})
	ok(t, err)
	if got := s.Count(); got != want.Count() {
		t.Errorf("%d documents", got)
	}
	_, _, err = merge([]api.Segment{s}, make([]*roaring.Bitmap, 1), filepath.Join(t.TempDir(), "x"), nil, nil, nil)
	if err != errForeign {
		t.Errorf("a segment in memory is merged here: %v", err)
	}
}

func TestMergeEndsWhenTheIndexIsClosed(t *testing.T) {
	dir := t.TempDir()
	w := build(t, dir, "a", []*Document{{Name: "1"}})
	closed := make(chan struct{})
	close(closed)
	path := filepath.Join(dir, "merged")
	_, _, err := plugin{bleve}.Merge([]api.Segment{w.ours}, make([]*roaring.Bitmap, 1), path, closed, nil)
	if err != api.ErrClosed {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file is left")
	}
}
