// Package ingest turns files and streams into articles.
//
// What goes in is a list of inputs: a file, a folder, a glob or "-" for standard
// input. What comes out is an iterator of articles, in the order of the inputs and
// sorted inside a folder, with a [Reject] in place of every article that cannot be
// used: bad input ends one article, not the run.
//
// # Formats
//
// A name ending in .txt is one article a file. One ending in .jsonl or .ndjson is one
// JSON object a line; .json is an object, an array of objects, or several objects one
// after another. One ending in .html, .htm or .xhtml is a web page; .xml, .rss, .atom and
// .nitf are XML, of which the root element says whether it is a feed, news or a page.
// .csv, .tsv and .tab are tables, .parquet and .pq too; .warc and .wet hold what a web crawl
// found. Each may be packed, with a further .gz, .zst or .bz2, once. .tar and .zip are
// archives of such files, .tgz and the like packed ones, and read like folders; an archive
// within an archive is not opened.
//
// A walk through a folder reads these and passes over everything else, dotted names
// included, and over what [Options].Include and Exclude leave out. A file that is named, or
// matched by a glob, is always read: what its name does not settle its first bytes do, and
// so it is with standard input. Crawls, Parquet and archives have magic numbers; "{" and
// "[{" begin JSON, a document type or an element that such files begin with XML or a page;
// a first line of several columns of which one is called as the text should be is the header
// of a table; anything else is text.
//
// # Text files
//
// Text is the whole file, decoded, without byte-order mark and with "\n" for every
// "\r\n" and "\r"; offsets that other packages give are offsets into this Text. Title
// is the first line that is not blank, trimmed, unless it is over 300 characters long:
// then it is a paragraph.
//
// # JSON
//
// The keys are id, title, text, lang, url, source, published (or date), author, urgency and
// altid, unless [Options].Fields says otherwise. They are case-sensitive and the last of two
// equal keys counts, as in a map that encoding/json fills. Text and title are left as they are
// written. Of author and altid there may be several, in an array; they may be objects, too,
// with a name or value each. The articles of a plain file of a mebibyte and more know where in
// it their text stands, see [article.Stored].
//
// # Tables
//
// The first row of comma-separated values names the columns, after the keys of JSON; a
// nested column of Parquet has the names on its way joined by dots. What stands between the
// columns of a .csv is told from its header: a comma, a semicolon as spreadsheets write it
// where the comma is a decimal sign, a tab or a bar, or what a line "sep=;" before it says.
// Quoting is that of RFC 4180. A row with more or fewer cells than the header is rejected,
// with its line. Parquet, of which the pages of one row group after another are read, needs
// [Options].Parquet; what comes packed or through a pipe is put into a temporary file first,
// and so is a zip archive.
//
// # Crawls
//
// Of the records of a WARC file, version 0.18 and later, the articles are: responses with a
// web page and a status of success, of which bodies in chunks or packed by gzip, deflate,
// brotli or zstd are unpacked; and conversions, which hold the text of a page, the title for
// its first line, as in the WET files of Common Crawl. A page's address is that of the
// record if the page declares none, its time the record's, its source the host. The rest is
// passed over, and told to [Options].PassedOver. A broken record is rejected with its number
// and place, and reading goes on with the next that is found: in a file packed by records,
// as they should be, with the next member of gzip or frame of zstd. The dictionary that a
// .warc.zst may begin with is used.
//
// # Web pages
//
// [Options].Page makes an article of a page. Whatever it is, headline, authors, language, canonical
// address, publication time and the name of the site are those that the page declares, in
// Open Graph, JSON-LD, Dublin Core and the like; a date that is only printed is not taken.
//
// # Feeds
//
// Every item of RSS 0.9 to 2.0 and every entry of Atom is an article: with the full
// content where the feed has it, else the summary, of which the HTML becomes paragraphs.
// Language and source are those of the entry, or else of the feed; so is the author in Atom.
//
// # News formats
//
// A newsItem of NewsML-G2, alone or in a newsMessage, a document of NITF and an object of
// ninjs are articles with what stands in them as XHTML, NITF or text. An object is taken
// for ninjs when it has no text and has the properties of ninjs. Published is the time of
// the version, Source the provider, Author who signed it or else its creators with a name. A
// dateline is put before the text, where it is printed; captions and closing credits are left
// out. AltID has the other ids that the item keeps over all its versions: altId, altids, and
// the key of du-key. Packages, which only refer
// to items, are passed over in a newsMessage. An item that its provider has canceled or
// withheld is an [ErrWithdrawn]; embargoed ones are read, since to compare is not to publish.
//
// # XML
//
// A stream of XML is cut into its records before any is parsed, so that memory holds one
// of them and a broken one is rejected alone. Documents may follow one another. Entities
// are those of XML and HTML: what a document type defines is neither expanded nor opened.
//
// # Identifiers
//
// A text file's id is its path: relative to the folder when the folder is the only
// input, else as typed, with slashes. An object without id gets the path, ":" and its
// line, or in an array its number, counted from 1; so does a record of XML, by its number.
// Standard input is called "stdin". A web page's id is its path too. The id of a feed's
// entry is its guid if that is a URI, else its link. That of a news item is
// "guid@version", so that every version is an article of its own. A row without id gets the
// path and its line, or in Parquet its number; a record of a crawl is called by its own id. A
// file in an archive has the path of the archive before its own.
//
// # Character sets
//
// Valid UTF-8 is taken as it is. UTF-16 is known by its byte-order mark or by every
// second byte being zero, of the first 4096 if there is one among the first eight. Of the rest, a text with more valid multi-byte sequences than
// invalid bytes is damaged UTF-8, each run of invalid bytes becoming one U+FFFD; any
// other is Windows-1252, of which Latin-1 is a part. JSON and tables are judged record by
// record, so that a file may mix them. Character sets of web pages are sniffed as browsers
// do: see [Page.Decode].
package ingest

import (
	"context"
	"io"
	"iter"

	"github.com/calque-dev/calque/pkg/article"
)

// Options says how to read. The zero value works.
type Options struct {
	// Fields maps an article field (text, title, id, lang, url, source, published, author,
	// urgency, altid) to
	// its key in JSON input: "body" or, inside nested objects, "content.body". A field
	// that is not in the map has its own name for key.
	Fields map[string]string

	// Stdin is what "-" reads; nil is os.Stdin. It is read by a goroutine of its own, so
	// that the end of the context is seen while it blocks.
	Stdin io.Reader

	// MaxArticle is the size in bytes of the largest article, as unpacked text, JSON, XML
	// or web page; 0 is 256 MiB. It bounds the memory that reading takes.
	MaxArticle int64

	// Page makes an article of a web page, be it a file or a record of a larger one: all
	// but the article's ID and Origin, which Read fills in. An error rejects the page; the
	// reason of a page without text is ErrNoText. Nil is [PageText]; package
	// pkg/ingest/trafilatura has one that leaves out all but the main text. It is called
	// from one goroutine.
	Page func(Page) (article.Article, error)

	// Include and Exclude are globs that say which files of a folder, or of an archive, are
	// read: those that a glob of Include matches, or all if there is none, but never those that
	// one of Exclude matches. "*" is any part of a name, "**" any folders, "{a,b}" either. A
	// glob without slash goes for names at any depth, any other for the path in the folder; what
	// it says of a folder goes for all that is in it. Files that are named are read anyway.
	Include, Exclude []string

	// Parquet opens a Parquet file of so many bytes. Nil rejects such files; package
	// pkg/ingest/parquet has one. Its errors are ErrTable.
	Parquet func(in io.ReaderAt, size int64) (Table, error)

	// PassedOver is called for every record of a WARC file, and every file in an archive, that
	// is no article and none that failed: what says of which kind it is, such as "request",
	// "image/png" or "HTTP status 404". It runs in the goroutine that ranges over the articles.
	PassedOver func(origin, what string)

	// Progress is called about every MiB, and at the end, with the bytes read so far
	// and the bytes there are to read, both as stored on disk; total is 0 when it is not
	// known. It runs in the goroutine that ranges over the articles.
	Progress func(readBytes, totalBytes int64)

	at *Record // what the next article is read from, for Records
}

const defaultMaxArticle = 256 << 20

// Read yields every article of the inputs. What cannot be read is yielded as a
// [*Reject] and reading goes on with the next article. A file that several inputs
// reach, be it over symbolic links, is read once.
//
// Three errors that are no Reject end the iteration: the context's error when ctx ends,
// ErrField when opts.Fields cannot be used, and ErrPattern when a glob of opts cannot. The Article next to an error is empty.
func Read(ctx context.Context, inputs []string, opts Options) iter.Seq2[article.Article, error] {
	return func(yield func(article.Article, error) bool) {
		keys, paths, err := compileFields(opts.Fields)
		if err != nil {
			yield(article.Article{}, err)
			return
		}
		if err := checkPatterns(opts); err != nil {
			yield(article.Article{}, err)
			return
		}
		if opts.MaxArticle <= 0 {
			opts.MaxArticle = defaultMaxArticle
		}
		inner, cancel := context.WithCancel(ctx)
		defer cancel()
		r := &run{ctx: inner, opts: opts, keys: keys, paths: paths, yield: yield}
		defer r.unpack.close()
		r.readAll(inputs)
		if err := ctx.Err(); err != nil && !r.stopped {
			yield(article.Article{}, err)
		}
	}
}

// run is one call of Read: its buffers serve one file after another.
type run struct {
	ctx     context.Context
	opts    Options
	keys    []key
	paths   [fieldCount]string // by which tables name the fields
	yield   func(article.Article, error) bool
	stopped bool // the consumer wants no more
	bundled bool // what is read is in an archive

	window  window
	unpack  unpacker
	scan    scanner
	scratch []byte
	bodies  bodyDecoder

	readBytes, shownBytes, totalBytes int64
}

func (r *run) readAll(inputs []string) {
	entries := list(r.ctx, inputs, &r.opts)
	r.totalBytes = totalSize(entries)
	for _, e := range entries {
		if e.reject != nil {
			r.enter(file{})
			if !r.emit(article.Article{}, e.reject) {
				return
			}
			continue
		}
		if !r.readFile(e.file) {
			return
		}
	}
	r.showProgress()
}

// emit hands one article or reject to the consumer and reports whether to go on.
func (r *run) emit(a article.Article, err error) bool {
	if r.stopped || r.ctx.Err() != nil {
		return false
	}
	r.stopped = !r.yield(a, err)
	return !r.stopped
}

func (r *run) reject(origin, id string, err error) bool {
	return r.emit(article.Article{}, &Reject{Origin: origin, ID: id, Err: err})
}

func (r *run) passOver(origin, what string) {
	if r.opts.PassedOver != nil {
		r.opts.PassedOver(origin, what)
	}
}

// count is told of every stretch of bytes that comes from a file or stream.
func (r *run) count(n int) {
	r.readBytes += int64(n)
	if r.readBytes-r.shownBytes >= 1<<20 {
		r.showProgress()
	}
}

func (r *run) showProgress() {
	if r.opts.Progress != nil {
		r.shownBytes = r.readBytes
		r.opts.Progress(r.readBytes, r.totalBytes)
	}
}
