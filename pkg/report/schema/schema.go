// Package schema has a JSON Schema, draft 2020-12, of every JSON output of package report
// and of the program:
//
//   - pair: a line of scan, check, archive add and archive pairs,
//   - cluster, removal and reject: a line of the files of --clusters, --removed and --rejects,
//   - comparison: what compare says of two articles,
//   - evaluation and audit: what eval and audit measure,
//   - article: a line of archive get and archive list, and what every command reads,
//   - hit and found: the lines of archive search, and the one below them,
//   - archive-stats and lexicon-evaluation: what archive stats and lexicon eval print,
//   - settings and version: what config and version print,
//   - message: a line of standard error with --log-format json.
//
// The program prints them: dedupe schema NAME.
//
// The schemas let objects have more than they name, as later versions may: who reads the
// outputs should pass over what it does not know. What they require stays.
package schema

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.schema.json
var files embed.FS

const suffix = ".schema.json"

// Names are the names of the schemas, in order: "archive-stats", "article" and so on.
func Names() []string {
	paths, err := fs.Glob(files, "*"+suffix)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for i, path := range paths {
		paths[i] = strings.TrimSuffix(path, suffix)
	}
	return paths
}

// Of is the schema of that name, as JSON. It fails with fs.ErrNotExist for other names.
func Of(name string) ([]byte, error) { return files.ReadFile(name + suffix) }
