package ingest

import (
	"context"
	"iter"

	"github.com/calque-dev/calque/pkg/article"
)

// Kind says how the records of a file stand in it, for who copies some of them.
type Kind uint8

// The kinds.
const (
	// Opaque: what a record is made of does not stand apart, as in a feed, or the file is
	// one article and nothing else. Such records have no Raw.
	Opaque Kind = iota

	// Line: a JSON object on a line of its own.
	Line

	// Value: a JSON object, maybe over several lines, beside others.
	Value

	// Element: a JSON object in an array.
	Element

	// Row: a row of a table, under its Head, which it shares with the others.
	Row

	// Tuple: a row of a file that is not made of text, such as Parquet. It has no Raw; that
	// of number N, counted from 1, has an Origin that ends in ":N".
	Tuple
)

// Record is an article with what it was read from.
type Record struct {
	article.Article
	Path string // of the file, to open it; "stdin" for standard input
	File string // what the ids of the file are made of: Path below the input folder, or as typed; with slashes
	Kind Kind

	// Bundled: the file is an archive, and the record is of one of the files in it.
	Bundled bool

	// Raw is the record as it stands in the file, unpacked: a line or row without what
	// ends it, an object from brace to brace. What was UTF-16 is UTF-8; other bytes are
	// as they are. Head is what must stand above the rows of a table, in the same way. Both are
	// good until the iteration goes on.
	Raw, Head []byte
}

// Records is [Read] with the bytes that each article was read from. Next to an error the
// Record has Path and File alone, and not even these when the input is no file.
func Records(ctx context.Context, inputs []string, opts Options) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var at Record
		opts.at = &at
		for a, err := range Read(ctx, inputs, opts) {
			r := at
			at = Record{Path: at.Path, File: at.File, Bundled: at.Bundled}
			if err != nil {
				r = at
			}
			r.Article = a
			if !yield(r, err) {
				return
			}
		}
	}
}

// enter notes the file that is read from now on.
func (r *run) enter(f file) {
	if r.opts.at != nil {
		*r.opts.at = Record{Path: f.path, File: f.id}
	}
}

// stands notes what the next article is read from.
func (r *run) stands(kind Kind, raw, head []byte) {
	if at := r.opts.at; at != nil {
		at.Kind, at.Raw, at.Head = kind, raw, head
	}
}
