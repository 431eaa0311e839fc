package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/benchmarks/corpus/generate"
)

// write writes both files, which appear together and whole or not at all.
func write(ctx context.Context, g *generate.Generator, articles, gold string) (err error) {
	var outputs [2]*output
	defer func() {
		for _, o := range outputs {
			if o != nil {
				o.discard()
			}
		}
	}()
	for i, name := range []string{articles, gold} {
		if outputs[i], err = create(name); err != nil {
			return err
		}
	}
	if err := g.Write(ctx, outputs[0], outputs[1]); err != nil {
		return err
	}
	for _, o := range outputs {
		if err := o.close(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, o := range outputs {
		if err := o.rename(); err != nil {
			return err
		}
	}
	return nil
}

// output is a file that is written under a hidden name in its folder.
type output struct {
	io.Writer
	target  string
	file    *os.File
	packer  *zstd.Encoder // nil for a plain file
	buffer  *bufio.Writer
	renamed bool
}

// create begins a file, packed if its name ends in .zst.
func create(name string) (*output, error) {
	o := &output{target: name}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is there and is no file: give another name", name)
	}
	var err error
	if o.file, err = os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*"); err != nil {
		return nil, o.failed(err)
	}
	o.buffer = bufio.NewWriterSize(o.file, 1<<18)
	o.Writer = o.buffer
	if strings.HasSuffix(name, ".zst") {
		if o.packer, err = zstd.NewWriter(o.buffer, zstd.WithEncoderLevel(zstd.SpeedFastest)); err != nil {
			o.discard()
			return nil, o.failed(err)
		}
		o.Writer = o.packer
	}
	return o, nil
}

// Write writes and names the file in its error.
func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	return n, o.failed(err)
}

// close brings the file to the disk.
func (o *output) close() error {
	if o.packer != nil {
		if err := o.packer.Close(); err != nil {
			return o.failed(err)
		}
	}
	if err := o.buffer.Flush(); err != nil {
		return o.failed(err)
	}
	if err := o.file.Chmod(0o644); err != nil {
		return o.failed(err)
	}
	if err := o.file.Sync(); err != nil {
		return o.failed(err)
	}
	return o.failed(o.file.Close())
}

func (o *output) rename() error {
	err := os.Rename(o.file.Name(), o.target)
	o.renamed = err == nil
	return o.failed(err)
}

// discard removes what was not renamed.
func (o *output) discard() {
	if !o.renamed {
		_ = o.file.Close()
		_ = os.Remove(o.file.Name())
	}
}

// failed names the file as the user does.
func (o *output) failed(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("cannot write %s: %w", o.target, err)
}
