package verdict

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRelationNamesRoundTrip(t *testing.T) {
	for _, r := range Relations() {
		got, err := ParseRelation(r.String())
		if err != nil || got != r {
			t.Errorf("%v is parsed as %v, %v", r, got, err)
		}
	}
	stored, err := json.Marshal(Relations())
	if err != nil {
		t.Fatal(err)
	}
	want := `["exact","near-duplicate","reworded","translation","excerpt","partial-translation","related"]`
	if diff := cmp.Diff(want, string(stored)); diff != "" {
		t.Error(diff)
	}
	var back []Relation
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Relations(), back); diff != "" {
		t.Error(diff)
	}
}

func TestNoneReadsBackAsWritten(t *testing.T) {
	stored, err := None.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	r := Related
	if err := r.UnmarshalText(stored); err != nil || r != None {
		t.Errorf("%q, as MarshalText writes it, is read as %v, %v", stored, r, err)
	}
}

func TestUnknownRelationNamesAreErrors(t *testing.T) {
	for _, name := range []string{"", "Exact", "translation ", "copy", "relation(3)"} {
		if r, err := ParseRelation(name); err == nil || r != None {
			t.Errorf("%q is parsed as %v, %v", name, r, err)
		}
	}
	if _, err := ParseRelation("none"); err == nil {
		t.Error("none can be asked for")
	}
}

func TestEveryRelationButNoneAndRelatedIsACopy(t *testing.T) {
	for r := None; r <= Related; r++ {
		if got, want := r.IsCopy(), r != None && r != Related; got != want {
			t.Errorf("%v: %v", r, got)
		}
	}
	if s := (Related + 1).String(); s != "relation(8)" {
		t.Error(s)
	}
}
