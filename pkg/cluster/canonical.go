package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Member is what the choice of a canonical article looks at.
type Member struct {
	ID        string
	Published time.Time // zero when unknown
	Length    int       // of the text, in any unit that is the same for all members
	Agency    bool      // the text bears the dateline or the credit of a news agency
}

// Policy says which member of a cluster is canonical. What a policy leaves even,
// the smallest id decides. The zero value is First.
type Policy uint8

// The policies.
const (
	First    Policy = iota // published first; unknown times come last
	Last                   // published last; an unknown time only when all are
	Longest                // longest text
	Original               // published first when all times are known; else of an agency, then longest
)

var policies = [...]string{"first", "last", "longest", "original"}

// String is the name of the policy on the command line.
func (p Policy) String() string {
	if int(p) < len(policies) {
		return policies[p]
	}
	return fmt.Sprintf("policy(%d)", uint8(p))
}

// ParsePolicy is the inverse of String.
func ParsePolicy(name string) (Policy, error) {
	if i := slices.Index(policies[:], name); i >= 0 {
		return Policy(i), nil
	}
	return First, fmt.Errorf("unknown policy %q (want %s)", name, strings.Join(policies[:], ", "))
}

// canonical is the member that the policy puts first.
func canonical(members []int, describe func(i int) Member, policy Policy) int {
	described := make([]Member, len(members))
	dated := true
	for k, i := range members {
		described[k] = describe(i)
		dated = dated && !described[k].Published.IsZero()
	}
	before := policy.order(dated)
	best := 0
	for k := range described {
		if c := before(described[k], described[best]); c < 0 ||
			c == 0 && described[k].ID < described[best].ID {
			best = k
		}
	}
	return members[best]
}

// order compares two members, the better one first. Dated says that every member
// of the cluster has a time.
func (p Policy) order(dated bool) func(a, b Member) int {
	switch {
	case p == Longest:
		return longer
	case p == Original && !dated:
		return func(a, b Member) int { return cmp.Or(credited(a, b), longer(a, b)) }
	case p == Original:
		return func(a, b Member) int { return cmp.Or(earlier(a, b), credited(a, b), longer(a, b)) }
	case p == Last:
		return func(a, b Member) int { return cmp.Or(known(a, b), b.Published.Compare(a.Published)) }
	}
	return earlier
}

// earlier puts the earlier time first and an unknown one last.
func earlier(a, b Member) int { return cmp.Or(known(a, b), a.Published.Compare(b.Published)) }

// known puts a known time before an unknown one.
func known(a, b Member) int { return truth(a.Published.IsZero()) - truth(b.Published.IsZero()) }

// longer puts the longer text first.
func longer(a, b Member) int { return cmp.Compare(b.Length, a.Length) }

// credited puts an agency's text first.
func credited(a, b Member) int { return truth(b.Agency) - truth(a.Agency) }

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
