package ingest

import "errors"

// The reasons for a Reject, to be tested with errors.Is. Reasons of the operating
// system, such as fs.ErrPermission, come as they are.
var (
	// ErrNoInput: an input leads to no file. No input was given, a path does not exist,
	// a glob matches nothing, or a folder holds no file of a known format.
	ErrNoInput = errors.New("no input")

	// ErrEmpty: a file of no bytes (ErrEmptyFile) or a text of white space only (ErrEmptyText).
	ErrEmpty = errors.New("empty")

	// ErrEmptyFile: a file of no bytes. It is an ErrEmpty.
	ErrEmptyFile error = &reason{text: "empty file", class: ErrEmpty}

	// ErrEmptyText: a text of white space only. It is an ErrEmpty.
	ErrEmptyText error = &reason{text: "empty text", class: ErrEmpty}

	// ErrNoText: a JSON object without the text field, or with null in it; a web page, a
	// feed's entry or a news item in which there is nothing to read.
	ErrNoText = errors.New("no text")

	// ErrNotString: a JSON object whose text is a number, a list or the like.
	ErrNotString = errors.New("text is not a string")

	// ErrBinary: zero bytes, or more than three control characters in a hundred bytes.
	ErrBinary = errors.New("not a text file")

	// ErrEncoding: a byte sequence that no supported character set explains.
	ErrEncoding = errors.New("unknown character set")

	// ErrSyntax: JSON that is broken, or is not an object.
	ErrSyntax = errors.New("broken JSON")

	// ErrMarkup: XML that is broken: a record, or a whole file, without its end, or with
	// elements more than 1000 deep inside one another.
	ErrMarkup = errors.New("broken XML")

	// ErrKind: XML that is neither a feed, nor news, nor a web page.
	ErrKind = errors.New("XML of an unknown kind")

	// ErrWithdrawn: a news item that its provider has canceled or withheld. Earlier
	// versions of it stand.
	ErrWithdrawn = errors.New("not for use")

	// ErrTooLarge: an article over Options.MaxArticle, or a web page of more than 50 000
	// elements.
	ErrTooLarge = errors.New("article too large")

	// ErrTable: a row that breaks the rules of comma-separated values or has more or fewer
	// cells than the header, or a file that is no table of its kind.
	ErrTable = errors.New("broken table")

	// ErrRecord: a WARC record that is broken, or ends where it should not. Reading goes on
	// with the next one that can be found.
	ErrRecord = errors.New("broken WARC record")

	// ErrNested: a packed file that is packed again, or an archive within an archive. Only
	// one of them is opened, so that no small file can unfold without end.
	ErrNested = errors.New("packed more than once; unpack it once and try again")

	// ErrDamaged: gzip, zstd or bzip2 data that is cut off or whose checksum fails. Articles
	// before the damage have been yielded.
	ErrDamaged = errors.New("damaged compression")
)

// ErrField ends a Read whose Options.Fields names an unknown article field or maps one
// to an empty key. It does not come as a Reject.
var ErrField = errors.New("unusable field")

// ErrPattern ends a Read of which a glob in Options.Include or Exclude is none. It does not
// come as a Reject.
var ErrPattern = errors.New("no glob")

// Reject is one article, or one input, that was left out.
type Reject struct {
	Origin string // where it was read: "feed.jsonl:14"; empty when there was no input at all
	ID     string // the article's id, as far as it is known
	Err    error  // why
}

// Error is the origin and the reason: "feed.jsonl:14: no text".
func (r *Reject) Error() string {
	if r.Origin == "" {
		return r.Err.Error()
	}
	return r.Origin + ": " + r.Err.Error()
}

// Unwrap is the reason.
func (r *Reject) Unwrap() error { return r.Err }

// reason reads as its text alone, and is both its class and its cause.
type reason struct {
	text  string
	class error
	cause error
}

func (r *reason) Error() string { return r.text }

func (r *reason) Unwrap() []error {
	if r.cause == nil {
		return []error{r.class}
	}
	return []error{r.class, r.cause}
}
