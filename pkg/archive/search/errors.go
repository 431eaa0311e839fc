package search

import (
	"context"
	"errors"
	"fmt"
)

// QueryError says what is wrong with a query.
type QueryError struct {
	Query  string
	Reason string
	Err    error // the parser's, may be nil
}

// Error implements error.
func (e *QueryError) Error() string { return fmt.Sprintf("query %.80q: %s", e.Query, e.Reason) }

// Unwrap returns the parser's error.
func (e *QueryError) Unwrap() error { return e.Err }

// queryFailed is the error of a query that bleve refuses: a pattern too wide, say.
func queryFailed(q string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &QueryError{Query: q, Reason: err.Error(), Err: err}
}
