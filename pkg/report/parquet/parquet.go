// Package parquet writes results as Apache Parquet, for data frames and databases.
//
// In go pairs, or the rows that package report makes of clusters, removals and articles;
// out comes a file whose columns are those of the same table as CSV. Numbers are numbers,
// nothing is null, and pairs may have their passages as a list of structures.
//
// Rows are written in groups, each when it holds about sixteen megabytes, so that memory
// does not grow with the file. Columns are packed with Snappy, which every reader knows.
// The same rows give the same bytes.
//
// It stands apart from package report so that who writes lines only does not link a
// Parquet library.
package parquet

import (
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
)

const (
	groupBytes = 16 << 20 // of rows, before they are packed
	batchRows  = 256      // handed to the library at once
)

// Writer writes rows of one type, whose tags name the columns.
type Writer[T any] struct {
	out   *parquet.GenericWriter[T]
	size  func(*T) int
	batch []T
	bytes int // in the group
}

// NewWriter makes a Writer. Size tells about how many bytes a row takes in memory.
func NewWriter[T any](w io.Writer, size func(*T) int) *Writer[T] {
	return &Writer[T]{
		size: size, batch: make([]T, 0, batchRows),
		out: parquet.NewGenericWriter[T](w,
			parquet.Compression(&parquet.Snappy),
			parquet.CreatedBy("calque", "", ""), // no version: it is no part of the result
		),
	}
}

// Write adds a row. The writer below gets it when a group is full, or by Close.
func (w *Writer[T]) Write(row T) error {
	w.batch = append(w.batch, row)
	w.bytes += w.size(&row)
	if len(w.batch) == batchRows || w.bytes >= groupBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.bytes < groupBytes {
		return nil
	}
	w.bytes = 0
	return w.out.Flush()
}

func (w *Writer[T]) flush() error {
	_, err := w.out.Write(w.batch)
	clear(w.batch)
	w.batch = w.batch[:0]
	return err
}

// Close writes what is left and the end of the file. It does not close the writer below.
func (w *Writer[T]) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.out.Close()
}

// Write writes all rows as one file. An error next to a row ends it.
func Write[T any](w io.Writer, rows iter.Seq2[T, error], size func(*T) int) error {
	out := NewWriter(w, size)
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Close()
}

// PairWriter writes pairs as they are found, as report.PairWriter does in other formats.
type PairWriter struct {
	write func(*dedupe.Pair) error
	close func() error
}

// passagesRow is a pair with its passages.
type passagesRow struct {
	report.PairRow
	Passages []report.PassageRow `parquet:"passages,list"`
}

// NewPairWriter makes a PairWriter. With passages there is a column of lists of them.
func NewPairWriter(w io.Writer, passages bool) *PairWriter {
	if passages {
		out := NewWriter(w, func(r *passagesRow) int { return pairSize(&r.PairRow) + 40*len(r.Passages) })
		return &PairWriter{close: out.Close, write: func(p *dedupe.Pair) error {
			return out.Write(passagesRow{report.NewPairRow(p), report.NewPassageRows(p)})
		}}
	}
	out := NewWriter(w, pairSize)
	return &PairWriter{close: out.Close, write: func(p *dedupe.Pair) error { return out.Write(report.NewPairRow(p)) }}
}

func pairSize(r *report.PairRow) int { return len(r.A) + len(r.B) + 48 }

// Write adds the pairs, behind those of the calls before.
func (p *PairWriter) Write(pairs iter.Seq[dedupe.Pair]) error {
	for pair := range pairs {
		if err := p.write(&pair); err != nil {
			return err
		}
	}
	return nil
}

// Close writes what is left. It does not close the writer below.
func (p *PairWriter) Close() error { return p.close() }

// Clusters writes a row for each member of a cluster, as report.ClusterRows yields them.
func Clusters(w io.Writer, rows iter.Seq2[report.ClusterRow, error]) error {
	return Write(w, rows, func(r *report.ClusterRow) int { return len(r.ID) + len(r.Byline) + len(r.Agency) + 64 })
}

// Removals writes a row for each removed article. Coverage is null where it was not
// measured.
func Removals(w io.Writer, removals iter.Seq[report.Removal]) error {
	out := NewWriter(w, func(r *report.Removal) int { return len(r.ID) + 64 + 24*len(r.Via) })
	for r := range removals {
		if err := out.Write(r); err != nil {
			return err
		}
	}
	return out.Close()
}
