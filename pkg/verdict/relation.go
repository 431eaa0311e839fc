package verdict

import "fmt"

// Relation says how two articles are tied. The zero value is None.
type Relation uint8

// The relations, strongest first.
const (
	None               Relation = iota
	Exact                       // same normalised text
	NearDuplicate               // same language, edited
	Reworded                    // same language, same content sentence by sentence, other words
	Translation                 // other language, whole
	Excerpt                     // same language, one side holds the other
	PartialTranslation          // other language, one side holds the other
	Related                     // same story, not a copy
)

var names = [...]string{
	"none", "exact", "near-duplicate", "reworded", "translation", "excerpt", "partial-translation", "related",
}

// Relations lists every relation but None.
func Relations() []Relation {
	return []Relation{Exact, NearDuplicate, Reworded, Translation, Excerpt, PartialTranslation, Related}
}

// String is the relation's name in outputs and gold files.
func (r Relation) String() string {
	if int(r) < len(names) {
		return names[r]
	}
	return fmt.Sprintf("relation(%d)", uint8(r))
}

// IsCopy reports whether the relation says that one text was made from the
// other, or both from a third: every relation but None and Related.
func (r Relation) IsCopy() bool { return r != None && r != Related }

// ParseRelation is the inverse of String.
func ParseRelation(name string) (Relation, error) {
	for i, n := range names {
		if i > 0 && n == name {
			return Relation(i), nil
		}
	}
	return None, fmt.Errorf("unknown relation %q (want one of %v)", name, names[1:])
}

// MarshalText writes the name.
func (r Relation) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name.
func (r *Relation) UnmarshalText(text []byte) (err error) {
	if string(text) == names[None] {
		*r = None
		return nil
	}
	*r, err = ParseRelation(string(text))
	return err
}
