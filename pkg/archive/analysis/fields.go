package analysis

import (
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"

	"github.com/calque-dev/calque/pkg/article"
)

// The fields of an article in the index. Title and text stand in the fields of its
// language, so that each has its language's analyser and frequencies.
const (
	EnglishTitle = "en.title"
	EnglishText  = "en.text"
	FrenchTitle  = "fr.title"
	FrenchText   = "fr.text"
	OtherTitle   = "other.title"
	OtherText    = "other.text"

	Language  = "language"  // as article.Language
	Source    = "source"    // as written
	URL       = "url"       // as written
	Published = "published" // a date; absent when unknown
	Agency    = "agency"    // as text.Attributes names it
	Hash      = "hash"      // as article.Hash writes it
	Cluster   = "cluster"   // the id of the cluster, absent when the article is in none
)

// TitleField is the field of titles in the language.
func TitleField(language article.Language) string { return groups[groupOf(language)].title }

// TextField is the field of texts in the language.
func TextField(language article.Language) string { return groups[groupOf(language)].text }

// AnalyserOf is the name of the analyser of a field, "" for Published, which is a date.
// A field that is not among the constants is a keyword.
func AnalyserOf(field string) string {
	for _, g := range groups {
		if field == g.title || field == g.text {
			return g.analyser
		}
	}
	if field == Published {
		return ""
	}
	return keyword.Name
}

// Mapping is a lean index mapping with these fields and no others: frequencies and
// lengths of texts, doc values where facets and sorting want them, nothing stored, no term
// vectors. What is to be stored or added, the caller sets on DefaultMapping; documents are
// maps of field to value, title and text in a map of their own: "en": {"title": ...}.
func Mapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	m.IndexDynamic, m.StoreDynamic, m.DocValuesDynamic = false, false, false
	m.DefaultAnalyzer = keyword.Name
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.DefaultMapping.AddSubDocumentMapping("_all", bleve.NewDocumentDisabledMapping()) // else it is made, if only empty
	for _, g := range groups {
		part, title, _ := strings.Cut(g.title, ".")
		_, body, _ := strings.Cut(g.text, ".")
		d := bleve.NewDocumentStaticMapping()
		d.AddFieldMappingsAt(title, lean(bleve.NewTextFieldMapping(), g.analyser))
		d.AddFieldMappingsAt(body, lean(bleve.NewTextFieldMapping(), g.analyser))
		m.DefaultMapping.AddSubDocumentMapping(part, d)
	}
	for _, name := range []string{Language, Source, URL, Agency, Hash, Cluster} {
		f := lean(bleve.NewKeywordFieldMapping(), keyword.Name)
		f.DocValues = name == Language || name == Source || name == Cluster
		f.SkipFreqNorm = true
		m.DefaultMapping.AddFieldMappingsAt(name, f)
	}
	published := lean(bleve.NewDateTimeFieldMapping(), "")
	published.DocValues = true
	m.DefaultMapping.AddFieldMappingsAt(Published, published)
	return m
}

func lean(f *mapping.FieldMapping, analyser string) *mapping.FieldMapping {
	f.Analyzer = analyser
	f.Index = true
	f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
	return f
}
