package page

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"

	"github.com/klauspost/compress/gzip"
)

// blockSize is the number of bytes of JSON from which a block is full. A pair that is opened
// has at most four blocks unpacked, and a page with 100 MB of texts has some hundred.
const blockSize = 1 << 18

// table writes rows in blocks. A block is
//
//	<script type="text/plain" data-table="NAME" data-from="NUMBER OF ITS FIRST ROW">BASE64</script>
//
// where the base64 is that of a gzip stream of a JSON array of rows.
type table struct {
	out    *bufio.Writer
	name   string
	rows   int
	from   int
	raw    bytes.Buffer
	encode *json.Encoder
	packed bytes.Buffer
	packer *gzip.Writer
}

func newTable(out *bufio.Writer, name string) *table {
	t := &table{out: out, name: name}
	t.encode = json.NewEncoder(&t.raw)
	t.encode.SetEscapeHTML(false)
	return t
}

// add adds a row.
func (t *table) add(row any) error {
	separator := byte(',')
	if t.raw.Len() == 0 {
		separator = '['
	}
	t.raw.WriteByte(separator)
	if err := t.encode.Encode(row); err != nil {
		return err
	}
	t.raw.Truncate(t.raw.Len() - 1) // the encoder ends a line
	t.rows++
	if t.raw.Len() >= blockSize {
		return t.flush()
	}
	return nil
}

// flush writes the block, if it has rows.
func (t *table) flush() error {
	if t.raw.Len() == 0 {
		return nil
	}
	t.raw.WriteByte(']')
	t.packed.Reset()
	if t.packer == nil {
		t.packer = gzip.NewWriter(&t.packed)
	} else {
		t.packer.Reset(&t.packed)
	}
	if _, err := t.packer.Write(t.raw.Bytes()); err != nil {
		return err
	}
	if err := t.packer.Close(); err != nil {
		return err
	}
	t.raw.Reset()
	fmt.Fprintf(t.out, "<script type=\"text/plain\" data-table=\"%s\" data-from=\"%d\">", t.name, t.from)
	base := base64.NewEncoder(base64.StdEncoding, t.out)
	if _, err := base.Write(t.packed.Bytes()); err != nil {
		return err
	}
	if err := base.Close(); err != nil {
		return err
	}
	t.from = t.rows
	_, err := t.out.WriteString("</script>\n")
	return err
}

// closeTables writes what is left of tables.
func closeTables(tables ...*table) error {
	for _, t := range tables {
		if err := t.flush(); err != nil {
			return err
		}
	}
	return nil
}

// parts is a share in ten-thousandths.
func parts(share float64) int { return int(math.Round(share * 1e4)) }

// rounded is a number with four digits after the point.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
