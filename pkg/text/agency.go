package text

import (
	"regexp"

	"github.com/calque-dev/calque/pkg/article"
)

// agencyHead is how far into a text a dateline may stand, in bytes.
const agencyHead = 600

// dateline matches "(AFP)", "(Reuters)" and the like.
var dateline = regexp.MustCompile(
	`\((AFP|AP|Reuters|UPI|ANSA|EFE|dpa|DPA|PA Media|ATS|Belga|TASS|Xinhua|Kyodo|La Presse Canadienne|The Canadian Press)\)`)

// Agency is the news agency named in the dateline of an article, "" when there is
// none: "PARIS (AFP) –" tells who wrote it.
func Agency(a *article.Article) string {
	m := dateline.FindStringSubmatch(a.Text[:min(len(a.Text), agencyHead)])
	if m == nil {
		return ""
	}
	return m[1]
}
