package lexicon

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// harbour is a small table: two English words for one French one, a French word
// seldom seen, and one without translation.
func harbour() *Table {
	return &Table{
		Sentences: 10_000,
		English: []EnglishTerm{
			{Stem: "boat", Sentences: 120, Synonyms: []Translation{{English: 3, Weight: 0.6}}},
			{Stem: "harbour", Sentences: 80, Synonyms: []Translation{{English: 2, Weight: 0.8}}},
			{Stem: "port", Sentences: 200, Synonyms: []Translation{{English: 1, Weight: 0.8}}},
			{Stem: "ship", Sentences: 150, Synonyms: []Translation{{English: 0, Weight: 0.6}}},
			{Stem: "the", Sentences: 9_000},
		},
		French: []FrenchTerm{
			{Stem: "bateau", Sentences: 170, Aligned: 160, Translations: []Translation{{English: 0, Weight: 0.6}, {English: 3, Weight: 0.3}}},
			{Stem: "chalut", Sentences: 3, Aligned: 0.5, Translations: []Translation{{English: 0, Weight: 0.2}}},
			{Stem: "port", Sentences: 190, Aligned: 1.5, Translations: []Translation{{English: 1, Weight: 0.4}, {English: 2, Weight: 0.5}}},
			{Stem: "zut", Sentences: 4},
		},
	}
}

func written(t interface{ Fatalf(string, ...any) }, table *Table) []byte {
	var b bytes.Buffer
	n, err := table.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d bytes, says %d: %v", b.Len(), n, err)
	}
	return b.Bytes()
}

// near fails unless the tables are the same but for the rounding of weights and counts.
func near(t *rapid.T, a, b *Table) {
	count := func(what string, x, y float64) {
		if math.Abs(math.Log2(1+x)-math.Log2(1+y)) > 0.5/logSteps+math.Log2(1+0.5/(1+min(x, y)))+1e-9 {
			t.Fatalf("%s: %v became %v", what, x, y)
		}
	}
	translations := func(of string, x, y []Translation) {
		if len(x) != len(y) {
			t.Fatalf("%s: %d translations became %d", of, len(x), len(y))
		}
		for i := range x {
			if x[i].English != y[i].English || math.Abs(x[i].Weight-y[i].Weight) > 0.5/weightSteps+1e-9 {
				t.Fatalf("%s: %v became %v", of, x[i], y[i])
			}
		}
	}
	if a.Sentences != b.Sentences || len(a.English) != len(b.English) || len(a.French) != len(b.French) {
		t.Fatalf("%d sentences, %d and %d terms became %d, %d and %d",
			a.Sentences, len(a.English), len(a.French), b.Sentences, len(b.English), len(b.French))
	}
	for i, x := range a.English {
		y := b.English[i]
		if x.Stem != y.Stem {
			t.Fatalf("%q became %q", x.Stem, y.Stem)
		}
		count(x.Stem, float64(x.Sentences), float64(y.Sentences))
		translations(x.Stem, x.Synonyms, y.Synonyms)
	}
	for i, x := range a.French {
		y := b.French[i]
		if x.Stem != y.Stem {
			t.Fatalf("%q became %q", x.Stem, y.Stem)
		}
		count(x.Stem, float64(x.Sentences), float64(y.Sentences))
		count(x.Stem+", aligned", x.Aligned, y.Aligned)
		translations(x.Stem, x.Translations, y.Translations)
	}
}

// tables draws tables with any stems in order.
func tables() *rapid.Generator[*Table] {
	stems := rapid.Map(rapid.SliceOfNDistinct(rapid.StringN(0, 12, -1), 0, 12, rapid.ID[string]), func(s []string) []string { slices.Sort(s); return s })
	return rapid.Custom(func(t *rapid.T) *Table {
		table := &Table{Sentences: rapid.IntRange(0, 1<<40).Draw(t, "sentences")}
		english := stems.Draw(t, "English stems")
		translations := func(what string) []Translation {
			if len(english) == 0 {
				return nil
			}
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Translation {
				return Translation{rapid.IntRange(0, len(english)-1).Draw(t, "English"), rapid.Float64Range(0, 1).Draw(t, "weight")}
			}), 0, 6).Draw(t, what)
		}
		sentences := rapid.IntRange(0, 5_000_000)
		for _, stem := range english {
			table.English = append(table.English, EnglishTerm{stem, sentences.Draw(t, "df"), translations("synonyms")})
		}
		for _, stem := range stems.Draw(t, "French stems") {
			table.French = append(table.French, FrenchTerm{
				stem, sentences.Draw(t, "df"), rapid.Float64Range(0, 5e6).Draw(t, "aligned"), translations("translations"),
			})
		}
		return table
	})
}

func TestATableReadsBackAsItWasWrittenWithinAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := tables().Draw(t, "table")
		stored := written(t, table)
		again, err := ReadTable(iotest.OneByteReader(bytes.NewReader(stored)))
		if err != nil {
			t.Fatal(err)
		}
		near(t, table, again)
	})
}

func TestTheSameTableIsStoredInTheSameBytes(t *testing.T) {
	stored := written(t, harbour())
	if !bytes.Equal(written(t, harbour()), stored) {
		t.Error("the same table gives other bytes")
	}
	table, err := ReadTable(bytes.NewReader(stored))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, table), stored) {
		t.Error("reading and writing changes the bytes")
	}
}

func TestWriteToPassesTheWritersErrorOn(t *testing.T) {
	full := errors.New("disk full")
	size := len(written(t, harbour()))
	for room := 0; room < size; room += 19 {
		n, err := harbour().WriteTo(&narrow{room: room, err: full})
		if !errors.Is(err, full) || n != int64(room) {
			t.Fatalf("with room for %d bytes: wrote %d, %v", room, n, err)
		}
	}
}

// narrow takes so many bytes.
type narrow struct {
	room int
	err  error
}

func (w *narrow) Write(p []byte) (int, error) {
	if len(p) > w.room {
		n := w.room
		w.room = 0
		return n, w.err
	}
	w.room -= len(p)
	return len(p), nil
}

func TestATruncatedFileIsAnErrFormat(t *testing.T) {
	stored := written(t, harbour())
	for n := range stored {
		if _, err := ReadTable(bytes.NewReader(stored[:n])); !errors.Is(err, ErrFormat) {
			t.Errorf("%d of %d bytes: error %v", n, len(stored), err)
		}
	}
}

func TestADamagedFileIsAnErrFormat(t *testing.T) {
	stored := written(t, harbour())
	for i := range stored {
		for _, flip := range []byte{1, 0x80, 0xff} {
			damaged := bytes.Clone(stored)
			damaged[i] ^= flip
			table, err := ReadTable(bytes.NewReader(damaged))
			if err == nil && bytes.Equal(written(t, table), stored) {
				continue // a bit that means nothing
			}
			if !errors.Is(err, ErrFormat) {
				t.Errorf("byte %d xor %#x: error %v", i, flip, err)
			}
		}
	}
}

// packed is a lexicon file of any payload: whole as a file, damaged as a table.
func packed(payload []byte) []byte {
	z, _ := zstd.NewWriter(nil)
	return z.EncodeAll(payload, []byte(magic))
}

func TestAPayloadThatIsNoTableIsAnErrFormat(t *testing.T) {
	number := func(ns ...uint64) (b []byte) {
		for _, n := range ns {
			b = binary.AppendUvarint(b, n)
		}
		return b
	}
	for name, payload := range map[string][]byte{
		"empty":                          nil,
		"no French":                      number(5, 0),
		"a term missing":                 number(5, 1),
		"too many terms":                 number(5, 1<<40),
		"an endless number":              bytes.Repeat([]byte{0xff}, 20),
		"a stem shares with none":        append(number(5, 1, 3, 1), "abc"...),
		"a very long stem":               number(5, 1, 0, 1<<20),
		"a stem cut short":               append(number(5, 1, 0, 9), "abc"...),
		"a synonym that is not there":    append(number(5, 1, 0, 1), 'a', 10, 1, 1, 200, 0),
		"too many synonyms":              append(number(5, 1, 0, 1), append([]byte{'a', 10}, number(1<<11)...)...),
		"a translation that isn't there": append(number(5, 1, 0, 1), 'a', 10, 0, 1, 0, 1, 'b', 10, 10, 1, 1, 200),
	} {
		if table, err := ReadTable(bytes.NewReader(packed(payload))); !errors.Is(err, ErrFormat) || table != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATranslationIntoATableWithoutEnglishIsAnErrFormat(t *testing.T) {
	table := &Table{Sentences: 9, French: []FrenchTerm{{Stem: "port", Translations: []Translation{{English: 0, Weight: 1}}}}}
	if _, err := ReadTable(bytes.NewReader(written(t, table))); !errors.Is(err, ErrFormat) {
		t.Errorf("error %v", err)
	}
}

func TestBytesAfterTheTableAreAnErrFormat(t *testing.T) {
	payload := append(binary.AppendUvarint(nil, 9), 0, 0)
	if _, err := ReadTable(bytes.NewReader(packed(payload))); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTable(bytes.NewReader(packed(append(payload, "and more"...)))); !errors.Is(err, ErrFormat) {
		t.Errorf("error %v", err)
	}
}

func TestOtherFilesAreNoLexicon(t *testing.T) {
	for _, text := range []string{"", "calque lexicon 2\n", strings.Repeat("port\n", 100), magic} {
		if _, err := ReadTable(strings.NewReader(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
	if _, err := ReadTable(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, ErrFormat) {
		t.Errorf("a reader that fails: error %v", err)
	}
}

func FuzzReadTable(f *testing.F) {
	stored := written(f, harbour())
	f.Add(stored, false)
	f.Add(stored[:len(stored)/2], false)
	f.Add([]byte(magic), false)
	f.Add([]byte{5, 1, 0, 1, 'a', 10, 0, 1, 0, 1, 'b', 10, 10, 1, 0, 200}, true)
	f.Fuzz(func(t *testing.T, file []byte, pack bool) {
		if pack {
			file = packed(file)
		}
		table, err := ReadTable(bytes.NewReader(file))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("error %v", err)
			}
			return
		}
		for _, e := range table.English {
			inTable(t, table, e.Synonyms)
		}
		for _, e := range table.French {
			inTable(t, table, e.Translations)
		}
		New(table)
		again, err := ReadTable(bytes.NewReader(written(t, table)))
		if err != nil {
			t.Fatalf("a table read and written is not read again: %v", err)
		}
		if a, b := fmt.Sprint(table), fmt.Sprint(again); a != b {
			t.Fatalf("%s\nread again is\n%s", a, b)
		}
	})
}

func inTable(t *testing.T, table *Table, ts []Translation) {
	for _, tr := range ts {
		if tr.English < 0 || tr.English >= len(table.English) || !(tr.Weight >= 0 && tr.Weight <= 1) {
			t.Fatalf("translation %v in a table of %d English terms", tr, len(table.English))
		}
	}
}
