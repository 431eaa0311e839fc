package lexicon

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed calque.lexicon
var embedded []byte

// Default is the lexicon embedded in the program. It is read once.
func Default() (*Lexicon, error) { return loadDefault() }

var loadDefault = sync.OnceValues(func() (*Lexicon, error) {
	t, err := ReadTable(bytes.NewReader(embedded))
	if err != nil {
		return nil, err
	}
	return New(t), nil
})
