package ingest

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/calque-dev/calque/pkg/article"
)

func TestTableRowsAreArticles(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		want                []string
	}{
		{"plain", "a.csv", "id,title,text\nx,T,Body\ny,,More\n", []string{"x|T|Body", "y||More"}},
		{"columns in any order, others between", "a.csv", "n,text,id\n1,A,x\n", []string{"x||A"}},
		{"no id: the line", "a.csv", "title,text\n\nT,A\nT,\"B\nB\"\nT,C", []string{"a.csv:3|T|A", "a.csv:4|T|B\nB", "a.csv:6|T|C"}},
		{"a blank id is none", "a.csv", "id,text\n  ,A\n", []string{"a.csv:2||A"}},
		{"one column", "a.csv", "text\nA\n\nB\n", []string{"a.csv:2||A", "a.csv:4||B"}},
		{"quotes, doubled and with delimiters", "a.csv", "id,text\nx,\"He said \"\"no\"\", twice\"\n", []string{`x||He said "no", twice`}},
		{"a quote inside an unquoted cell", "a.csv", "id,text\nx,A 5\" screen\n", []string{`x||A 5" screen`}},
		{"CRLF", "a.csv", "id,text\r\nx,A\r\ny,\"B\r\nB\"\r\n", []string{"x||A", "y||B\nB"}},
		{"CR", "a.csv", "id,text\rx,A\ry,B\r", []string{"x||A", "y||B"}},
		{"a byte-order mark", "a.csv", "\ufefftext,id\nA,x\n", []string{"x||A"}},
		{"semicolons", "a.csv", "id;title;text\nx;T, U;A, B\n", []string{"x|T, U|A, B"}},
		{"semicolons although the header has more commas", "a.csv", "a,b,c,d;text;id\n1;A;x\n", []string{"x||A"}},
		{"tabs in a .csv", "a.csv", "id\ttext\nx\tA, B\n", []string{"x||A, B"}},
		{"a stated delimiter", "a.csv", "sep=#\r\nid#text\r\nx#A\r\n", []string{"x||A"}},
		{"TSV", "a.tsv", "id\ttext\nx\tA, B; C\n", []string{"x||A, B; C"}},
		{"TSV that does not quote", "a.tsv", "id\ttext\tn\nx\t\"No,\" he said.\t1\ny\t\"Quoted\ttab\"\t2\n", []string{`x||"No," he said.`, "y||Quoted\ttab"}},
		{"TSV in UTF-16, as spreadsheets write it", "a.tab", "\xff\xfe" + utf16LE("id\ttext\nx\té\n"), []string{"x||é"}},
		{"Windows-1252, row by row", "a.csv", "id,text\nx,gr\xe8ve\ny,\xe9t\xe9\nz,été\n", []string{"x||grève", "y||été", "z||été"}},
		{"a header in Windows-1252", "a.csv", "\xe9t\xe9,text\n1,A\n", []string{"a.csv:2||A"}},
		{"packed", "a.csv.gz", gzipped("text\nA\n"), []string{"a.csv.gz:2||A"}},
		{"no name, but a header", "-", "id;text\nx;A\n", []string{"x||A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, input := "", "-"
			if c.file != "-" {
				dir = tree(t, map[string]string{c.file: c.content})
				input = dir
			}
			articles, rejects := outcome(t, dir, Options{Stdin: strings.NewReader(c.content)}, input)
			want(t, articles, c.want...)
			want(t, rejects)
		})
	}
}

func TestTableColumnsFollowTheFieldMap(t *testing.T) {
	dir := tree(t, map[string]string{"a.csv": "Corps,Titre,Langue,Lien,Journal,Date,n\nA,T,fr,https://example.org/1,Le Jour,2024-05-02,1\n"})
	got, rejects := collect(t, Options{Fields: map[string]string{"text": "Corps", "title": "Titre", "lang": "Langue", "url": "Lien",
		"source": "Journal", "published": "Date", "id": "n"}}, dir)
	want := []article.Article{{ID: "1", Title: "T", Text: "A", Language: "fr", URL: "https://example.org/1", Source: "Le Jour",
		Published: time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC), Origin: dir + "/a.csv:2"}}
	if diff := cmp.Diff(want, got); diff != "" || len(rejects) > 0 {
		t.Errorf("%s\n%v", diff, rejects)
	}
}

func TestTableRowsAreRejectedWithTheirLine(t *testing.T) {
	large := strings.Repeat("x", 3*windowSize)
	for _, c := range []struct {
		name, content     string
		articles, rejects []string
	}{
		{"ragged", "id,text\nx,A\ny\nz,B,C\nw,D\n", []string{"x||A", "w||D"},
			[]string{"a.csv:3: broken table: 1 cells in a row, 2 in the header", "a.csv:4: broken table: 3 cells in a row, 2 in the header"}},
		{"no text", "id,text\nx,\ny, \nz,A\n", []string{"z||A"}, []string{"a.csv:2: empty text", "a.csv:3: empty text"}},
		{"after a closing quote", "id,text\nx,\"A\nB\"C\ny,D\n", []string{"y||D"}, []string{"a.csv:2: broken table: line 3: 'C' after a closing quote"}},
		{"a quote that never closes", "id,text\nx,\"A\ny,B\n", []string{"y||B"},
			[]string{"a.csv:2: broken table: line 2: a quote that opens here is never closed"}},
		{"too large", "id,text\nx,\"" + large + "\n\"\"" + large + "\"\ny,A\nz," + large + "\nw,B\n", []string{"y||A", "w||B"},
			[]string{"a.csv:2: article too large", "a.csv:5: article too large"}},
		{"no text column", "id;Text;b\nx;A;\n", nil, []string{`a.csv: no column "text"; the columns are "id", "Text", "b"; map text to "Text"`}},
		{"a header only", "id,text\n\n", nil, []string{"a.csv: empty text"}},
		{"blank lines only", "\n\r\n\n", nil, []string{"a.csv: empty text"}},
		{"a broken header", "id,\"te\"xt\nx,A\n", nil, []string{`a.csv: no column "text"; the columns are "id,\"te\"xt"`}},
		{"zero bytes at the head", "id,\x00text\nx,A\n", nil, []string{"a.csv: not a text file"}},
		{"zero bytes", "id,text\nx,\x00\ny,B\n", []string{"y||B"}, []string{"a.csv:2: not a text file"}},
		{"no table", strings.Repeat("x", maxHeader+3), nil, []string{"a.csv: broken table: a header of over 1048576 bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a.csv": c.content})
			articles, rejects := outcome(t, dir, Options{MaxArticle: 2 * windowSize}, dir)
			want(t, articles, c.articles...)
			want(t, rejects, c.rejects...)
		})
	}
}

func TestTableStreamThatFailsIsRejectedWhereItFails(t *testing.T) {
	articles, rejects := outcome(t, "", Options{Stdin: fails("id,text\nx,A\ny,B")}, "-")
	want(t, articles, "x||A")
	want(t, rejects, "stdin:3: disk on fire")
}

func TestTextThatBeginsWithAListIsNoTable(t *testing.T) {
	for _, content := range []string{"Bread, butter, text\nand more", "text\nA", "Title, text and picture\nby us", ",text\nA"} {
		_, rejects := outcome(t, "", Options{Stdin: strings.NewReader(content)}, "-")
		articles, _ := collect(t, Options{Stdin: strings.NewReader(content)}, "-")
		if content == "Bread, butter, text\nand more" {
			continue // the one first line that is taken for a header
		}
		if len(rejects) > 0 || len(articles) != 1 || articles[0].Text != content {
			t.Errorf("%q: %v, %v", content, articles, rejects)
		}
	}
}

// cells draws texts for cells, with all that needs quoting.
func cells(t *rapid.T, n int) []string {
	return rapid.SliceOfN(rapid.StringMatching(`[a-zé ",;\n\t]{1,8}`), n, n).Draw(t, "cells")
}

func TestTablesAreReadAsEncodingCSVWritesThem(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.Comma = rapid.SampledFrom([]rune(delimiters)).Draw(rt, "comma")
		w.UseCRLF = rapid.Bool().Draw(rt, "crlf")
		n := rapid.IntRange(0, 4).Draw(rt, "columns")
		header := []string{"text", "id"}
		for i := range n {
			header = append(header, "c"+string(rune('0'+i)))
		}
		if err := w.Write(header); err != nil {
			rt.Fatal(err)
		}
		var wanted []string
		for range rapid.IntRange(1, 5).Draw(rt, "rows") {
			row := cells(rt, n+2)
			row[0], row[1] = "A"+row[0], "i"+row[1]+"d"
			if err := w.Write(row); err != nil {
				rt.Fatal(err)
			}
			wanted = append(wanted, row[1]+"||"+row[0])
		}
		w.Flush()
		for _, in := range []io.Reader{strings.NewReader(out.String()), iotest.OneByteReader(strings.NewReader(out.String()))} {
			articles, rejects := outcome(t, "", Options{Stdin: in}, "-")
			if diff := cmp.Diff(wanted, articles); diff != "" || len(rejects) > 0 {
				rt.Fatalf("%q: %v\n%s", out.String(), rejects, diff)
			}
		}
	})
}

func TestWhatIsReadOfATableDoesNotDependOnTheChunks(t *testing.T) {
	pieces := []string{"\n", "\r\n", "\r", ",", "\"", "\"\"", "x", "é", "\xe8", "a,b\n", "x,\"A\nB\"\n", strings.Repeat("long ", 500), "\t"}
	rapid.Check(t, func(rt *rapid.T) {
		content := rapid.SampledFrom([]string{"id,text\n", "id\ttext\r\n"}).Draw(rt, "header") +
			strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(rt, "pieces"), "")
		var first []string
		for i, in := range []io.Reader{strings.NewReader(content), iotest.OneByteReader(strings.NewReader(content)),
			iotest.HalfReader(strings.NewReader(content))} {
			articles, rejects := outcome(t, "", Options{Stdin: in, MaxArticle: 2000}, "-")
			got := append(articles, rejects...)
			if i == 0 {
				first = got
			} else if diff := cmp.Diff(first, got); diff != "" {
				rt.Fatalf("%q:\n%s", content, diff)
			}
		}
	})
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{"id,text\nx,A\n", "text;id\r\n\"A\"\"\";x", "sep=|\ntext|id\n\"A\n", "text\rA\r\"B\"C\rD", "\ufefftext\tid\n\"A\tB\"\t1",
		"text,id\n\"A", "text,id\n\"A\"\nB,\xe8"} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, content []byte, tabs bool) {
		kind := formatCSV
		if tabs {
			kind = formatTSV
		}
		lines := bytes.Count(content, []byte("\n")) + bytes.Count(content, []byte("\r")) + 1
		if seen := readAs(t, file{format: kind, packing: packingNone}, content); seen == 0 || seen > lines {
			t.Fatalf("%d outcomes of %d lines", seen, lines)
		}
	})
}
