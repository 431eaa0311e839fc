package store

import (
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/analysis"
)

// newMapping tells bleve's queries how the fields are indexed. Documents do not go
// through it.
func newMapping() *mapping.IndexMappingImpl {
	return analysis.Mapping()
}

// plan is what a mapping says of the fields, looked up once.
type plan struct {
	options map[string]index.FieldIndexingOptions // of the fields of one term
}

func planOf(m mapping.IndexMapping) plan {
	p := plan{options: make(map[string]index.FieldIndexingOptions)}
	for _, name := range []string{
		analysis.Language, analysis.Source, analysis.URL, analysis.Agency, analysis.Cluster, analysis.Published,
	} {
		f := m.FieldMappingForPath(name)
		p.options[name] = f.Options()
	}
	return p
}
