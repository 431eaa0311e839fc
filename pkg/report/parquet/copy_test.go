package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

// story is a row with columns that mean nothing to articles.
type story struct {
	Text    string            `parquet:"text"`
	Tags    []string          `parquet:"tags,list"`
	Count   *int32            `parquet:"count,optional"`
	When    time.Time         `parquet:"when,timestamp(microsecond)"`
	Related map[string]string `parquet:"related"`
	Inner   struct {
		Raw [4]byte `parquet:"raw"`
	} `parquet:"inner"`
}

func drawStory(t *rapid.T) story {
	s := story{Text: rapid.String().Draw(t, "text"), When: time.UnixMicro(rapid.Int64Range(0, 1<<50).Draw(t, "when")).UTC()}
	s.Tags = rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "tags")
	s.Related = map[string]string{rapid.String().Draw(t, "key"): rapid.String().Draw(t, "value")}
	s.Inner.Raw[1] = rapid.Byte().Draw(t, "raw")
	if rapid.Bool().Draw(t, "known") {
		n := rapid.Int32().Draw(t, "count")
		s.Count = &n
	}
	return s
}

// writeStories writes rows in groups of so many.
func writeStories[T any](t *rapid.T, path string, rows []T, group int) {
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := parquet.NewGenericWriter[T](file, parquet.MaxRowsPerRowGroup(int64(group)), parquet.KeyValueMetadata("made", "by hand"))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCopiedRowsHaveAllTheirColumns(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var copied bytes.Buffer
		c := NewCopier(&copied)
		var want []story
		for i := range 2 {
			path := filepath.Join(dir, fmt.Sprint(i, ".parquet"))
			rows := rapid.SliceOfN(rapid.Custom(drawStory), 1, 9).Draw(t, "rows")
			writeStories(t, path, rows, rapid.IntRange(1, 4).Draw(t, "group"))
			for n := range rows {
				if rapid.Bool().Draw(t, "stays") {
					want = append(want, rows[n])
					if err := c.Copy(path, int64(n+1)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			return
		}
		file, err := parquet.OpenFile(bytes.NewReader(copied.Bytes()), int64(copied.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if by, _ := file.Lookup("made"); by != "by hand" {
			t.Error("the metadata is lost")
		}
		got, err := parquet.Read[story](bytes.NewReader(copied.Bytes()), int64(copied.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRowsOfOtherColumnsAreNotCopied(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.parquet"), filepath.Join(dir, "b.parquet")
	rapid.Check(t, func(t *rapid.T) {
		writeStories(t, a, []story{{Text: "x"}}, 1)
		writeStories(t, b, []struct{ Text string }{{"x"}}, 1)
	})
	var out bytes.Buffer
	c := NewCopier(&out)
	if err := c.Copy(a, 1); err != nil {
		t.Fatal(err)
	}
	if err := c.Copy(b, 1); !errors.Is(err, ErrSchema) {
		t.Error(err)
	}
	if err := c.Copy(a, 2); err == nil {
		t.Error("a row behind the end")
	}
	one, _ := Schema(a)
	two, _ := Schema(b)
	if one == two || one == "" {
		t.Errorf("%q, %q", one, two)
	}
	if _, err := Schema(filepath.Join(dir, "gone")); err == nil {
		t.Error("a file that is not there has a schema")
	}
	if err := os.WriteFile(a, []byte("PAR1 no, it is not PAR1"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Schema(a); err == nil {
		t.Error("a text has a schema")
	}
}
