package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/calque-dev/calque/pkg/report/schema"
	"github.com/calque-dev/calque/pkg/verdict"
)

func Example() {
	text, err := schema.Of("cluster")
	if err != nil {
		log.Fatal(err)
	}
	var s struct {
		Required []string `json:"required"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Required)
	// Output: [canonical members weakest]
}

func TestEverySchemaIsOne(t *testing.T) {
	names := schema.Names()
	if len(names) < 11 || !slices.IsSorted(names) {
		t.Errorf("names %q", names)
	}
	for _, name := range names {
		text, err := schema.Of(name)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		head := parsed.(map[string]any)
		if id := head["$id"].(string); !strings.HasSuffix(id, "/"+name+".schema.json") || head["description"] == "" {
			t.Errorf("%s is called %s", name, id)
		}
		c := jsonschema.NewCompiler()
		if err := errors.Join(c.AddResource(name, parsed), second(c.Compile(name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := schema.Of("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSchemasKnowEveryRelation(t *testing.T) {
	var want []string
	for _, r := range verdict.Relations() {
		want = append(want, r.String())
	}
	for _, name := range []string{"pair", "cluster", "comparison", "evaluation", "audit"} {
		text, err := schema.Of(name)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Defs struct {
				Relation struct {
					Enum []string `json:"enum"`
				} `json:"relation"`
			} `json:"$defs"`
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		if got := slices.DeleteFunc(s.Defs.Relation.Enum, func(r string) bool { return r == verdict.None.String() }); !slices.Equal(got, want) {
			t.Errorf("%s: relations %q, not %q", name, got, want)
		}
	}
}
