package browser

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var pictures = flag.String("pictures", "", "write screenshots of the main states to the `FOLDER`, to be looked at")

// patience is how long a state may take to show. It bounds a test that fails, and measures
// nothing.
const patience = 60 * time.Second

var browserContext context.Context

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		path := ""
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
			if found, err := exec.LookPath(name); err == nil {
				path = found
				break
			}
		}
		if path == "" {
			return m.Run()
		}
		allocator, end := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1360, 900))...)
		defer end()
		ctx, stop := chromedp.NewContext(allocator)
		defer stop()
		if err := chromedp.Do(ctx); err != nil {
			panic(err)
		}
		browserContext = ctx
		return m.Run()
	}())
}

// tab is a page in the browser.
type tab struct {
	testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string // errors and warnings of the console
	requests []string // for anything but the page
}

// circumstances are those of a reader. The zero value is an English reader who likes light.
type circumstances struct {
	language string
	dark     bool
	script   string // run before the page's own
	width    int64
	hash     string
}

// open opens a page from disk and waits until it shows. When the test ends, nothing may have
// been requested, and the console must be empty.
func open(t testing.TB, path string, c circumstances) *tab {
	t.Helper()
	if browserContext == nil {
		t.Skip("no Chromium on this machine: the page is not tested in a browser")
	}
	ctx, end := chromedp.NewContext(browserContext)
	ctx, stop := context.WithTimeout(ctx, 4*patience)
	b := &tab{TB: t, ctx: ctx}
	t.Cleanup(func() {
		b.quiet()
		stop()
		end()
	})
	must(t, chromedp.Listen(ctx, b.hear))
	language, scheme, width := "en-US", "light", int64(1360)
	if c.language != "" {
		language = c.language
	}
	if c.dark {
		scheme = "dark"
	}
	if c.width > 0 {
		width = c.width
	}
	must(t, second(chromedp.Call(ctx, network.Enable, network.EnableParams{})))
	must(t, second(chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})))
	quoted, _ := json.Marshal(language)
	script := "Object.defineProperty(navigator, 'language', {get: () => " + string(quoted) + "});" +
		"Object.defineProperty(navigator, 'languages', {get: () => [" + string(quoted) + "]});" +
		"try { localStorage.clear() } catch {}" + c.script
	must(t, second(chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})))
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+path+c.hash)))
	b.wait(`document.body.dataset.state === "open"`)
	return b
}

func second[T any](_ T, err error) error { return err }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hear notes what must not happen.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://") || !strings.HasSuffix(strings.SplitN(e.Request.URL, "#", 2)[0], ".html") {
			b.requests = append(b.requests, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		text, _ := json.Marshal(e.ExceptionDetails)
		b.problems = append(b.problems, string(text))
	case *runtime.EventConsoleAPICalled:
		text, _ := json.Marshal(e.Args)
		b.problems = append(b.problems, string(text))
	default:
		if text, err := json.Marshal(event); err == nil && strings.Contains(string(text), `"source":"security"`) {
			b.problems = append(b.problems, string(text))
		}
	}
}

// quiet fails the test if something was requested or complained about.
func (b *tab) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.Errorf("console: %s", p)
	}
	for _, r := range b.requests {
		b.Errorf("requested %s", r)
	}
}

// ask evaluates an expression.
func ask[T any](b *tab, expression string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return value
}

// do evaluates a statement for its effect.
func (b *tab) do(statement string) {
	b.Helper()
	ask[bool](b, "(() => {"+statement+"; return true})()")
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(patience), chromedp.WithPollingInterval(20*time.Millisecond)))
	if err != nil {
		b.Fatalf("never true: %s: %v", expression, err)
	}
}

// press presses keys one after another: characters, or names such as kb.Enter. A character
// that a page takes as a command is not typed, as with a real keyboard: it is one event.
func (b *tab) press(keys ...string) {
	b.Helper()
	for _, k := range keys {
		if k[0] < ' ' || k[0] > '~' {
			must(b, chromedp.Do(b.ctx, chromedp.KeyEvent(k)))
			continue
		}
		for _, e := range []input.DispatchKeyEventParams{
			{Type: input.DispatchKeyEventTypeKeyDown, Key: k, Text: k}, {Type: input.DispatchKeyEventTypeKeyUp, Key: k},
		} {
			must(b, second(chromedp.Call(b.ctx, input.DispatchKeyEvent, e)))
		}
	}
}

func (b *tab) click(selector string) {
	b.Helper()
	must(b, chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector))))
}

// typeIn empties a field and types.
func (b *tab) typeIn(text string) {
	b.Helper()
	b.press(kb.End)
	must(b, chromedp.Do(b.ctx, chromedp.KeyEvent(text)))
}

// picture takes a picture of what shows, and stores it if it was asked for.
func (b *tab) picture(name string) []byte {
	b.Helper()
	b.do("document.fonts.ready")
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	must(b, err)
	if *pictures != "" {
		must(b, os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o666))
	}
	return png
}
