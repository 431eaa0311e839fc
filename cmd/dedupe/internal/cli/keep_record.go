package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/parquet"
)

// records are articles with what they were read from.
type records = iter.Seq2[ingest.Record, error]

// shape is what records have in common. The zero shape has seen none.
type shape struct {
	kinds  uint8  // that were met, a bit each
	heads  bool   // tables have different ones
	head   []byte // of the first table; of a Parquet file its schema
	format form   // of the first table
	schema string // of the Parquet file that was looked at last
	path   string // of that file
}

const (
	objects = 1<<ingest.Line | 1<<ingest.Value | 1<<ingest.Element
	rows    = 1 << ingest.Row
	tuples  = 1 << ingest.Tuple
)

func (s *shape) add(r *ingest.Record) {
	kind, head := r.Kind, r.Head
	if kind == ingest.Tuple {
		if head = []byte(s.schemaOf(r.Path)); len(head) == 0 {
			kind = ingest.Opaque
		}
	}
	first := s.kinds&(rows|tuples) == 0
	s.kinds |= 1 << kind
	if kind != ingest.Row && kind != ingest.Tuple {
		return
	}
	if first {
		s.head, s.format = bytes.Clone(head), tableForm(r)
	}
	s.heads = s.heads || !bytes.Equal(s.head, head)
}

// schemaOf describes the columns of a Parquet file; it is empty for one that cannot be
// opened again, such as standard input.
func (s *shape) schemaOf(path string) string {
	if path != s.path {
		s.path = path
		s.schema, _ = parquet.Schema(path)
	}
	return s.schema
}

// tableForm tells a table of commas, or the like, from one of tabs and from Parquet.
func tableForm(r *ingest.Record) form {
	if r.Kind == ingest.Tuple {
		return formParquet
	}
	if f, _ := formOf(r.File); f == formCSV || f == formTSV {
		return f
	}
	if bytes.IndexByte(r.Head, '\t') >= 0 {
		return formTSV
	}
	return formCSV
}

// writer makes the writer of a file of records of the shape, that is to be of a form, or
// of that which suits them.
func (s *shape) writer(w io.Writer, named form) (recordWriter, error) {
	of := func(kinds uint8) bool { return s.kinds != 0 && s.kinds&^kinds == 0 }
	switch {
	case of(rows) && !s.heads && (named == formUnknown || named == s.format):
		return &rawRows{w: w}, nil
	case of(tuples) && !s.heads && (named == formUnknown || named == formParquet):
		return &rawTuples{parquet.NewCopier(w)}, nil
	case of(objects) && (named == formJSON || named == formUnknown && of(1<<ingest.Element)):
		return &objectArray{w: w, object: rawObject}, nil
	case of(objects) && (named == formJSONLines || named == formUnknown):
		return &objectLines{w: w, object: rawLine}, nil
	}
	return newOwnWriter(w, named)
}

// recordWriter writes records one after another. Close ends the file, but not what is
// below.
type recordWriter interface {
	add(r *ingest.Record) error
	close() error
}

// newOwnWriter makes a writer of articles with Calque's fields.
func newOwnWriter(w io.Writer, f form) (recordWriter, error) {
	switch f {
	case formJSON:
		return &objectArray{w: w, object: ownObject}, nil
	case formCSV, formTSV:
		t := &ownTable{out: csv.NewWriter(w)}
		if f == formTSV {
			t.out.Comma = '\t'
		}
		return t, t.out.Write(report.ArticleColumns())
	case formParquet:
		return &ownParquet{parquet.NewWriter(w, (*report.ArticleRow).Size)}, nil
	}
	return &objectLines{w: w, object: ownObject}, nil
}

// rawObject is a JSON object as it stands.
func rawObject(r *ingest.Record) ([]byte, error) { return bytes.TrimSpace(r.Raw), nil }

// rawLine is a JSON object on one line. What is on one already is left as it is, down to
// its line end.
func rawLine(r *ingest.Record) ([]byte, error) {
	if r.Kind == ingest.Line || !bytes.ContainsAny(r.Raw, "\r\n") {
		return r.Raw, nil
	}
	var line bytes.Buffer
	err := json.Compact(&line, r.Raw)
	return line.Bytes(), err
}

// ownObject is an article as a JSON object of Calque's fields.
func ownObject(r *ingest.Record) ([]byte, error) {
	var line bytes.Buffer
	err := report.Article(&line, &r.Article)
	return bytes.TrimSuffix(line.Bytes(), []byte("\n")), err
}

// objectLines are JSON objects, each followed by a line end.
type objectLines struct {
	w      io.Writer
	object func(*ingest.Record) ([]byte, error)
}

func (o *objectLines) add(r *ingest.Record) error {
	b, err := o.object(r)
	return writeAll(o.w, err, b, []byte("\n"))
}

func (o *objectLines) close() error { return nil }

// objectArray is an array of JSON objects, each on lines of its own.
type objectArray struct {
	w      io.Writer
	object func(*ingest.Record) ([]byte, error)
	any    bool
}

func (o *objectArray) add(r *ingest.Record) error {
	before := ",\n"
	if !o.any {
		before = "[\n"
		o.any = true
	}
	b, err := o.object(r)
	return writeAll(o.w, err, []byte(before), b)
}

func (o *objectArray) close() error {
	if !o.any {
		return writeAll(o.w, nil, []byte("[]\n"))
	}
	return writeAll(o.w, nil, []byte("\n]\n"))
}

// rawRows are the rows of tables with one head, as they stand.
type rawRows struct {
	w     io.Writer
	begun bool
}

func (t *rawRows) add(r *ingest.Record) error {
	if !t.begun {
		t.begun = true
		if err := writeAll(t.w, nil, r.Head, []byte("\n")); err != nil {
			return err
		}
	}
	return writeAll(t.w, nil, r.Raw, []byte("\n"))
}

func (t *rawRows) close() error { return nil }

// rawTuples are rows of Parquet files of one schema, with all their columns.
type rawTuples struct{ out *parquet.Copier }

func (t *rawTuples) add(r *ingest.Record) error {
	_, number, _ := strings.Cut(strings.TrimPrefix(r.Origin, r.Path), ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return err
	}
	return t.out.Copy(r.Path, n)
}

func (t *rawTuples) close() error { return t.out.Close() }

// writeAll writes the parts, unless err came up before.
func writeAll(w io.Writer, err error, parts ...[]byte) error {
	for _, b := range parts {
		if err == nil {
			_, err = w.Write(b)
		}
	}
	return err
}

// ownTable is a table of articles with Calque's fields.
type ownTable struct{ out *csv.Writer }

func (t *ownTable) add(r *ingest.Record) error {
	row := report.NewArticleRow(&r.Article)
	return t.out.Write(row.Cells())
}

func (t *ownTable) close() error {
	t.out.Flush()
	return t.out.Error()
}

// ownParquet is the same as Parquet.
type ownParquet struct {
	out *parquet.Writer[report.ArticleRow]
}

func (t *ownParquet) add(r *ingest.Record) error {
	return t.out.Write(report.NewArticleRow(&r.Article))
}

func (t *ownParquet) close() error { return t.out.Close() }

// cloneRecord is a record that outlives the iteration.
func cloneRecord(r *ingest.Record) *ingest.Record {
	c := *r
	c.Raw, c.Head = slices.Clone(r.Raw), slices.Clone(r.Head)
	return &c
}
