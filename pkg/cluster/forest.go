package cluster

// A forest is a union-find: the entry of an article is the number of its parent,
// that of a root is minus the size of its tree.
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = -1
	}
	return f
}

// root is the root of the tree of i. It halves the path on its way.
func (f forest) root(i int32) int32 {
	for f[i] >= 0 {
		if f[f[i]] >= 0 {
			f[i] = f[f[i]]
		}
		i = f[i]
	}
	return i
}

// tie joins the trees of a and b, the smaller below the larger, and reports the
// root and whether they were two.
func (f forest) tie(a, b int32) (root int32, tied bool) {
	a, b = f.root(a), f.root(b)
	if a == b {
		return a, false
	}
	if f[a] > f[b] {
		a, b = b, a
	}
	f[a] += f[b]
	f[b] = a
	return a, true
}

// size is the number of articles below a root.
func (f forest) size(root int32) int { return int(-f[root]) }
