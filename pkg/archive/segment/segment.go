// Package segment writes segments of a bleve index: in bleve's own format (zap 17), which
// bleve reads and merges on, in a part of the time that bleve takes for it.
//
// In comes a batch of Documents with the terms of each field counted; out comes the
// segment. Bleve's own builder takes a map of each field of each document, makes a bitmap
// of each term, and writes a posting list of some forty bytes for each term of one
// document. Here terms are sorted, and a term of one document stands in the dictionary,
// as in a segment that bleve has merged. Of documents of any other type, and of files
// that are written through a hook, bleve makes the segment itself.
//
// The package is a plug-in: to import it is enough. A segment merged by bleve of segments
// that are built here is, byte for byte, that of segments that bleve built.
package segment

import (
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// Version is the version of the format.
const Version = zap.Version

func init() { scorch.RegisterSegmentPlugin(plugin{&zap.ZapPlugin{}}, true) }

// plugin is what bleve calls.
type plugin struct{ *zap.ZapPlugin }

// New makes a segment in memory.
func (p plugin) New(documents []index.Document) (api.Segment, uint64, error) {
	return p.NewUsing(documents, nil)
}

// NewUsing makes a segment in memory.
func (p plugin) NewUsing(documents []index.Document, config map[string]any) (api.Segment, uint64, error) {
	if index.WriterHook != nil || index.ReaderHook != nil {
		return p.ZapPlugin.NewUsing(documents, config)
	}
	ours := make([]*Document, len(documents))
	for i, d := range documents {
		var ok bool
		if ours[i], ok = d.(*Document); !ok {
			return p.ZapPlugin.NewUsing(documents, config)
		}
	}
	b := takeBuilder()
	defer kept.Store(b)
	return b.build(ours, config)
}

// stats are the counters of an index, or new ones.
func stats(config map[string]any) *api.Stats {
	if s, ok := config[api.StatsKey].(*api.Stats); ok && s != nil {
		return s
	}
	return new(api.Stats)
}
