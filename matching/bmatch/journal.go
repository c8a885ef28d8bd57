package bmatch

// journal remembers how to take changes of a network back. It is off until
// recording is set, so that a plain solve pays nothing for it.
type journal struct {
	recording bool
	entries   []change
}

type changeKind uint8

const (
	changeRequestPrice changeKind = iota
	changeVolunteerPrice
	changeOpened
	changeSeated
	changeTaken
	changePassed
)

// change is one step; which fields count depends on its kind.
type change struct {
	kind changeKind
	node int32 // request, volunteer or unit
	req  int32 // passed: the request before
	arc  int32 // passed: its arc before
	old  int64 // a price before
}

func (j *journal) add(c change) {
	if j.recording {
		j.entries = append(j.entries, c)
	}
}

func (j *journal) requestPrice(r int32, old int64) {
	j.add(change{kind: changeRequestPrice, node: r, old: old})
}

func (j *journal) volunteerPrice(v int32, old int64) {
	j.add(change{kind: changeVolunteerPrice, node: v, old: old})
}

func (j *journal) opened(r int32) { j.add(change{kind: changeOpened, node: r}) }

func (j *journal) seated(r int32) { j.add(change{kind: changeSeated, node: r}) }

func (j *journal) taken(v int32) { j.add(change{kind: changeTaken, node: v}) }

func (j *journal) passed(unit, r, arc int32) {
	j.add(change{kind: changePassed, node: unit, req: r, arc: arc})
}

// undo takes back everything in the journal, latest first.
func (n *network) undo() {
	for i := len(n.journal.entries) - 1; i >= 0; i-- {
		switch c := n.journal.entries[i]; c.kind {
		case changeRequestPrice:
			n.requests[c.node].price = c.old
		case changeVolunteerPrice:
			n.volunteers[c.node].price = c.old
		case changeOpened:
			n.leaveOpen(&n.requests[c.node], -1)
		case changeSeated:
			n.leaveOpen(&n.requests[c.node], 1)
		case changeTaken:
			v, last := &n.volunteers[c.node], n.owners[len(n.owners)-1]
			n.arcOf(last).matched = false
			n.cost -= last.cost
			v.owners = last.next
			v.free++
			n.owners = n.owners[:len(n.owners)-1]
		case changePassed:
			n.reassign(c.node, c.req, c.arc)
		}
	}
	n.journal.entries = n.journal.entries[:0]
}
