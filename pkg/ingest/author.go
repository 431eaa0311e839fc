package ingest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// joined are texts, such as names, parted as in an article.Article, each once.
func joined(all ...string) string {
	var out []string
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "; ")
}

// authorOf are the authors named, without the word before them in a byline. Addresses are
// left out: pages link their authors, and name them elsewhere.
func authorOf(named ...string) string {
	names := make([]string, 0, len(named))
	for _, name := range named {
		if isWebAddress(name) {
			continue
		}
		name = inlineText(name)
		if first, rest, more := strings.Cut(name, " "); more && (strings.EqualFold(first, "by") || strings.EqualFold(first, "par")) {
			name = rest
		}
		names = append(names, name)
	}
	return joined(names...)
}

// urgency is one as news formats write it, 0 for anything else.
func urgency(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > 9 {
		return 0
	}
	return n
}

// stringsIn are the strings and numbers in a JSON value, as namesIn finds them.
func stringsIn(value []byte) []string {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return nil
	}
	return namesIn(v, 0)
}

// namesIn are the names in a JSON value: a string or number, the "name" or "value" of an
// object or else what is in it, in order of its keys, and those of each element of an array.
func namesIn(v any, depth int) (names []string) {
	if depth > 4 {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []string{v}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		for _, e := range v {
			names = append(names, namesIn(e, depth+1)...)
		}
	case map[string]any:
		for _, key := range []string{"name", "value"} {
			if e, ok := v[key]; ok {
				return namesIn(e, depth+1)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !strings.HasPrefix(key, "@") { // of linked data
				names = append(names, namesIn(v[key], depth+1)...)
			}
		}
	}
	return names
}
