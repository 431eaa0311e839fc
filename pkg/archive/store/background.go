package store

import (
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// The goroutines of bleve report what happens to functions registered by name. watched
// finds the Store: by the path of the index, and by the *scorch.Scorch.
var watched sync.Map

const callbackName = "calque archive"

func init() {
	scorch.RegistryAsyncErrorCallbacks[callbackName] = func(err error, path string) {
		if s, ok := watched.Load(path); ok {
			s.(*Store).fail(err)
		}
		// Bleve tries again at once and for ever.
		time.Sleep(20 * time.Millisecond)
	}
	scorch.RegistryEventCallbacks[callbackName] = func(e scorch.Event) bool {
		if e.Kind != scorch.EventKindPreMergeCheck {
			return true
		}
		s, ok := watched.Load(e.Scorch)
		if ok && s.(*Store).mayMerge() {
			return true
		}
		time.Sleep(5 * time.Millisecond) // bleve asks again at once
		return false
	}
}

// mergePlan are the settings of the merger.
func mergePlan() mergeplan.MergePlanOptions {
	return mergeplan.DefaultMergePlanOptions
}

// scorchConfig are the settings of the index. Measured with batches of 1 000 articles of
// 2.3 kB on two cores.
func scorchConfig(readOnly bool) map[string]any {
	c := map[string]any{
		"bolt_timeout":        "2s",
		"forceSegmentType":    "zap",
		"forceSegmentVersion": zapVersion,
	}
	if readOnly {
		c["read_only"] = true
		return c
	}
	c["asyncErrorCallbackName"], c["eventCallbackName"] = callbackName, callbackName
	c["numSnapshotsToKeep"] = 1
	return c
}

// fail makes err the answer to every further change: after a failure the state in memory
// and that on disk may differ, and only opening anew settles it.
func (s *Store) fail(err error) {
	s.once.Do(func() {
		s.err = err
		if errors.Is(err, scorch.ErrAsyncPanic) {
			s.err = &CorruptError{File: s.dir, Err: err}
		}
		close(s.broken)
	})
}

// mayMerge reads whole, once, the files that are about to be merged, if they were written
// by an earlier process: a merge of damaged ones would give them a good checksum.
func (s *Store) mayMerge() bool {
	s.verify.Lock()
	defer s.verify.Unlock()
	select {
	case <-s.broken:
		return false
	default:
	}
	if len(s.unverified) == 0 {
		return true
	}
	r, err := s.scorch.Reader()
	x, ok := r.(*scorch.IndexSnapshot)
	if err != nil || !ok || x == nil {
		return false
	}
	defer x.Close()
	for _, file := range s.toMerge(x) {
		if !s.unverified[file] {
			continue
		}
		err := checkSum(s.closing, filepath.Join(storeDir(s.dir), file))
		if err == nil {
			delete(s.unverified, file)
			continue
		}
		if s.closing.Err() == nil {
			s.fail(err)
		}
		return false
	}
	return true
}

// toMerge are the files that bleve would merge of x.
func (s *Store) toMerge(x *scorch.IndexSnapshot) []string {
	var all []mergeplan.Segment
	for _, part := range x.Segments() {
		if _, ok := part.Segment().(segment.PersistedSegment); ok {
			all = append(all, part)
		}
	}
	options := mergePlan()
	if s.compacting.Load() {
		options = compactPlan()
	}
	plan, err := mergeplan.Plan(all, &options)
	if err != nil || plan == nil {
		return nil
	}
	var files []string
	for _, task := range plan.Tasks {
		for _, part := range task.Segments {
			files = append(files, filepath.Base(part.(*scorch.SegmentSnapshot).Segment().(segment.PersistedSegment).Path()))
		}
	}
	return files
}

// compactPlan merges everything.
func compactPlan() mergeplan.MergePlanOptions {
	o := mergeplan.SingleSegmentMergePlanOptions
	o.SegmentsPerMergeTask = 64
	return o
}
