package segment_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/calque-dev/calque/pkg/archive/segment"
)

// An index takes documents whose words are counted already.
func Example() {
	dir, err := os.MkdirTemp("", "index")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	x, err := bleve.NewUsing(filepath.Join(dir, "x"), bleve.NewIndexMapping(), scorch.Name, scorch.Name,
		map[string]any{"forceSegmentType": "zap", "forceSegmentVersion": segment.Version})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer x.Close()
	batch := index.NewBatch()
	batch.Update(&segment.Document{Name: "a", Fields: []segment.Field{{
		FieldName: "text", Option: index.IndexField, Kind: 't', Length: 3, Terms: []segment.Term{{Text: "strike", Frequency: 2}, {Text: "port", Frequency: 1}},
	}}})
	below, err := x.Advanced()
	if err == nil {
		err = below.Batch(batch)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	query := bleve.NewTermQuery("strike")
	query.SetField("text")
	result, err := x.Search(bleve.NewSearchRequest(query))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hit := range result.Hits {
		fmt.Println(hit.ID)
	}
	// Output:
	// a
}
