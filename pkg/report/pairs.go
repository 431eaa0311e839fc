package report

import (
	"bufio"
	"io"
	"iter"
	"slices"

	"github.com/calque-dev/calque/pkg/dedupe"
)

// PairWriter writes pairs as they are found. What Write is given is with the writer below
// when it returns; but for a table, of which every line depends on all, and which is
// written by Close.
type PairWriter struct {
	out   *bufio.Writer
	o     Options
	begun bool
	table []dedupe.Pair
}

// NewPairWriter makes a PairWriter, which writes nothing yet.
func NewPairWriter(w io.Writer, o Options) *PairWriter {
	return &PairWriter{out: bufio.NewWriter(w), o: o}
}

// Write writes the pairs, behind those of the calls before.
func (p *PairWriter) Write(pairs iter.Seq[dedupe.Pair]) error {
	if p.o.Format == Table {
		p.table = slices.AppendSeq(p.table, pairs)
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	write := writeCSV
	if p.o.Format == JSONLines {
		write = func(out *bufio.Writer, pairs iter.Seq[dedupe.Pair]) error {
			return writeJSONLines(out, pairs, p.o.Passages)
		}
	}
	if err := write(p.out, pairs); err != nil {
		return err
	}
	return p.out.Flush()
}

// begin writes what stands above the pairs.
func (p *PairWriter) begin() error {
	if p.begun || p.o.Format != CSV {
		return nil
	}
	p.begun = true
	return writeCSVHead(p.out)
}

// Close writes what is left. It does not close the writer below.
func (p *PairWriter) Close() error {
	err := p.begin()
	if p.o.Format == Table {
		err = writeTable(p.out, slices.Values(p.table), p.o.Screen)
	}
	if err != nil {
		return err
	}
	return p.out.Flush()
}
