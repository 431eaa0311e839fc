package ingest

import (
	"archive/tar"
	"archive/zip"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"github.com/calque-dev/calque/pkg/article"
)

// readTar reads the files in a tar archive, one after another as they stand in it.
func (r *run) readTar(f file) bool {
	in := tar.NewReader(r.window.rest())
	b := r.openBundle(f)
	defer b.close()
	for {
		header, err := in.Next()
		if err == io.EOF {
			return b.end()
		}
		if err != nil {
			return r.reject(f.path, f.id, bundleReason(err))
		}
		if header.Typeflag == tar.TypeReg && !b.read(header.Name, header.Size, in) {
			return false
		}
	}
}

// readZip reads the files in a zip archive. It needs the file itself, at any place: what
// comes as a stream is put into a temporary file first.
func (r *run) readZip(f file, whole *os.File) bool {
	size := f.size
	if whole == nil {
		spooled, n, err := r.spool()
		if err != nil {
			return r.reject(f.path, f.id, err)
		}
		defer spooled.close()
		whole, size = spooled.File, n
	} else {
		defer r.countRest(size)()
	}
	in, err := zip.NewReader(whole, size)
	if err != nil {
		return r.reject(f.path, f.id, bundleReason(err))
	}
	in.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow)))
	in.RegisterDecompressor(12, func(in io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(in)) })
	b := r.openBundle(f)
	defer b.close()
	for _, part := range in.File {
		if part.Mode().IsRegular() && !b.readZipped(part) {
			return false
		}
	}
	return b.end()
}

// bundleReason says what is wrong with an archive, or with the disk.
func bundleReason(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	for _, known := range []error{tar.ErrHeader, zip.ErrFormat, zip.ErrAlgorithm, zip.ErrChecksum, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return osReason(err)
}

// bundle is an archive that is being read.
type bundle struct {
	outer *run
	file  file
	run   *run // reads its files
	used  int  // of the files, those that were read or rejected
}

func (r *run) openBundle(f file) *bundle {
	b := &bundle{outer: r, file: f}
	if r.opts.at != nil {
		r.opts.at.Bundled = true
	}
	opts := r.opts
	opts.Progress = nil
	b.run = &run{ctx: r.ctx, opts: opts, keys: r.keys, paths: r.paths, bundled: true}
	b.run.yield = func(a article.Article, err error) bool { return r.emit(a, err) }
	return b
}

func (b *bundle) close() {
	b.run.unpack.close()
	b.run.bodies.close()
}

// end rejects an archive in which there was nothing to read.
func (b *bundle) end() bool {
	if b.used > 0 {
		return true
	}
	return b.outer.reject(b.file.path, b.file.id, noInput("no "+formatNames+" file in this archive", nil))
}

// part is what the name of a file in the archive says of it. It is passed over, with known
// false, in the cases in which a walk through a folder would do so.
func (b *bundle) part(name string) (f file, known bool) {
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "\ufffd")
	}
	name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	f = file{path: b.file.path + "/" + name, id: path.Join(b.file.id, name)}
	f.format, f.packing = formatOf(name)
	switch {
	case strings.HasPrefix(name, ".") || strings.Contains(name, "/."):
		b.outer.passOver(f.path, "hidden file")
	case f.format == formatUnknown:
		what := path.Ext(name) + " file"
		b.outer.passOver(f.path, strings.TrimSpace(what))
	case !b.outer.admits(name):
		b.outer.passOver(f.path, "file left out by a pattern")
	default:
		b.used++
		return f, true
	}
	return f, false
}

// read reads a file in the archive and reports whether to go on.
func (b *bundle) read(name string, size int64, in io.Reader) bool {
	f, known := b.part(name)
	if !known {
		return b.outer.ctx.Err() == nil
	}
	f.size = size
	return b.run.readStream(f, in)
}

func (b *bundle) readZipped(z *zip.File) bool {
	f, known := b.part(z.Name)
	if !known {
		return b.outer.ctx.Err() == nil
	}
	if z.Flags&1 != 0 {
		return b.outer.reject(f.path, f.id, &reason{text: "encrypted; unpack the archive first", class: ErrDamaged})
	}
	in, err := z.Open()
	if err != nil {
		return b.outer.reject(f.path, f.id, bundleReason(err))
	}
	defer in.Close()
	f.size = int64(min(z.UncompressedSize64, uint64(b.outer.opts.MaxArticle)))
	return b.run.readStream(f, zipped{in})
}

// zipped is a file in a zip archive, of which the errors say that it is damaged.
type zipped struct{ in io.Reader }

func (z zipped) Read(p []byte) (int, error) {
	n, err := z.in.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}
