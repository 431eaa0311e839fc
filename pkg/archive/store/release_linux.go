package store

import "syscall"

// releasePages lets go of the pages of a mapped file that is only read. It is advice: an
// error changes nothing.
func releasePages(mapped []byte) {
	if len(mapped) > 0 {
		_ = syscall.Madvise(mapped, syscall.MADV_DONTNEED)
	}
}
