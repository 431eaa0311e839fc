package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/calque-dev/calque/pkg/archive/store"
	"github.com/calque-dev/calque/pkg/article"
)

// childDir names, in the environment of a child process, the archive that it adds to.
const childDir = "CALQUE_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// childPile is what the child adds: the varied fixtures, the same in every process.
func childPile() []article.Article {
	return varied(&testing.B{}, rand.New(rand.NewPCG(5, 5)))
}

// child adds all articles and prints how many are safe after each batch.
func child(dir string) error {
	a, err := Open(dir, Options{Batch: 4})
	if err != nil {
		return err
	}
	safe := 0
	err = a.Add(context.Background(), each(childPile()), func(b Added) error {
		safe += b.New + b.Updated + b.Unchanged
		fmt.Println(safe)
		return nil
	})
	return errors.Join(err, a.Close())
}

// TestWhatIsAcknowledgedSurvivesAKill kills a process that adds articles, again and again,
// at any moment, and starts it anew: in the end the archive is as if nothing had been.
// CALQUE_KILLS sets how many kills there are at the least.
func TestWhatIsAcknowledgedSurvivesAKill(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("CALQUE_KILLS"))
	if err != nil {
		kills = 4
	}
	pile := childPile()
	want := scanned(t, pile)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for done := 0; done < kills; {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("archive-", done))
		a, err := Create(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		for finished := false; !finished; {
			var safe int
			if finished, safe = killed(t, dir, time.Duration(random.IntN(900))*time.Millisecond); !finished {
				done++
			}
			if a, err = OpenReader(dir, Options{}); err != nil {
				t.Fatal(err)
			}
			if n, err := a.Count(); err != nil || n < min(safe, len(pile)) {
				t.Fatalf("%d articles after a kill, %d were acknowledged: %v", n, safe, err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			finished = finished || done > 20*kills
		}
		if a, err = Open(dir, Options{}); err != nil {
			t.Fatal(err)
		}
		if n, err := a.Count(); err != nil || n != len(pile) {
			t.Fatalf("%d articles in the end, %v; want %d", n, err, len(pile))
		}
		same(t, "after kills", want, pairsOf(t, a))
		if err := a.Verify(context.Background(), func(p Problem) error { t.Error(p); return nil }); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("killed at least %d times", kills)
}

// killed runs the child for a while after its first acknowledgement, or its start, and
// kills it. It returns whether the child came to its end, and how much it acknowledged.
func killed(t *testing.T, dir string, after time.Duration) (finished bool, safe int) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childDir+"="+dir)
	var failed strings.Builder
	c.Stderr = &failed
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	started := make(chan bool, 1)
	time.AfterFunc(3*time.Second, func() { trySend(started) })
	stop := make(chan bool)
	go func() {
		<-started
		select {
		case <-time.After(after):
			_ = c.Process.Kill()
		case <-stop:
		}
	}()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			safe = n
		}
		trySend(started)
	}
	err = c.Wait()
	close(stop)
	if failed.Len() > 0 {
		t.Fatal(failed.String())
	}
	return err == nil, safe
}

func trySend(c chan bool) {
	select {
	case c <- true:
	default:
	}
}

func TestReadersCheckWhileAWriterAdds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	a, err := Create(dir, Options{Batch: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := Open(dir, Options{}); !errors.Is(err, store.ErrLocked) {
		t.Fatalf("a second writer got %v", err)
	}
	articles := fixtures(t)
	stop := make(chan bool)
	var readers sync.WaitGroup
	for n := range 8 {
		readers.Go(func() {
			r := a
			if n%2 == 0 { // as another process would
				var err error
				if r, err = OpenReader(dir, Options{}); err != nil {
					t.Error(err)
					return
				}
				defer r.Close()
			}
			for i := n; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := r.Check(context.Background(), articles[i%len(articles)], Filter{}); err != nil {
					t.Error(err)
					return
				}
				if err := r.Refresh(context.Background()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	add(t, a, articles)
	close(stop)
	readers.Wait()
	same(t, "in the end", scanned(t, articles), pairsOf(t, a))
}
