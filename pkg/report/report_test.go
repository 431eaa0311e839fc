package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/calque-dev/calque/pkg/align"
	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/cluster"
	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/verdict"
)

// pile is pairs with all that may be difficult: a group of three, a pair that is only
// related, long and wide and quoted and hostile ids, an unknown language.
var pile = []dedupe.Pair{
	{
		A: "afp/2024/05/bank-fr.txt", B: "reuters/2024/05/bank-en.txt", Relation: verdict.Translation, Score: 0.99349,
		Languages: [2]article.Language{"fr", "en"}, Coverage: [2]float64{0.97004, 1},
		Passages: []align.Passage{
			{A: article.Span{Start: 0, End: 214}, B: article.Span{Start: 0, End: 260}, Similarity: 0.712345},
			{A: article.Span{Start: 215, End: 300}, B: article.Span{Start: 261, End: 350}, Similarity: 0.5},
		},
	},
	{
		A: "afp/2024/05/bank-fr.txt", B: "site:bank", Relation: verdict.PartialTranslation, Score: 0.5,
		Languages: [2]article.Language{"fr", "en"}, Coverage: [2]float64{0.3, 1},
	},
	{
		A: "dépêche, « n° 3 »", B: "say \"no\" <b>&", Relation: verdict.Related, Score: 0.71,
		Languages: [2]article.Language{"fr", article.Unknown}, Coverage: [2]float64{0.2, 0.05},
	},
	{
		A: "evil\x1b[2Jid", B: "evil\x1b[2Jid\nsecond", Relation: verdict.Exact, Score: 1,
		Languages: [2]article.Language{"en", "en"}, Coverage: [2]float64{1, 1},
	},
	{
		A: "記事/東京/0001", B: "記事/東京/0002", Relation: verdict.NearDuplicate, Score: 0.99996,
		Languages: [2]article.Language{"ja", "ja"}, Coverage: [2]float64{0.999, 0.98},
	},
}

func Example() {
	pairs := []dedupe.Pair{{
		A: "bank-en", B: "bank-fr", Relation: verdict.Translation, Score: 0.9934,
		Languages: [2]article.Language{article.English, article.French}, Coverage: [2]float64{0.97, 0.95},
	}}
	var out strings.Builder
	for _, format := range []Format{Table, JSONLines, CSV} {
		if err := Pairs(&out, slices.Values(pairs), Options{Format: format}); err != nil {
			panic(err)
		}
	}
	fmt.Print(out.String())
	// Output:
	// RELATION     SCORE  COVERAGE   LANG   A        B
	// translation  0.993   97%  95%  en fr  bank-en  bank-fr
	// {"a":"bank-en","b":"bank-fr","relation":"translation","score":0.9934,"languages":["en","fr"],"coverage":[0.97,0.95]}
	// a,b,relation,score,language_a,language_b,coverage_a,coverage_b
	// bank-en,bank-fr,translation,0.9934,en,fr,0.97,0.95
}

func TestPairsInEveryFormat(t *testing.T) {
	for name, o := range map[string]Options{
		"table":           {Format: Table},
		"table-80":        {Format: Table, Screen: Screen{Width: 80}},
		"table-40-colour": {Format: Table, Screen: Screen{Width: 40, Colours: true}},
		"jsonl":           {Format: JSONLines},
		"jsonl-passages":  {Format: JSONLines, Passages: true},
		"csv":             {Format: CSV},
	} {
		golden(t, "pairs-"+name, func(w io.Writer) error { return Pairs(w, slices.Values(pile), o) })
	}
}

func TestNoPairsInEveryFormat(t *testing.T) {
	for _, f := range []Format{Table, JSONLines, CSV} {
		golden(t, "no-pairs-"+f.String(), func(w io.Writer) error {
			return Pairs(w, slices.Values([]dedupe.Pair(nil)), Options{Format: f})
		})
	}
}

func TestFormatNamesRoundTrip(t *testing.T) {
	for _, f := range []Format{Table, JSONLines, CSV} {
		if got, err := ParseFormat(f.String()); got != f || err != nil {
			t.Errorf("ParseFormat(%q) = %v, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("xml"); err == nil {
		t.Error("xml is a format")
	}
}

func TestClustersAndKept(t *testing.T) {
	articles := []article.Article{{ID: "a<1>"}, {ID: "b"}, {ID: "c"}, {ID: "d é", Text: "PARIS (Agence France-Presse) – Le bac a coulé."}, {ID: "e"}}
	clusters := slices.Values([]cluster.Cluster{
		{Members: []int{0, 2}, Canonical: 2, Weakest: cluster.Edge{A: 0, B: 2, Relation: verdict.Exact, Score: 1}},
		{Members: []int{3, 4}, Canonical: 3, Weakest: cluster.Edge{A: 3, B: 4, Relation: verdict.Reworded, Score: 0.87654}},
	})
	golden(t, "clusters", func(w io.Writer) error { return Clusters(w, Slice(articles), clusters) })
	golden(t, "kept", func(w io.Writer) error { return Kept(w, Slice(articles), clusters) })
}

func TestRejectsKeepOriginIDAndReason(t *testing.T) {
	rejected := []error{
		&ingest.Reject{Origin: "feed.jsonl:14", ID: "afp-3", Err: ingest.ErrNoText},
		&dedupe.DuplicateError{ID: "x", Origin: "feed.jsonl:15"},
		fmt.Errorf("wrapped: %w", &ingest.Reject{Origin: "a & b.txt", Err: ingest.ErrEmptyFile}),
		errors.New("something else"),
	}
	golden(t, "rejects", func(w io.Writer) error { return Rejects(w, slices.Values(rejected)) })
}

// failing is a writer without room.
type failing struct{}

var errFull = errors.New("no space left")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWritersReturnTheWritersError(t *testing.T) {
	many := slices.Repeat(pile, 100)
	for _, f := range []Format{Table, JSONLines, CSV} {
		if err := Pairs(failing{}, slices.Values(many), Options{Format: f}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", f, err)
		}
	}
}
