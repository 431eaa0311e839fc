package lingua

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/calque-dev/calque/pkg/article"
	"github.com/calque-dev/calque/pkg/language"
)

func ExampleNew() {
	detector := language.FunctionWords{Fallback: New()}
	fmt.Println(detector.Detect("Gewitterwarnung Oberbayern"))
	fmt.Println(detector.Detect("Breaking: thunderstorm warning"))
	// Output:
	// de
	// en
}

func TestDetectsItsSevenLanguages(t *testing.T) {
	detector := New()
	for _, c := range []struct {
		want article.Language
		text string
	}{
		{"en", "Heavy thunderstorms expected throughout northern England"},
		{"fr", "Violents orages attendus aujourd'hui sur les côtes bretonnes"},
		{"de", "Schwere Gewitter werden heute Nachmittag über Norddeutschland erwartet"},
		{"es", "Fuertes tormentas llegarán mañana al norte peninsular español"},
		{"it", "Violenti temporali attesi nel pomeriggio sulle regioni settentrionali"},
		{"pt", "Trovoadas fortes são esperadas amanhã nas regiões do norte português"},
		{"nl", "Zware onweersbuien verwacht boven de noordelijke provincies vanmiddag"},
		{article.Unknown, "Сильные грозы ожидаются завтра"},
		{article.Unknown, "12 345 67,8"},
		{article.Unknown, ""},
	} {
		if got := detector.Detect(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPassageIsShortAndPrefersLetters(t *testing.T) {
	table := strings.Repeat("12:30 | 45 — 67 | ", 30)
	prose := strings.Repeat("Des orages éclateront sur toute la côte bretonne demain. ", 40)
	for name, text := range map[string]string{
		"empty": "", "short": "court", "prose": prose, "table": table, "table first": table + prose,
		"long": strings.Repeat(table, 1000) + prose, "invalid": strings.Repeat("\xff", 2000),
	} {
		got := passage(text)
		if n := utf8.RuneCountInString(got); n > window || !strings.Contains(text, got) {
			t.Errorf("%s: %d characters: %q", name, n, got)
		}
		if name == "table first" && !strings.Contains(got, "orages") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOneDetectorServesManyGoroutines(t *testing.T) {
	detector := New()
	answers := make(chan article.Language)
	for range 8 {
		go func() { answers <- detector.Detect("Violents orages attendus en Bretagne") }()
	}
	for range 8 {
		if got := <-answers; got != article.French {
			t.Errorf("%q", got)
		}
	}
}

func BenchmarkDetect(b *testing.B) {
	detector := New()
	text := "Violents orages attendus sur les côtes bretonnes ; les préfectures recommandent la prudence aux navigateurs, " +
		"tandis que plusieurs communes littorales ont décidé d'annuler leurs festivités nocturnes. Météorologues et " +
		"pompiers surveillent particulièrement les rivières finistériennes, gonflées après une quinzaine pluvieuse."
	detector.Detect(text)
	for b.Loop() {
		detector.Detect(text)
	}
}
