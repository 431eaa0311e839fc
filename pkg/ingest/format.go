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
)

var formats = map[string]format{
	".txt":    formatText,
	".json":   formatJSON,
	".jsonl":  formatLines,
	".ndjson": formatLines,
	".html":   formatPage,
	".htm":    formatPage,
	".xhtml":  formatPage,
	".xml":    formatMarkup,
	".rss":    formatMarkup,
	".atom":   formatMarkup,
	".nitf":   formatMarkup,
}

// formatNames stands in messages about folders without such a file.
const formatNames = ".txt, .json, .jsonl, .html or .xml"

// packing is how a file is compressed.
type packing uint8

const (
	packingUnknown packing = iota // to be told from its first bytes
	packingNone
	packingGzip
	packingZstd
)

var packings = map[string]packing{".gz": packingGzip, ".zst": packingZstd}

// formatOf tells format and packing from a file's name. Where the name settles nothing
// at all, neither is known.
func formatOf(name string) (format, packing) {
	name = strings.ToLower(filepath.Base(name))
	ext := filepath.Ext(name)
	if p, ok := packings[ext]; ok {
		return formats[filepath.Ext(strings.TrimSuffix(name, ext))], p
	}
	if f, ok := formats[ext]; ok {
		return f, packingNone
	}
	return formatUnknown, packingUnknown
}

// sniffPacking tells the packing from the magic number at the head of a stream.
func sniffPacking(head []byte) packing {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return packingGzip
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return packingZstd
	}
	return packingNone
}

// sniffFormat tells JSON, XML and web pages from text. A text may well open with a
// bracket, "[Updated]", so that an array counts only when an object, or nothing, is in
// it, and an element only when its name is one of those that such files begin with.
func sniffFormat(w *window) format {
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
	return formatText
}
