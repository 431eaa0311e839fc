//go:build !unix

package main

import "github.com/rogpeppe/go-internal/testscript"

func fifo(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("named pipes need a Unix-like system")
}
