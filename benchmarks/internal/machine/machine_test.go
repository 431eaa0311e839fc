package machine

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFieldIsFoundByItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "info")
	if err := os.WriteFile(path, []byte("model\t\t: 6\nmodel name\t: Fast: One\nMemTotal:   1024 kB\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := field(path, "model name"); got != "Fast: One" {
		t.Errorf("%q", got)
	}
	if got := kilobytes(field(path, "MemTotal")); got != 1024 {
		t.Errorf("%d", got)
	}
	if field(path, "none") != "" || field(path+"x", "model") != "" || kilobytes("") != 0 {
		t.Error("what is not there has a value")
	}
	if m := This(); m.Cores < 1 || m.Go == "" || m.System == "" {
		t.Errorf("%+v", m)
	}
}
