//go:build !linux

package cli

import "runtime"

// peakMemory is the memory that the Go runtime has had from the system, in bytes. What the
// system counts is not told alike everywhere.
func peakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
