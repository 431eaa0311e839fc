// Package process runs programs and tells what they took: time, processor time and the
// most memory that was resident.
//
// A program's peak of resident memory, as the system counts it, is at least that of the
// process that started it, since the two share their memory up to the moment at which the
// program takes over. So the programs are started by a process that does nothing else: the
// benchmark itself, run again. Its main function, or TestMain, begins with Main.
package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Usage is what a program took.
type Usage struct {
	Seconds      float64 `json:"seconds"`             // from start to end
	CPUSeconds   float64 `json:"cpu_seconds"`         // of all processors, in the program and the system
	PeakResident int64   `json:"peak_resident_bytes"` // of the largest process; 0 where the system does not tell
}

// Command is a program to run.
type Command struct {
	Args   []string  // the program and its arguments
	Dir    string    // where it runs; empty: here
	Stdout io.Writer // nil: thrown away
	Stderr io.Writer // nil: the last of it is told if the program fails
}

// reportName is the environment variable that makes this program the one that starts the
// other and names the file for what it took.
const reportName = "CALQUE_BENCHMARK_USAGE"

// Main does not return in the process that Run starts, and returns at once in every other.
func Main() {
	path := os.Getenv(reportName)
	if path == "" {
		return
	}
	if err := start(path, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// start runs a program and writes what it took to a file.
func start(report string, args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = withoutReport(os.Environ())
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(args[0]), err)
	}
	u := Usage{
		Seconds:      time.Since(began).Seconds(),
		CPUSeconds:   (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		PeakResident: peak(cmd.ProcessState),
	}
	text, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return os.WriteFile(report, text, 0o600)
}

func withoutReport(all []string) (kept []string) {
	for _, v := range all {
		if !strings.HasPrefix(v, reportName+"=") {
			kept = append(kept, v)
		}
	}
	return kept
}

// Run runs a program to its end.
func Run(ctx context.Context, c Command) (u Usage, err error) {
	self, err := os.Executable()
	if err != nil {
		return u, err
	}
	folder, err := os.MkdirTemp("", "calque-usage-")
	if err != nil {
		return u, err
	}
	defer os.RemoveAll(folder)
	report := filepath.Join(folder, "usage.json")
	cmd := exec.CommandContext(ctx, self, c.Args...)
	cmd.Env = append(os.Environ(), reportName+"="+report)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, c.Stdout, c.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends the program
	cmd.WaitDelay = 5 * time.Second
	var told bytes.Buffer
	if c.Stderr == nil {
		cmd.Stderr = &told
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return u, context.Cause(ctx)
		}
		return u, failed(c.Args[0], err, told.String())
	}
	text, err := os.ReadFile(report)
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(text, &u)
}

// failed says why a program failed: the last line that it wrote itself, before the line of
// the process that ran it.
func failed(program string, err error, stderr string) error {
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if len(lines) > 1 {
		return fmt.Errorf("%s: %s", filepath.Base(program), lines[len(lines)-2])
	}
	if lines[0] != "" {
		return errors.New(lines[0])
	}
	return fmt.Errorf("%s: %w", filepath.Base(program), err)
}
