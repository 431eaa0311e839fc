package report

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
)

// Reject is an article, or an input, that was left out. Its JSON is a line of the
// file that Rejects writes.
type Reject struct {
	Origin string `json:"origin"` // where it was read: "feed.jsonl:14"
	ID     string `json:"id"`     // as far as it is known
	Reason string `json:"reason"`
}

// NewReject tells the parts of an error of dedupe.Result.Rejected.
func NewReject(err error) Reject {
	if r, ok := errors.AsType[*ingest.Reject](err); ok {
		return Reject{r.Origin, r.ID, r.Err.Error()}
	}
	if d, ok := errors.AsType[*dedupe.DuplicateError](err); ok {
		return Reject{d.Origin, d.ID, dedupe.ErrDuplicateID.Error()}
	}
	return Reject{Reason: err.Error()}
}

// Rejects writes one JSON object a reject.
func Rejects(w io.Writer, rejected iter.Seq[error]) error {
	out := bufio.NewWriter(w)
	e := newEncoder(out)
	for err := range rejected {
		if err := e.Encode(NewReject(err)); err != nil {
			return err
		}
	}
	return out.Flush()
}
