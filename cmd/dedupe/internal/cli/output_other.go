//go:build !unix

package cli

import "os"

// renamesOpen says that a file can be renamed while it is open.
const renamesOpen = false

// hold does nothing: a file that somebody has open cannot be removed.
func hold(*os.File) error { return nil }

// syncFolder does nothing: names are brought to the disk with the files.
func syncFolder(string) error { return nil }
