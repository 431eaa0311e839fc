package browser

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/calque-dev/calque/pkg/report/page"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var pageOptions = page.Options{Candidates: 123456}

// states are the main states of the page, and what shows when they are there.
var states = []struct{ name, hash, shown string }{
	{"overview", "#overview", `document.querySelector("#chart-chartDelays svg")`},
	{"pairs", "#pairs", `document.querySelector("#pair-list .row")`},
	{"pair", "#pairs?p=13", `document.querySelector("#pair .passage")`},
	{"aligned", "#pairs?p=13&aligned=1", `document.querySelector("#pair .aligned .passage")`},
	{"group", "#groups?g=3", `document.querySelector("#group .timeline svg")`},
}

// show goes to a state.
func (b *tab) show(hash, shown string) {
	b.Helper()
	b.do(`location.hash = "` + hash + `"`)
	b.wait(shown)
}

func TestStatesLookAsTheyDid(t *testing.T) {
	path := scanned(t)
	for _, looks := range []struct {
		name string
		circumstances
	}{{"light", circumstances{}}, {"dark", circumstances{dark: true}}, {"french", circumstances{language: "fr"}}} {
		b := open(t, path, looks.circumstances)
		for _, s := range states {
			b.show(s.hash, s.shown)
			name := s.name + "-" + looks.name
			compareLooks(t, name, b.picture(name))
		}
	}
}

// cell is the side of the squares that are compared, in pixels.
const cell = 40

// compareLooks compares a picture with its golden file. Fonts differ between machines, and
// with them every letter and many an end of a line; what must not differ is what lies behind
// the letters. So of every square the most frequent colour counts, in sixteen steps a
// channel, and nine squares in ten must have that of the golden file.
func compareLooks(t *testing.T, name string, picture []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	must(t, err)
	got := squares(img)
	golden := filepath.Join("testdata", name+".golden")
	if *update {
		must(t, os.MkdirAll("testdata", 0o777))
		must(t, os.WriteFile(golden, []byte(got), 0o666))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	x, y := strings.Fields(got), strings.Fields(string(want))
	if len(x) != len(y) {
		t.Fatalf("%s: %d squares, not %d", name, len(x), len(y))
	}
	same := 0
	for i := range x {
		if x[i] == y[i] {
			same++
		}
	}
	if 10*same < 9*len(x) {
		t.Errorf("%s: %d of %d squares have the colour that they had; go test -update rewrites it:\n%s", name, same, len(x), got)
	}
}

// squares is the most frequent colour of every square, a line of squares a line.
func squares(img image.Image) string {
	var b strings.Builder
	for y := img.Bounds().Min.Y; y+cell <= img.Bounds().Max.Y; y += cell {
		for x := img.Bounds().Min.X; x+cell <= img.Bounds().Max.X; x += cell {
			counts := map[string]int{}
			best := ""
			for i := range cell * cell {
				r, g, bl, _ := img.At(x+i%cell, y+i/cell).RGBA()
				c := fmt.Sprintf("%x%x%x", r>>12, g>>12, bl>>12)
				counts[c]++
				if counts[c] > counts[best] || counts[c] == counts[best] && c < best {
					best = c
				}
			}
			b.WriteString(best + " ")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestPartsStandWhereTheyMust(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs?p=13"})
	b.wait(`document.querySelector("#pair .passage")`)
	for what, rule := range map[string]string{
		"the header is on top, as wide as the page":       `box(".top").top === 0 && box(".top").width === innerWidth`,
		"the list stands at the left, the pair beside it": `box("#pair-list").left === 0 && box("#pair").left >= box("#pair-list").right - 1`,
		"the list and the pair reach the bottom":          `Math.abs(box("#pair-list").bottom - innerHeight) < 2 && Math.abs(box("#pair").bottom - innerHeight) < 2`,
		"both texts are as wide and begin level":          `Math.abs(box(".column:first-child .text").width - box(".column:last-child .text").width) < 3 && Math.abs(box(".column:first-child .text").top - box(".column:last-child .text").top) < 1`,
		"rows do not lie on each other":                   `[...document.querySelectorAll("#pair-list .row")].map((r) => r.getBoundingClientRect()).sort((p, q) => p.top - q.top).every((r, i, all) => !i || all[i - 1].bottom <= r.top + 1)`,
		"nothing is wider than the page":                  `document.documentElement.scrollWidth <= innerWidth && document.querySelector("#pair").scrollWidth <= document.querySelector("#pair").clientWidth`,
	} {
		if !ask[bool](b, `((box) => `+rule+`)((s) => document.querySelector(s).getBoundingClientRect())`) {
			t.Errorf("it does not hold that %s", what)
		}
	}
}

// contrast lists the texts that show with less contrast than WCAG's AA asks: 4.5, or 3 for
// large ones; and the bars and dots that stand out from their ground with less than 3.
const contrast = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
	const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
	const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => { const v = c[i] / 255; return sum + w * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); }, 0);
	const ratio = (x, y) => { const [a, b] = [light(x), light(y)].sort((p, q) => q - p); return (a + 0.05) / (b + 0.05); };
	const ground = (e) => { const stack = []; for (let n = e; n; n = n.parentElement) stack.push(rgba(getComputedStyle(n).backgroundColor)); return stack.reverse().reduce((g, c) => over(c, g), [255, 255, 255, 1]); };
	const bad = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || !e.offsetParent && !e.closest("svg") || e.closest("script, noscript, .sr, option") || !e.checkVisibility?.()) continue;
		const style = getComputedStyle(e), g = ground(e);
		const ink = over(rgba(e.closest("svg") ? style.fill : style.color), g);
		const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
		const r = ratio(ink, g);
		if (r < (large ? 3 : 4.5)) bad.add(r.toFixed(2) + " " + e.tagName + "." + e.getAttribute("class") + " " + n.data.slice(0, 30));
	}
	for (const e of document.querySelectorAll(".dot, rect.fill, .en, .other, .level, .for, .against")) {
		const style = getComputedStyle(e), svg = e.closest("svg");
		if (svg ? !svg.getClientRects().length : !e.offsetParent) continue;
		const g = ground(e.parentElement), r = ratio(over(rgba(svg ? style.fill : style.backgroundColor), g), g);
		if (r < 3) bad.add(r.toFixed(2) + " " + e.tagName + "." + e.getAttribute("class") + " " + (e.dataset.relation ?? e.parentElement.dataset.relation ?? ""));
	}
	return [...bad].join("\n");
})()`

func TestContrastIsEnoughForAA(t *testing.T) {
	path := scanned(t)
	for _, dark := range []bool{false, true} {
		b := open(t, path, circumstances{dark: dark})
		for _, s := range states {
			b.show(s.hash, s.shown)
			if bad := ask[string](b, contrast); bad != "" {
				t.Errorf("dark %v, %s:\n%s", dark, s.name, bad)
			}
		}
	}
}

func TestPaperShowsWhatIsOpenInFull(t *testing.T) {
	path := scanned(t)
	b := open(t, path, circumstances{dark: true, hash: "#pairs?p=13"})
	b.wait(`document.querySelector("#pair .passage")`)
	must(t, second(chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})))
	b.wait(`!document.querySelector(".top").offsetParent && !document.querySelector("#pair-list").offsetParent`)
	if ask[bool](b, `[...document.querySelectorAll("#pair .text")].some((e) => e.scrollHeight > e.clientHeight + 1)`) {
		t.Error("a text is cut off")
	}
	if ground := ask[string](b, `getComputedStyle(document.querySelector("#pair .columns")).backgroundColor`); ground != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s", ground)
	}
	b.picture("pair-print")
	b = open(t, path, circumstances{hash: "#pairs"})
	b.wait(rowsShown + " > 0")
	b.do(`dispatchEvent(new Event("beforeprint"))`)
	if n := ask[int](b, `document.querySelectorAll("#printed tbody tr").length`); n != 80 {
		t.Errorf("%d of 80 pairs are printed", n)
	}
	b.do(`dispatchEvent(new Event("afterprint"))`)
	b.wait(`!document.querySelector("#printed").firstChild`)
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	must(t, err)
	if !bytes.HasPrefix(pdf, []byte("%PDF")) || len(pdf) < 20_000 {
		t.Errorf("%d bytes of PDF", len(pdf))
	}
}
