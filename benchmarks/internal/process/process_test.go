package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// asProgram makes the test binary a program that touches so many megabytes.
const asProgram = "CALQUE_TOUCH_MB"

func TestMain(m *testing.M) {
	Main()
	if n, err := strconv.Atoi(os.Getenv(asProgram)); err == nil {
		_, _ = os.Stdout.WriteString(strconv.Itoa(touch(n)))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// touch uses so many megabytes.
func touch(n int) (sum int) {
	all := make([]byte, n<<20)
	for i := 0; i < len(all); i += 1 << 12 {
		all[i] = 1
	}
	for _, b := range all {
		sum += int(b)
	}
	return sum
}

func TestThePeakIsThatOfTheProgramAlone(t *testing.T) {
	const mine = 300
	if touch(mine) == 0 {
		t.Fatal("nothing was touched")
	}
	peaks := map[int]int64{}
	for _, size := range []int{1, 100} {
		t.Setenv(asProgram, strconv.Itoa(size))
		var out bytes.Buffer
		u, err := Run(t.Context(), Command{Args: []string{os.Args[0]}, Stdout: &out})
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != strconv.Itoa(size<<8) {
			t.Errorf("it wrote %q", out.String())
		}
		if u.Seconds <= 0 {
			t.Errorf("took %v seconds", u.Seconds)
		}
		peaks[size] = u.PeakResident >> 20
	}
	if runtime.GOOS == "windows" {
		return
	}
	if peaks[1] >= 100 || peaks[100] < 100 || peaks[100] >= mine {
		t.Errorf("megabytes resident, by megabytes touched: %v", peaks)
	}
}

func TestAProgramThatFailsSaysWhy(t *testing.T) {
	_, err := Run(t.Context(), Command{Args: []string{"go", "run", "./none"}})
	if err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("%v", err)
	}
	if _, err := Run(t.Context(), Command{Args: []string{"/no/such/program"}}); err == nil || !strings.Contains(err.Error(), "no/such/program") {
		t.Errorf("%v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Run(stopped, Command{Args: []string{"go", "version"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
