package store

import (
	"sync"
	"time"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// release lets go of the pages of the segment files that have been read. They stay with
// the system as long as it has room, and come back when they are read again: only the
// process does not hold them. Merging reads whole files, and looking candidates up a page
// here and there, until all of the archive is held.
func (s *Snapshot) release() {
	for i := range s.parts {
		file, ok := s.parts[i].segment.(interface {
			segment.PersistedSegment // in a file, rather than in memory that would be lost
			Data() []byte
		})
		if ok {
			releasePages(file.Data())
		}
	}
}

// release is that of what is there now.
func (s *Store) release() {
	if x, err := s.Snapshot(); err == nil {
		x.release()
		_ = x.Close()
	}
}

// releaseEvery is how long a merge may hold what it has read.
const releaseEvery = 100 * time.Millisecond

// releasing releases at once and now and then, until stop is called.
func (s *Store) releasing() (stop func()) {
	s.release()
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		tick := time.NewTicker(releaseEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.release()
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		group.Wait()
		s.release()
	}
}
