package aid

import "strings"

// AreaPath is an area's place in the tree: the ids from the root down, each
// closed by a slash, such as "/hlj/hlj.harbin/". An area holds another if its
// path begins the other's.
type AreaPath string

// Holds tells whether p is q or lies above it. The empty path holds nothing.
func (p AreaPath) Holds(q AreaPath) bool {
	return p != "" && strings.HasPrefix(string(q), string(p))
}

// Child is the path of the area id directly under p.
func (p AreaPath) Child(id AreaID) AreaPath {
	if p == "" {
		p = "/"
	}
	return p + AreaPath(id) + "/"
}

// Above lists p and every path above it, lowest first.
func (p AreaPath) Above() []AreaPath {
	var out []AreaPath
	for i := len(p) - 1; i > 0; i-- {
		if p[i] == '/' {
			out = append(out, p[:i+1])
		}
	}
	return out
}
