package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/calque-dev/calque/pkg/archive"
	"github.com/calque-dev/calque/pkg/article"
)

// jsonStats are archive.Stats as they stand in JSON.
type jsonStats struct {
	Articles    int                      `json:"articles"`
	Languages   map[article.Language]int `json:"languages"` // "": unknown
	Texts       int                      `json:"texts"`
	Sources     int                      `json:"sources"`
	Compared    int                      `json:"compared"`
	TextBytes   int64                    `json:"text_bytes"`
	DiskBytes   int64                    `json:"disk_bytes"`
	Format      int                      `json:"format"`
	Fingerprint string                   `json:"fingerprint"`
}

// ArchiveStatsJSON writes what an archive holds as one JSON object.
func ArchiveStatsJSON(w io.Writer, s *archive.Stats) error {
	return newEncoder(w).Encode(jsonStats{
		Articles: s.Articles, Languages: s.Languages, Texts: s.Texts, Sources: s.Sources, Compared: s.Compared,
		TextBytes: s.TextBytes, DiskBytes: s.DiskBytes, Format: s.Format, Fingerprint: s.Fingerprint,
	})
}

// ArchiveStats writes what an archive holds as a table.
func ArchiveStats(w io.Writer, s *archive.Stats) error {
	out := bufio.NewWriter(w)
	line := func(name, value, note string) {
		if note != "" {
			note = "  " + note
		}
		fmt.Fprintf(out, "%-12s  %12s%s\n", name, value, note)
	}
	number := func(n int) string { return fmt.Sprint(n) }
	line("articles", number(s.Articles), "")
	for _, l := range slices.SortedFunc(maps.Keys(s.Languages), func(a, b article.Language) int {
		return cmp.Or(cmp.Compare(s.Languages[b], s.Languages[a]), cmp.Compare(a, b))
	}) {
		line("  "+languageCode(l), number(s.Languages[l]), "in "+languageName(l))
	}
	line("texts", number(s.Texts), "that differ in more than spacing and punctuation")
	line("sources", number(s.Sources), "")
	line("compared", number(s.Compared), "pairs of texts, worth remembering")
	line("text", Bytes(s.TextBytes), "")
	line("disk", Bytes(s.DiskBytes), "")
	line("format", number(s.Format), "")
	fmt.Fprintf(out, "%-12s  %s\n", "made with", s.Fingerprint)
	return out.Flush()
}

// Bytes is a size for people, in units of a thousand: "1.2 MB".
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, unit := float64(n), 0
	for size >= 999.5 && unit < 4 {
		size /= 1000
		unit++
	}
	if size < 9.95 {
		return fmt.Sprintf("%.1f %cB", size, " kMGT"[unit])
	}
	return fmt.Sprintf("%.0f %cB", size, " kMGT"[unit])
}
