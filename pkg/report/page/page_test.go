package page

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report"
	"github.com/calque-dev/calque/pkg/verdict"
)

const (
	hostile = "</script><script>owned()</script><img src=x onerror=owned()> <!-- \u2028 \u202e & 🚢𝔘"
	ferry   = "The ferry Aurélie 🚢 ran aground off Groix on Monday with 214 passengers on board, the coast guard said. " +
		"Nobody was injured, but the captain was questioned by the police for six hours. "
)

// pile is the fixtures and some articles that mean harm.
func pile(t testing.TB) []article.Article {
	t.Helper()
	var out []article.Article
	for a, err := range ingest.Read(t.Context(), []string{"../../../fixtures/stories"}, ingest.Options{}) {
		if err == nil { // the fixtures hold bad files on purpose
			out = append(out, a)
		}
	}
	return append(out,
		article.Article{ID: "x1" + hostile, Title: hostile, Source: hostile, Text: ferry + hostile, URL: "javascript:owned()"},
		article.Article{ID: "x2" + hostile, Text: hostile + "\n\n" + strings.Replace(ferry, "214", "215", 1) + hostile})
}

func scan(t testing.TB, articles []article.Article, workers int) *dedupe.Result {
	t.Helper()
	d, err := dedupe.New(dedupe.Options{Features: true, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	result, err := d.Scan(t.Context(), func(yield func(article.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = result.Close() })
	return result
}

func write(t testing.TB, p Pile, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(t.Context(), &b, p, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var block = regexp.MustCompile(`<script type="text/plain" data-table="([a-z]+)" data-from="([0-9]+)">([A-Za-z0-9+/=]+)</script>`)

// rows are the rows of a table, as the page's script reads them.
func rows[T any](t testing.TB, page, table string) (out []T) {
	t.Helper()
	for _, m := range block.FindAllStringSubmatch(page, -1) {
		if m[1] != table {
			continue
		}
		if m[2] != fmt.Sprint(len(out)) {
			t.Errorf("%s: a block says it begins at row %s, and does at %d", table, m[2], len(out))
		}
		packed, err := base64.StdEncoding.DecodeString(m[3])
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		var some []T
		if err := json.NewDecoder(r).Decode(&some); err != nil {
			t.Fatal(err)
		}
		out = append(out, some...)
	}
	return out
}

func TestPageHasEveryPairWithItsTexts(t *testing.T) {
	articles := pile(t)
	result := scan(t, articles, 2)
	page := write(t, result, Options{})
	byID := map[string]string{}
	for _, a := range articles {
		byID[a.ID] = a.Text
	}
	known, texts := rows[[]any](t, page, "articles"), rows[string](t, page, "texts")
	pairs, details := rows[[]int](t, page, "pairs"), rows[detail](t, page, "details")
	if len(known) != len(texts) || len(pairs) != len(details) {
		t.Fatalf("%d articles with %d texts, %d pairs with %d details", len(known), len(texts), len(pairs), len(details))
	}
	n := 0
	for c, err := range result.Explain(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		row, d := pairs[n], details[n]
		n++
		for side, id := range []string{c.A, c.B} {
			if got := known[row[side]][0]; got != id || texts[row[side]] != byID[id] {
				t.Errorf("pair %d: side %d is %q, not %q, or has another text", n, side, got, id)
			}
			if side == 0 {
				checkMarks(t, &c, &d, byID)
			}
			units := utf16.Encode([]rune(byID[id]))
			end := 0
			for i, p := range c.Passages {
				start := end + d.Passages[5*i+2*side]
				end = start + d.Passages[5*i+2*side+1]
				want := []article.Span{p.A, p.B}[side].Of(byID[id])
				if got := string(utf16.Decode(units[start:end])); got != want {
					t.Errorf("pair %d: passage %d is %q, not %q", n, i, got, want)
				}
			}
		}
		if verdict.Relations()[row[2]] != c.Relation || float64(row[3])/1e4 != report.Rounded(c.Score) {
			t.Errorf("pair %d: %v, not %v with %v", n, row, c.Relation, c.Score)
		}
		if want := [2][]string{report.Reasons(&c, "en"), report.Reasons(&c, "fr")}; !cmp.Equal(d.Reasons, want) {
			t.Errorf("pair %d: reasons %q", n, d.Reasons)
		}
		if (d.Copy == nil) != (c.Relation == verdict.Exact) {
			t.Errorf("pair %d: %v is explained by %v", n, c.Relation, d.Copy)
		}
	}
	if n != len(pairs) || n < 50 {
		t.Errorf("%d pairs on the page, %d found", len(pairs), n)
	}
}

// checkMarks checks that the marks of a pair cut out the words that they mark.
func checkMarks(t *testing.T, c *dedupe.Comparison, d *detail, texts map[string]string) {
	t.Helper()
	var want, got []string
	for side, id := range []string{c.A, c.B} {
		for _, x := range c.Agreements {
			for _, m := range [2][]dedupe.Mention{x.A, x.B}[side] {
				want = append(want, fmt.Sprint(4*side+int(x.Kind), m.Text))
			}
		}
		for _, x := range c.Conflicts {
			for _, m := range [2][]dedupe.Mention{x.A, x.B}[side] {
				want = append(want, fmt.Sprint(4*side+2+int(x.Kind), m.Text))
			}
		}
		units, end := utf16.Encode([]rune(texts[id])), 0
		for i := 0; i < len(d.Marks); i += 3 {
			if d.Marks[i+2]/markKinds == side {
				start := end + d.Marks[i]
				end = start + d.Marks[i+1]
				got = append(got, fmt.Sprint(d.Marks[i+2], string(utf16.Decode(units[start:end]))))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks of %s and %s (-want +got):\n%s", c.A, c.B, diff)
	}
}

func TestGroupsNameTheirArticles(t *testing.T) {
	result := scan(t, pile(t), 2)
	page := write(t, result, Options{})
	known := rows[[]any](t, page, "articles")
	groups := rows[[]json.RawMessage](t, page, "groups")
	n := 0
	for c := range result.Clusters() {
		var members []int
		var keep int
		if err := errors.Join(json.Unmarshal(groups[n][0], &members), json.Unmarshal(groups[n][1], &keep)); err != nil {
			t.Fatal(err)
		}
		for i, m := range c.Members {
			if known[members[i]][0] != result.ID(m) {
				t.Errorf("group %d: member %v, not %s", n, known[members[i]][0], result.ID(m))
			}
		}
		if known[keep][0] != result.ID(c.Canonical) {
			t.Errorf("group %d keeps %v, not %s", n, known[keep][0], result.ID(c.Canonical))
		}
		n++
	}
	if n != len(groups) || n == 0 {
		t.Errorf("%d groups on the page, %d found", len(groups), n)
	}
}

func TestTextsAreNeverMarkup(t *testing.T) {
	page := write(t, scan(t, pile(t), 2), Options{Rejected: []error{errors.New(hostile), &ingest.Reject{Origin: hostile, ID: hostile, Err: errors.New(hostile)}}})
	if strings.Contains(page, "owned") || strings.Contains(page, "onerror") {
		t.Error("an article's text stands in the page as it is")
	}
	if got, want := strings.Count(page, "<script"), len(block.FindAllString(page, -1))+1; got != want {
		t.Errorf("%d script elements, want %d", got, want)
	}
	if n := strings.Count(strings.ToLower(page), "</script"); n != strings.Count(page, "<script") {
		t.Errorf("%d ends of scripts", n)
	}
}

func TestPolicyAllowsNothingButThePage(t *testing.T) {
	page := write(t, scan(t, nil, 1), Options{})
	m := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no policy")
	}
	between := func(from, to string) string {
		_, s, _ := strings.Cut(page, from)
		s, _, _ = strings.Cut(s, to)
		return s
	}
	script, style := hashOf(between("<script>", "</script>")), hashOf(between("<style>", "</style>"))
	want := "default-src 'none'; script-src " + script + "; style-src " + style + "; base-uri 'none'; form-action 'none'"
	if m[1] != want {
		t.Errorf("policy %q, want %q", m[1], want)
	}
	if found := regexp.MustCompile(`(src|href)="(https?:)?//|@import|url\(`).FindString(page); found != "" {
		t.Errorf("the page loads: %s", found)
	}
	if found := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`).FindString(page); found != "" {
		t.Errorf("the script parses markup or code: %s", found)
	}
	if found := regexp.MustCompile(` (style|on[a-z]+)="`).FindString(between("<body", "</body>")); found != "" {
		t.Errorf("the policy forbids%s", found)
	}
}

func TestSameResultGivesTheSamePage(t *testing.T) {
	articles := pile(t)
	rejected := []error{&ingest.Reject{Origin: "b", Err: errors.New("no text")}, &ingest.Reject{Origin: "a", Err: errors.New("no text")}}
	one := write(t, scan(t, articles, 1), Options{Rejected: rejected})
	slices.Reverse(articles)
	slices.Reverse(rejected)
	if three := write(t, scan(t, articles, 3), Options{Rejected: rejected}); one != three {
		t.Error("the page depends on the number of workers or on the order of input")
	}
}

func TestPageOfNothingIsAPage(t *testing.T) {
	page := write(t, scan(t, nil, 1), Options{})
	if s := rows[summary](t, page, "summary"); len(s) != 1 || s[0].Articles != 0 || len(s[0].Relations) != len(verdict.Relations()) {
		t.Errorf("summary %+v", s)
	}
	if !strings.HasSuffix(page, "</body>\n</html>\n") {
		t.Error("the page does not end")
	}
}

func TestRejectsAreListed(t *testing.T) {
	page := write(t, scan(t, nil, 1), Options{Rejected: []error{errors.New("second"), &ingest.Reject{Origin: "feed:2", ID: "x", Err: errors.New("no text")}}})
	want := [][3]string{{"", "", "second"}, {"feed:2", "x", "no text"}}
	if diff := cmp.Diff(want, rows[[3]string](t, page, "rejects")); diff != "" {
		t.Error(diff)
	}
}

// long is a Pile of so many pairs of long articles.
type long int

func (l long) Len() int        { return 2 * int(l) }
func (l long) ID(i int) string { return fmt.Sprintf("%06d", i) }
func (l long) Article(i int) (article.Article, error) {
	return article.Article{ID: l.ID(i), Text: strings.Repeat(fmt.Sprintf("The harbour of town %d opened at dawn. ", i), 1000)}, nil
}
func (l long) Clusters() iter.Seq[cluster.Cluster] { return func(func(cluster.Cluster) bool) {} }
func (l long) Pairs() iter.Seq[dedupe.Pair] {
	return func(yield func(dedupe.Pair) bool) {
		for i := 0; i < l.Len() && yield(dedupe.Pair{A: l.ID(i), B: l.ID(i + 1), Relation: verdict.Exact, Score: 1}); i += 2 {
		}
	}
}
func (l long) Explain(context.Context) iter.Seq2[dedupe.Comparison, error] {
	return func(yield func(dedupe.Comparison, error) bool) {
		for p := range l.Pairs() {
			if !yield(dedupe.Comparison{Pair: p}, nil) {
				return
			}
		}
	}
}

func TestLongTablesAreCutIntoBlocks(t *testing.T) {
	page := write(t, long(40), Options{})
	blocks := 0
	for _, m := range block.FindAllStringSubmatch(page, -1) {
		if m[1] == "texts" {
			blocks++
		}
	}
	texts := rows[string](t, page, "texts")
	if len(texts) != 80 || blocks < 8 || blocks > 40 {
		t.Fatalf("%d texts in %d blocks", len(texts), blocks)
	}
	for i, text := range texts {
		if want, _ := long(40).Article(i); text != want.Text {
			t.Errorf("text %d is another one", i)
		}
	}
}

// failing is a writer that takes so many bytes.
type failing struct{ left int }

var errFull = errors.New("no space left")

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestErrorsOfTheWriterAreReturned(t *testing.T) {
	result := scan(t, pile(t), 2)
	whole := len(write(t, result, Options{}))
	for _, room := range []int{0, 1 << 16, whole / 2, whole - 1} {
		if err := Write(t.Context(), &failing{room}, result, Options{}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, whole, err)
		}
	}
}

// odd is a Pile whose pairs are explained otherwise.
type odd struct {
	*dedupe.Result
	explain iter.Seq2[dedupe.Comparison, error]
}

func (o odd) Explain(context.Context) iter.Seq2[dedupe.Comparison, error] { return o.explain }

func TestPairsOfUnknownArticlesAreAnError(t *testing.T) {
	p := odd{scan(t, pile(t), 1), func(yield func(dedupe.Comparison, error) bool) {
		yield(dedupe.Comparison{Pair: dedupe.Pair{A: "nobody", B: "knows"}}, nil)
	}}
	if err := Write(t.Context(), io.Discard, p, Options{}); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("error %v", err)
	}
}

func TestWritingEndsWithItsContext(t *testing.T) {
	result := scan(t, pile(t), 1)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Write(ctx, io.Discard, result, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestHeadlinesAreTitlesOrFirstLines(t *testing.T) {
	long := strings.Repeat("é", 200)
	for _, c := range []struct{ title, text, want string }{
		{" Rates cut ", "x", "Rates cut"},
		{"", "\nFirst line\nsecond", "First line"},
		{"", long, strings.Repeat("é", longestHeadline) + "…"},
		{"", long[:2*longestHeadline], long[:2*longestHeadline]},
		{"", "", ""},
	} {
		if got := headline(&article.Article{Title: c.title, Text: c.text}); got != c.want {
			t.Errorf("%q, %q: %q", c.title, c.text, got)
		}
	}
}
