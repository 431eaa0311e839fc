package cli

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"
)

// memory is the value of a flag for an amount of memory in bytes, as people write it:
// 512MB, 1.5GiB.
type memory uint64

const (
	defaultMemory memory = 1 << 30
	// programMemory is set aside for the lexicon, the model and the words that the workers come
	// to know.
	programMemory = 192 << 20
)

// addMemoryFlag adds --memory.
func addMemoryFlag(f *pflag.FlagSet, m *memory) {
	*m = defaultMemory
	f.Var(m, "memory", "take about `SIZE` of memory, such as 512MB; what has no room goes to temporary files (default 1GiB)")
	f.Lookup("memory").DefValue = ""
}

// The reasons why a value is no amount of memory.
var (
	errNoMemory     = errors.New("want a number with a unit, such as 512MB or 2GiB")
	errLittleMemory = errors.New("too little: the lexicon and the words met need most of that; want 256MiB at the least")
)

// Set reads a value.
func (m *memory) Set(value string) error {
	n, err := humanize.ParseBytes(value)
	switch {
	case err != nil || n > math.MaxInt64:
		return errNoMemory
	case n < 256<<20:
		return errLittleMemory
	}
	*m = memory(n)
	return nil
}

// String is the value as it may be given.
func (m *memory) String() string {
	for _, unit := range []struct {
		name  string
		bytes memory
	}{{"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}} {
		if *m%unit.bytes == 0 {
			return fmt.Sprintf("%d%s", *m/unit.bytes, unit.name)
		}
	}
	return fmt.Sprintf("%dB", *m)
}

// Type names the kind of value.
func (m *memory) Type() string { return "size" }

// limit has the collector keep to the memory, where nobody set it otherwise, and returns
// what is left for articles.
func (m memory) limit() int64 {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(m) / 20 * 19)
	}
	return int64(m) - programMemory
}
