package store

import (
	blevean "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
	"github.com/calque-dev/calque/pkg/article"
)

// newMapping tells bleve's queries how the fields are indexed. Documents do not go
// through it.
func newMapping() *mapping.IndexMappingImpl {
	return analysis.Mapping()
}

// plan is what a mapping says of the fields, looked up once.
type plan struct {
	analyzers map[string]blevean.Analyzer           // of the text fields
	options   map[string]index.FieldIndexingOptions // of the fields of one term
}

func planOf(m mapping.IndexMapping) plan {
	p := plan{analyzers: make(map[string]blevean.Analyzer), options: make(map[string]index.FieldIndexingOptions)}
	for _, l := range []article.Language{article.English, article.French, article.Unknown} {
		for _, name := range []string{analysis.TitleField(l), analysis.TextField(l)} {
			p.analyzers[name] = m.AnalyzerNamed(m.AnalyzerNameForPath(name))
		}
	}
	for _, name := range []string{
		analysis.Language, analysis.Source, analysis.URL, analysis.Agency, analysis.Cluster, analysis.Published,
	} {
		f := m.FieldMappingForPath(name)
		p.options[name] = f.Options()
	}
	return p
}
