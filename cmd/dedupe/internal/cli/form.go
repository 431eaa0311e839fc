package cli

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/report/parquet"
)

// The rules of the forms in which files are written:
//
// The ending of a file's name says its form: .jsonl, .ndjson or .json, .csv, .parquet;
// and .gz or .zst after it that it is packed. Any other ending says nothing, and the
// file is JSON lines. Only for the pairs a flag, --format, says otherwise. Parquet packs
// itself, and is not packed again.

// form is the form of a file of results.
type form uint8

const (
	formUnknown form = iota // the name does not say
	formTable
	formJSONLines
	formJSON // one array
	formCSV
	formTSV
	formParquet
)

var formNames = map[string]form{
	"table": formTable, "jsonl": formJSONLines, "csv": formCSV, "parquet": formParquet,
}

var formEndings = map[string]form{
	".jsonl": formJSONLines, ".ndjson": formJSONLines, ".json": formJSON, ".csv": formCSV, ".tsv": formTSV,
	".parquet": formParquet,
}

// formOf tells the form of a file, and the ending that says how it is packed, if it is.
func formOf(path string) (f form, packed string) {
	name := strings.ToLower(filepath.Base(path))
	if ext := filepath.Ext(name); packers[ext] != nil {
		packed = ext
		name = strings.TrimSuffix(name, ext)
	}
	return formEndings[filepath.Ext(name)], packed
}

// tabular is the form of a file that holds JSON lines unless its name says otherwise, and
// that of what a command has in columns.
func tabular(path string) form {
	switch f, _ := formOf(path); f {
	case formCSV, formParquet:
		return f
	}
	return formJSONLines
}

// parseForm reads the name of a form of pairs.
func parseForm(name string) (form, error) {
	if f, ok := formNames[name]; ok {
		return f, nil
	}
	return formUnknown, fmt.Errorf("unknown format %q (want table, jsonl, csv, parquet)", name)
}

// packers make packed streams, by the ending of the name.
var packers = map[string]func(io.Writer) (io.WriteCloser, error){
	".gz": func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
	".zst": func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	},
}

// checkPacking refuses what is packed twice.
func checkPacking(flag, path string) error {
	switch f, packed := formOf(path); {
	case f == formParquet && packed != "":
		return usagef("%s: %s: Parquet packs itself; leave %s out", flag, path, packed)
	case packed == "" && strings.EqualFold(filepath.Ext(path), ".bz2"):
		return usagef("%s: %s: cannot write bzip2; use .gz or .zst", flag, path)
	}
	return nil
}

// pairForm is how pairs are written.
type pairForm struct {
	report.Options
	parquet bool
}

// pairWriter writes pairs as they are found. Close ends the file, but not what is below.
type pairWriter interface {
	Write(iter.Seq[dedupe.Pair]) error
	Close() error
}

// writer makes a pairWriter.
func (f *pairForm) writer(w io.Writer) pairWriter {
	if f.parquet {
		return parquet.NewPairWriter(w, f.Passages)
	}
	return report.NewPairWriter(w, f.Options)
}

// write writes all pairs.
func (f *pairForm) write(w io.Writer, pairs iter.Seq[dedupe.Pair]) error {
	out := f.writer(w)
	if err := out.Write(pairs); err != nil {
		return err
	}
	return out.Close()
}
