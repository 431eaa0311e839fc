package fit

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lettered is a pool of articles whose ids are single letters.
func lettered(ids string) string {
	var docs strings.Builder
	for _, id := range strings.Split(ids, "") {
		fmt.Fprintf(&docs, "{\"id\": %q, \"text\": \"text %s\"}\n", id, id)
	}
	return docs.String()
}

// linked writes pools into folders of one parent, and a file of links beside them. It
// returns what readPool is to read.
func linked(tb testing.TB, pools map[string]map[string]string, links string) []string {
	tb.Helper()
	parent := tb.TempDir()
	var paths []string
	for _, name := range slices.Sorted(maps.Keys(pools)) {
		folder := filepath.Join(parent, name)
		if err := os.Mkdir(folder, 0o755); err != nil {
			tb.Fatal(err)
		}
		for file, content := range pools[name] {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o644); err != nil {
				tb.Fatal(err)
			}
		}
		paths = append(paths, folder)
	}
	file := filepath.Join(parent, "links.tsv")
	if err := os.WriteFile(file, []byte(links), 0o644); err != nil {
		tb.Fatal(err)
	}
	return append(paths, file)
}

// originsOf are the ids of the articles that say the same, by the first of them.
func originsOf(sources []source) map[string]string {
	out := map[string]string{}
	for _, s := range sources {
		out[sources[s.origin].article.ID] += s.article.ID
	}
	return out
}

func TestLinksJoinTheOriginsOfTwoFolders(t *testing.T) {
	paths := linked(t, map[string]map[string]string{
		"first":  {"docs.jsonl": lettered("abcd"), "pairs.tsv": "a\tb\n"},
		"second": {"docs.jsonl": lettered("vwxyz"), "pairs.tsv": "y\tz\n"},
		"third":  {"docs.jsonl": lettered("pq")},
	}, strings.Join([]string{
		"first/b\tsecond/z",
		"second/v\tfirst/c\ttranslation",
		"third/p\tsecond/y",
		"first/d\tsecond/nobody", // unknown
		"nowhere/a\tfirst/d",
		"a\td", // without folders
		"first/d\tfirst/d",
	}, "\n")+"\n")
	want := map[string]string{"a": "abyzp", "c": "cv", "d": "d", "w": "w", "x": "x", "q": "q"}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 0, 1, 2}, {0, 3, 1, 2}} {
		var folders []string
		for _, k := range order {
			folders = append(folders, paths[k])
		}
		sources, err := readPool(context.Background(), folders)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, originsOf(sources)); diff != "" {
			t.Errorf("order %v: %s", order, diff)
		}
		for _, s := range sources {
			if unpaired := strings.Contains("pq", s.article.ID); s.labelled == unpaired {
				t.Errorf("%s: labelled is %v", s.article.ID, s.labelled)
			}
		}
	}
}

func TestALinkOfOneIDIsAnErrorThatNamesItsLine(t *testing.T) {
	paths := linked(t, map[string]map[string]string{"first": {"docs.jsonl": lettered("ab")}}, "first/a\tfirst/b\nfirst/a first/b\n")
	if _, err := readPool(context.Background(), paths); err == nil || !strings.Contains(err.Error(), "links.tsv:2") {
		t.Error(err)
	}
}

func TestFoldersOfOneNameAreNotTakenForOneAnother(t *testing.T) {
	var folders []string
	for range 2 {
		paths := linked(t, map[string]map[string]string{"news": {"docs.jsonl": lettered("ab"), "pairs.tsv": "a\tb\n"}}, "")
		folders = append(folders, paths[0])
	}
	sources, err := readPool(context.Background(), folders)
	if err != nil {
		t.Fatal(err)
	}
	var origins []int
	for _, s := range sources {
		origins = append(origins, s.origin)
	}
	if diff := cmp.Diff([]int{0, 0, 2, 2}, origins); diff != "" {
		t.Error(diff)
	}
}
