package verdict

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// trimmed is the embedded model with the roots of three trees a forest, few points, and
// one thing changed.
func trimmed(tb testing.TB, change func(m *Model)) string {
	tb.Helper()
	var stored bytes.Buffer
	if err := embeddedModel(tb).Write(&stored); err != nil {
		tb.Fatal(err)
	}
	var m Model // a copy of its own, since slices are shared
	if err := json.Unmarshal(stored.Bytes(), &m); err != nil {
		tb.Fatal(err)
	}
	for _, c := range classifiers(&m) {
		for _, f := range []*Forest{&c.Tied, &c.Part} {
			f.Trees = f.Trees[:min(3, len(f.Trees))]
			for i, tree := range f.Trees {
				f.Trees[i] = tree[:min(3, len(tree))]
				for k := 1; k < len(f.Trees[i]); k++ {
					f.Trees[i][k] = Node{Value: tree[k].Value}
				}
			}
		}
		c.Calibrate, c.Operating = c.Calibrate[:min(3, len(c.Calibrate))], c.Operating[:min(3, len(c.Operating))]
	}
	change(&m)
	stored.Reset()
	if err := m.Write(&stored); err != nil {
		tb.Fatal(err)
	}
	return stored.String()
}

// stump asks for one feature.
func stump(left, right int) Tree {
	return Tree{{Feature: Topic.String(), Least: 0.5, Left: left, Right: right}, {Value: -1}, {Value: 1}}
}

func withTree(tree Tree) func(m *Model) {
	return func(m *Model) { m.Same.Tied.Trees = []Tree{stump(1, 2), tree} }
}

func TestATrimmedModelIsRead(t *testing.T) {
	for name, change := range map[string]func(m *Model){"as it is": func(*Model) {}, "a stump": withTree(stump(1, 2))} {
		if _, err := Read(strings.NewReader(trimmed(t, change))); err != nil {
			t.Errorf("%s: %v; the tests of broken models show nothing", name, err)
		}
	}
}

func TestABrokenModelIsAnErrorThatNamesWhatIsWrong(t *testing.T) {
	whole := trimmed(t, func(*Model) {})
	unknown := stump(1, 2)
	unknown[0].Feature = "colour"
	tests := []struct{ name, model, want string }{
		{"no bytes", "", "EOF"},
		{"not JSON", "weights", "invalid character"},
		{"cut off", whole[:len(whole)/2], "unexpected EOF"},
		{"empty object", "{}", "threshold"},
		{"wrong type", `{"cross": []}`, "array"},
		{"unknown feature", trimmed(t, withTree(unknown)), "tree 1, node 0: unknown feature \"colour\""},
		{"empty tree", trimmed(t, withTree(Tree{})), "tree 1 has no nodes"},
		{"no tree", trimmed(t, withTree(nil)), "tree 1 has no nodes"},
		{"its own child", trimmed(t, withTree(stump(0, 2))), "children 0 and 2"},
		{"one child", trimmed(t, withTree(stump(1, 0))), "children 1 and 0"},
		{"child beyond the end", trimmed(t, withTree(stump(1, 3))), "children 1 and 3"},
		{"child far beyond the end", trimmed(t, withTree(stump(1, 1<<40))), "children"},
		{"negative child", trimmed(t, withTree(stump(-1, 2))), "children -1 and 2"},
		{"child before its parent", trimmed(t, withTree(append(stump(1, 2), Node{Feature: Topic.String(), Left: 1, Right: 2}))), "node 3: children 1 and 2"},
		{"broken tree of parts", trimmed(t, func(m *Model) { m.Cross.Part.Trees = []Tree{stump(1, 9)} }), "tree 0"},
		{"broken tree of stories", trimmed(t, func(m *Model) { m.Story.Tied.Trees = []Tree{stump(1, 9)} }), "tree 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(strings.NewReader(test.model))
			if err == nil || m != nil {
				t.Fatal("it was read")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "verdict model: ") {
				t.Errorf("error %q does not say %q", err, test.want)
			}
		})
	}
}

// Such a model would be read, and then answer nonsense.
func TestAModelWithoutThresholdsOrWithAFallingCalibrationIsAnError(t *testing.T) {
	tests := map[string]func(m *Model){
		"no threshold":        func(m *Model) { m.Cross.Threshold = 0 },
		"no story threshold":  func(m *Model) { m.Story.Threshold = 0 },
		"threshold over 1":    func(m *Model) { m.Other.Threshold = 1.5 },
		"falling calibration": func(m *Model) { m.Same.Calibrate = []Point{{0, 1}, {1, 0}} },
		"unsorted points":     func(m *Model) { m.Same.Calibrate = []Point{{0.8, 0.1}, {0.2, 0.9}} },
		"calibrated over 1":   func(m *Model) { m.Same.Calibrate = []Point{{0, 0}, {1, 2}} },
		"falling precision":   func(m *Model) { m.Same.Operating = []OperatingPoint{{0.1, 0.9, 1}, {0.2, 0.8, 0.5}} },
		"falling threshold":   func(m *Model) { m.Same.Operating = []OperatingPoint{{0.2, 0.8, 1}, {0.1, 0.9, 0.5}} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(strings.NewReader(trimmed(t, change))); err == nil {
				t.Error("it is read without an error")
			}
		})
	}
}

func FuzzReadNeverPanicsAndWhatItReadsCanJudge(f *testing.F) {
	f.Add([]byte(trimmed(f, func(*Model) {})))
	f.Add([]byte(trimmed(f, withTree(stump(1, 2)))))
	f.Add([]byte(trimmed(f, withTree(stump(2, 1)))))
	f.Add([]byte(trimmed(f, withTree(Tree{}))))
	f.Add([]byte(`{"cross":{"tied":{"trees":[null]}}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, stored []byte) {
		m, err := Read(bytes.NewReader(stored))
		if err != nil {
			return
		}
		for _, cross := range []bool{false, true} {
			x := &Features{Cross: cross, Values: [NumFeatures]float64{Shorter: 5, CoverageMax: 1}}
			m.Judge(x)
			for _, c := range classifiers(m) {
				c.Tied.Contributions(x)
				c.Part.Contributions(x)
			}
		}
		if err := m.Write(new(bytes.Buffer)); err != nil {
			t.Error("what was read cannot be written:", err)
		}
	})
}
