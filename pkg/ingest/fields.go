package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// field is a part of an article that JSON may hold.
type field uint8

const (
	fieldID field = iota
	fieldTitle
	fieldText
	fieldLang
	fieldURL
	fieldSource
	fieldPublished
	fieldAuthor
	fieldUrgency
	fieldAltID
	fieldDate // stands in for published
	fieldCount
)

var fieldNames = [fieldCount]string{"id", "title", "text", "lang", "url", "source", "published", "author", "urgency", "altid", "date"}

// fieldSet is a set of fields, a bit each.
type fieldSet uint16

func (s fieldSet) has(f field) bool { return s&(1<<f) != 0 }

// key is a key of a JSON object that is wanted: for the fields it holds itself, for
// those in the object below it, or for both.
type key struct {
	name   string
	fields fieldSet
	below  fieldSet
	keys   []key
}

// compileFields makes the tree of wanted keys, and lists the path of each field as it is
// given, for tables. Where published is mapped to a key of the user's, date no longer
// stands in for it.
func compileFields(mapped map[string]string) (keys []key, paths [fieldCount]string, err error) {
	paths = fieldNames
	for _, name := range slices.Sorted(maps.Keys(mapped)) {
		f := slices.Index(fieldNames[:fieldDate], name)
		switch {
		case f < 0:
			return nil, paths, fmt.Errorf("%w: an article has no %q", ErrField, name)
		case slices.Contains(strings.Split(mapped[name], "."), ""):
			return nil, paths, fmt.Errorf("%w: %s is mapped to %q", ErrField, name, mapped[name])
		}
		paths[f] = mapped[name]
		if field(f) == fieldPublished {
			paths[fieldDate] = mapped[name]
		}
	}
	for f, path := range paths {
		keys = addPath(keys, strings.Split(path, "."), 1<<f)
	}
	return keys, paths, nil
}

func addPath(keys []key, path []string, f fieldSet) []key {
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == path[0] })
	if i < 0 {
		i = len(keys)
		keys = append(keys, key{name: path[0]})
	}
	if len(path) == 1 {
		keys[i].fields |= f
		return keys
	}
	keys[i].below |= f
	keys[i].keys = addPath(keys[i].keys, path[1:], f)
	return keys
}

// findKey looks up what stands between the quotes of a JSON key.
func findKey(keys []key, name []byte) *key {
	if len(keys) == 0 {
		return nil
	}
	if bytes.IndexByte(name, '\\') >= 0 {
		name = unescape(nil, name)
	}
	for i := range keys {
		if keys[i].name == string(name) {
			return &keys[i]
		}
	}
	return nil
}
