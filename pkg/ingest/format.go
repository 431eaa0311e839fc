package ingest

import (
	"bytes"
	"path/filepath"
	"strings"
)

// format is what a file holds once it is unpacked.
type format uint8

const (
	formatUnknown format = iota // to be told from its first bytes
	formatText                  // one article
	formatLines                 // one JSON object a line
	formatJSON                  // JSON objects, alone or in arrays
	formatPage                  // one web page
	formatMarkup                // XML: a feed, news items, or a web page
	formatCSV                   // a table; what is between its columns is told from its header
	formatTSV                   // a table of columns between tabs
	formatWARC                  // records of a web crawl
	formatParquet               // a table stored by columns
	formatTar                   // an archive of files
	formatZip                   // another
)

var formats = map[string]format{
	".txt":     formatText,
	".json":    formatJSON,
	".jsonl":   formatLines,
	".ndjson":  formatLines,
	".html":    formatPage,
	".htm":     formatPage,
	".xhtml":   formatPage,
	".xml":     formatMarkup,
	".rss":     formatMarkup,
	".atom":    formatMarkup,
	".nitf":    formatMarkup,
	".csv":     formatCSV,
	".tsv":     formatTSV,
	".tab":     formatTSV,
	".parquet": formatParquet,
	".pq":      formatParquet,
	".warc":    formatWARC,
	".wet":     formatWARC,
	".tar":     formatTar,
	".zip":     formatZip,
}

// formatNames stands in messages about folders without such a file.
const formatNames = ".txt, .json, .jsonl, .csv, .parquet, .html, .xml or .warc"

// packing is how a file is compressed.
type packing uint8

const (
	packingUnknown packing = iota // to be told from its first bytes
	packingNone
	packingGzip
	packingZstd
	packingBzip2
)

var packings = map[string]packing{".gz": packingGzip, ".zst": packingZstd, ".bz2": packingBzip2}

// shortNames are those of packed archives.
var shortNames = map[string]string{".tgz": ".tar.gz", ".tbz": ".tar.bz2", ".tbz2": ".tar.bz2", ".tzst": ".tar.zst"}

// formatOf tells format and packing from a file's name. Where the name settles nothing
// at all, neither is known.
func formatOf(name string) (format, packing) {
	name = strings.ToLower(filepath.Base(name))
	ext := filepath.Ext(name)
	if long, ok := shortNames[ext]; ok {
		name = strings.TrimSuffix(name, ext) + long
		ext = filepath.Ext(name)
	}
	if p, ok := packings[ext]; ok {
		return formats[filepath.Ext(strings.TrimSuffix(name, ext))], p
	}
	if f, ok := formats[ext]; ok {
		return f, packingNone
	}
	return formatUnknown, packingUnknown
}

// sniffPacking tells the packing from the magic number at the head of a stream. It waits
// for no more bytes than it needs: the stream may be a feed that is still being written.
func sniffPacking(w *window) packing {
	w.fill(4)
	head := w.bytes()
	switch {
	case bytes.HasPrefix(head, magicGzip[:2]):
		return packingGzip
	case bytes.HasPrefix(head, magicZstd):
		return packingZstd
	case bytes.HasPrefix(head, []byte("BZh")):
		w.fill(10)
		if block := w.bytes(); len(block) >= 10 && (string(block[4:10]) == "1AY&SY" || string(block[4:10]) == "\x17rE8P\x90") {
			return packingBzip2
		}
	}
	return packingNone
}

// The magic number of tar files stands within the first header.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
)

// sniffContainer tells the files of records, of which the first bytes are always the same.
// It does not wait for more of a stream that is text already: the header of a tar file has
// no line ends, and JSON and XML begin as no file's name does.
func sniffContainer(w *window) format {
	w.fill(4)
	feed := bytes.IndexByte([]byte("{[<"), w.at(0)) >= 0
	for !feed && len(w.bytes()) < tarMagicAt+len(tarMagic) && bytes.IndexByte(w.bytes(), '\n') < 0 && w.more() {
	}
	b := w.bytes()
	switch {
	case bytes.HasPrefix(b, []byte(warcMagic)):
		return formatWARC
	case bytes.HasPrefix(b, []byte("PAR1")):
		return formatParquet
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return formatZip
	case !feed && len(b) > tarMagicAt && bytes.HasPrefix(b[tarMagicAt:], []byte(tarMagic)) && bytes.IndexByte(b[:tarMagicAt], '\n') < 0:
		return formatTar
	}
	return formatUnknown
}

// sniffFormat tells JSON, XML, web pages and tables from text. A text may well open with
// a bracket, "[Updated]", so that an array counts only when an object, or nothing, is in
// it, and an element only when its name is one of those that such files begin with.
func (r *run) sniffFormat() format {
	w := &r.window
	i := w.peekSpace(0)
	switch w.at(i) {
	case '{':
		return formatJSON
	case '[':
		if c := w.at(w.peekSpace(i + 1)); c == '{' || c == ']' {
			return formatJSON
		}
	case '<':
		return sniffMarkup(w)
	}
	if w.looksLikeHeader(r.paths[fieldText]) {
		return formatCSV
	}
	return formatText
}
