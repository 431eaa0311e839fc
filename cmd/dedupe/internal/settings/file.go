package settings

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/pflag"
)

// File reads the settings of a TOML file. Found says that the user has not named the file.
// Errors name the file, the line and, for a key that is unknown, the nearest one.
func (s *Schema) File(path string, found bool) (Layer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		if p, ok := errors.AsType[*os.PathError](err); ok {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s.Parse(path, text, found)
}

// Parse reads the settings of the text of a file.
func (s *Schema) Parse(path string, text []byte, found bool) (Layer, error) {
	var root map[string]any
	if err := toml.Unmarshal(text, &root); err != nil {
		if d, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ := d.Position()
			err = fmt.Errorf("%s:%d: %s", path, line, strings.TrimPrefix(d.Error(), "toml: "))
		}
		return nil, s.explainClash(err, text)
	}
	r := &reader{schema: s, path: path, found: found, lines: linesOf(text), layer: Layer{}}
	return r.layer, r.table(nil, root)
}

// explainClash adds a remedy where one name is used as a key and as the table of a group of
// commands, which TOML does not allow.
func (s *Schema) explainClash(err error, text []byte) error {
	for _, f := range s.common {
		key, table := false, false
		for line := range strings.Lines(string(text)) {
			line = strings.ReplaceAll(line, " ", "")
			key = key || strings.HasPrefix(line, f.Name+"=")
			table = table || strings.HasPrefix(line, "["+f.Name+".")
		}
		if key && table && s.isGroup(f.Name) {
			return fmt.Errorf("%w: as %s is a key, write the tables [%s.…] as [%s-…]", err, f.Name, f.Name, f.Name)
		}
	}
	return err
}

// reader reads one file.
type reader struct {
	schema *Schema
	path   string
	found  bool
	lines  map[string]int // of each key and table, by its path with NULs between
	layer  Layer
}

// errorf is an error about the key at a path.
func (r *reader) errorf(path []string, format string, args ...any) error {
	return fmt.Errorf("%s: %w", r.place(path), fmt.Errorf(format, args...))
}

// place is file and line of the key at a path, or of what holds it.
func (r *reader) place(path []string) string {
	for n := len(path); n > 0; n-- {
		if line := r.lines[strings.Join(path[:n], "\x00")]; line > 0 {
			return fmt.Sprintf("%s:%d", r.path, line)
		}
	}
	return r.path
}

// table reads what stands at a path: all keys in order, so that of several mistakes always
// the same is told.
func (r *reader) table(path []string, table map[string]any) error {
	keys := slices.SortedFunc(maps.Keys(table), func(a, b string) int {
		line := func(key string) int { return r.lines[strings.Join(append(slices.Clone(path), key), "\x00")] }
		if d := line(a) - line(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, key := range keys {
		if err := r.entry(append(slices.Clone(path), key), table[key]); err != nil {
			return err
		}
	}
	return nil
}

// entry reads one key with its value.
func (r *reader) entry(path []string, value any) error {
	section, key := strings.Join(path[:len(path)-1], "-"), path[len(path)-1]
	whole := strings.Join(path, "-")
	table, isTable := value.(map[string]any)
	if isTable && (r.schema.command(whole) != nil || r.schema.isGroup(whole)) {
		return r.table(path, table)
	}
	var flag *pflag.Flag
	if section == "" {
		flag = r.schema.commonFlag(key)
	} else if c := r.schema.command(section); c != nil {
		flag = c.flags[key]
	}
	if flag == nil {
		return r.unknown(path, section, key, isTable)
	}
	v, err := r.value(flag, value)
	if err == nil {
		v.from = r.place(path)
		if err = v.set(flag); err != nil {
			err = Explain(err, flag, v.values[0])
		}
	}
	if err != nil {
		return r.errorf(path, "%s: %w", key, err)
	}
	r.layer.put(section, key, v)
	return nil
}

// unknown says what is wrong with a key.
func (r *reader) unknown(path []string, section, key string, isTable bool) error {
	s := r.schema
	var having, names []string
	for _, c := range s.commands {
		names = append(names, c.name)
		if c.flags[key] != nil {
			having = append(having, "["+c.name+"]")
		}
	}
	c := s.command(section)
	switch {
	case slices.Contains(s.excluded, key):
		return r.errorf(path, "%s cannot be set here: give it on the command line", key)
	case s.command(strings.Join(path, "-")) != nil:
		return r.errorf(path, "%s is a command: write its keys below [%s]", key, strings.Join(path, "-"))
	case isTable && section == "":
		return r.errorf(path, "there is no command %q%s", key, DidYouMean(key, names, "[%s]"))
	case c == nil && s.isGroup(section):
		return r.errorf(path, "%s: [%s] holds commands, such as [%s]; keys for all commands stand at the top",
			key, section, s.inGroup(section))
	case len(having) > 0:
		return r.errorf(path, "%s belongs below %s", key, strings.Join(having, ", "))
	case s.commonFlag(key) != nil:
		return r.errorf(path, "%s does not use %s", section, key)
	}
	var keys []string
	if c != nil {
		keys = slices.Collect(maps.Keys(c.flags))
	} else {
		for _, f := range s.common {
			keys = append(keys, f.Name)
		}
	}
	return r.errorf(path, "unknown key %q%s", key, DidYouMean(key, keys, "%q"))
}

// inGroup is the first command of a group.
func (s *Schema) inGroup(group string) string {
	i := slices.IndexFunc(s.commands, func(c command) bool { return strings.HasPrefix(c.name, group+"-") })
	return s.commands[i].name
}

// linesOf finds the lines of the keys and tables of a file that was read without error.
func linesOf(text []byte) map[string]int {
	lines := map[string]int{}
	var p unstable.Parser
	p.Reset(text)
	var table []string
	var note func(base []string, node *unstable.Node)
	note = func(base []string, node *unstable.Node) {
		path := slices.Clone(base)
		for key := node.Key(); key.Next(); {
			path = append(path, string(key.Node().Data))
			at := strings.Join(path, "\x00")
			if lines[at] == 0 {
				lines[at] = p.Shape(key.Node().Raw).Start.Line
			}
		}
		if node.Kind != unstable.KeyValue {
			table = path
			return
		}
		if value := node.Value(); value.Kind == unstable.InlineTable {
			for inner := value.Children(); inner.Next(); {
				note(path, inner.Node())
			}
		}
	}
	for p.NextExpression() {
		base := table
		if p.Expression().Kind != unstable.KeyValue {
			base = nil
		}
		note(base, p.Expression())
	}
	return lines
}
