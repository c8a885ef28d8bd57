package index

import "github.com/linli/linli/aid"

// terms interns what volunteers have in common, and counts who uses it. It is
// for one goroutine at a time.
type terms struct {
	skills   *words[aid.Skill]
	courses  *words[aid.CourseID]
	patterns *patterns
}

func newTerms() terms {
	return terms{newWords[aid.Skill](), newWords[aid.CourseID](), newPatterns()}
}

// vocabulary is the words of one moment, by which queries are made ready.
type vocabulary struct {
	skills  lexicon[aid.Skill]
	courses lexicon[aid.CourseID]
}

func (t *terms) vocabulary() vocabulary {
	return vocabulary{t.skills.lexicon(), t.courses.lexicon()}
}

// use counts a record in.
func (t *terms) use(r *record) {
	for _, s := range r.skills {
		t.skills.use(s)
	}
	for _, c := range r.held {
		t.courses.use(c.word)
	}
	t.patterns.use(r.when)
}

// release counts a record out and forgets what nobody has any more.
func (t *terms) release(r *record) {
	idle := false
	for _, s := range r.skills {
		idle = t.skills.release(s) || idle
	}
	if idle {
		t.skills.sweep()
	}
	idle = false
	for _, c := range r.held {
		idle = t.courses.release(c.word) || idle
	}
	if idle {
		t.courses.sweep()
	}
	t.patterns.release(r.when)
}

// sweep forgets whatever nobody has.
func (t *terms) sweep() {
	t.skills.sweep()
	t.courses.sweep()
	for _, p := range t.patterns.known {
		if p.uses == 0 {
			t.patterns.forget(p)
		}
	}
}
