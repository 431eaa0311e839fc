package settings

import (
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/pflag"
)

// value turns a value of TOML into what the flag takes.
func (r *reader) value(f *pflag.Flag, value any) (v setting, err error) {
	switch f.Value.Type() {
	case "stringSlice", "stringArray":
		v.list = true
		v.values, err = stringsOf(value)
	case "stringToString":
		v.values, err = pairsOf(value)
	default:
		var text string
		text, err = scalar(f.Value.Type(), value)
		v.values = []string{text}
	}
	if err != nil || !isPath(f) {
		return v, err
	}
	for i, path := range v.values {
		if v.values[i], err = r.resolve(f, path); err != nil {
			return v, err
		}
	}
	return v, nil
}

// resolve is a path of the file as seen from the current folder.
func (r *reader) resolve(f *pflag.Flag, path string) (string, error) {
	if path == "" || path == "-" {
		return path, nil
	}
	if r.found && IsOutput(f) && !filepath.IsLocal(path) {
		return "", fmt.Errorf("%s leads out of this folder: a file that nobody named may not have others written: give --config %s, or --%s",
			path, r.path, f.Name)
	}
	if filepath.IsAbs(path) {
		return path, nil
	}
	return filepath.Join(filepath.Dir(r.path), path), nil
}

// scalar is the text of one value for a flag of a type.
func scalar(kind string, value any) (string, error) {
	_, isBool := value.(bool)
	_, isText := value.(string)
	_, isInt := value.(int64)
	_, isFloat := value.(float64)
	want := wanted(kind)
	switch {
	case want == wantBool && !isBool, want == wantWhole && !isInt, want == wantNumber && !isInt && !isFloat,
		want == wantText && !isText:
		return "", fmt.Errorf("want %s, found %s", want, kindOf(value))
	}
	switch x := value.(type) {
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), nil
	case []any, map[string]any:
		return "", fmt.Errorf("want one value, found %s", kindOf(value))
	}
	if text, err := toml.Marshal(map[string]any{"x": value}); err == nil && !isText { // dates as TOML writes them
		return strings.TrimSpace(strings.TrimPrefix(string(text), "x = ")), nil
	}
	return fmt.Sprint(value), nil
}

// stringsOf is a list of texts; one text is a list, too.
func stringsOf(value any) (values []string, err error) {
	if one, ok := value.(string); ok {
		return []string{one}, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list of texts, found %s", kindOf(value))
	}
	values = []string{}
	for _, x := range list {
		text, ok := x.(string)
		if !ok {
			return nil, fmt.Errorf("want a list of texts, found %s in it", kindOf(x))
		}
		values = append(values, text)
	}
	return values, nil
}

// pairsOf is a table of texts in the form that a flag takes: a=b,c=d.
func pairsOf(value any) ([]string, error) {
	table, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("want a table of texts, such as {text = \"body\"}, found %s", kindOf(value))
	}
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(table)) {
		text, ok := table[key].(string)
		if !ok {
			return nil, fmt.Errorf("%s: want a text between quotes, found %s", key, kindOf(table[key]))
		}
		pairs = append(pairs, key+"="+text)
	}
	if len(pairs) == 0 {
		return []string{""}, nil
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(pairs) // a Builder takes everything
	w.Flush()
	return []string{strings.TrimSuffix(b.String(), "\n")}, nil
}

// kindOf names the kind of a value of TOML.
func kindOf(value any) string {
	switch value.(type) {
	case bool:
		return "true or false"
	case string:
		return "a text"
	case int64:
		return "a number"
	case float64:
		return "a fraction"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

// What flags want, in words.
const (
	wantBool   = "true or false"
	wantWhole  = "a whole number"
	wantNumber = "a number"
	wantText   = "a text between quotes"
)

// wanted is what a flag of a type wants; empty: it says so itself.
func wanted(kind string) string {
	switch {
	case kind == "bool":
		return wantBool
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return wantWhole
	case strings.HasPrefix(kind, "float"):
		return wantNumber
	case kind == "string":
		return wantText
	}
	return ""
}

// Explain puts the error of a flag that refused a value in words that tell what it wants,
// where the error itself only tells what package strconv could not do.
func Explain(err error, f *pflag.Flag, value string) error {
	n, ok := errors.AsType[*strconv.NumError](err)
	switch {
	case ok && errors.Is(n.Err, strconv.ErrRange):
		return fmt.Errorf("%s is out of range", value)
	case ok:
		return fmt.Errorf("want %s, found %q", wanted(f.Value.Type()), value)
	case f.Value.Type() == "stringToString":
		return fmt.Errorf("want names with = between them, such as text=body,id=key, found %q", value)
	}
	return fmt.Errorf("%q: %w", value, err)
}
