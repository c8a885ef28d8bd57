package bmatch

import "context"

const none int32 = -1

// request is the state of a left node.
type request struct {
	price   int64 // y
	penalty int64 // P; MaxTotal for a mandatory request
	open    int64 // seats left open
	horizon int64 // every eligible pair below this cost is listed

	first  int   // place of its list in network.arcs
	listed int32 // length of its list; it only grows, at the end

	group int32 // index into quorum.groups, or none

	// Of the present search, valid when stamp is the search's.
	stamp        uint32
	cursor       int32 // next arc to scan
	dist         int64
	viaVolunteer int32 // the volunteer it would give up, none at the start of a path
	viaOwner     int32 // the entry in network.owners by which it has that volunteer
}

// volunteer is the state of a right node.
type volunteer struct {
	price  int64 // p
	free   int32 // capacity left
	owners int32 // head of the list of its seats in network.owners, or none

	// Of the present search, valid when stamp is the search's.
	stamp      uint32
	viaRequest int32 // the request that would take it
	viaArc     int32 // by which arc of its list
	dist       int64
}

// arc is a listed pair. Its place in the list of its request never changes.
type arc struct {
	cost      int64
	volunteer int32
	matched   bool
}

// owner is one unit of a volunteer's capacity in use.
type owner struct {
	cost    int64
	request int32
	arc     int32 // in the list of the request
	next    int32 // next unit of the same volunteer, or none
}

// network is the residual network with its prices. Between searches every
// residual arc between the two sides has a reduced cost of zero or more.
type network struct {
	problem *Problem
	maxCost int64

	requests   []request
	volunteers []volunteer
	arcs       []arc
	owners     []owner
	cost       int64 // Σ c·x + Σ P·u of the seats placed so far

	// The present search.
	stamp   uint32
	heap    heap
	seenReq []int32 // requests with a distance
	seenVol []int32 // full volunteers with a distance
	best    int64   // distance of the nearest end
	end     end
	effort  int  // pops left before the search gives up
	keepMin bool // minima of groups are in force, see quorum

	// Listing.
	guess   int64   // first horizon, learnt from the lists so far
	fetched []Arc   // room for the source's answers
	mark    []int32 // per volunteer, the listing that named it last
	listing int32

	quorum  *quorum
	journal journal
	stats   Stats
}

// endKind is how a shortest path ends.
type endKind uint8

const (
	endNone endKind = iota // no path within reach
	endFree                // at a volunteer with capacity left
	endOpen                // at a request that leaves a seat open instead
)

// end is where a shortest path ends.
type end struct {
	kind      endKind
	request   int32 // the last request on the path
	arc       int32 // endFree: by which arc of its list it takes the volunteer
	volunteer int32
}

func newNetwork(p *Problem, maxCost int64) *network {
	n := &network{
		problem:    p,
		maxCost:    maxCost,
		requests:   make([]request, len(p.Requests)),
		volunteers: make([]volunteer, len(p.Capacity)),
		heap:       newHeap(len(p.Requests)),
		mark:       make([]int32, len(p.Capacity)),
		guess:      firstGuess,
	}
	for r, q := range p.Requests {
		n.requests[r].group = none
		n.requests[r].penalty = min(q.Penalty, MaxTotal)
	}
	n.reset()
	return n
}

// reset takes all seats and prices back and keeps the lists.
func (n *network) reset() {
	for _, o := range n.owners {
		n.arcOf(o).matched = false
	}
	n.owners, n.cost = n.owners[:0], 0
	for r := range n.requests {
		n.requests[r].price, n.requests[r].open = 0, 0
	}
	for v := range n.volunteers {
		// One volunteer serves each request once, so more is never used.
		free := min(n.problem.Capacity[v], int64(len(n.requests)))
		n.volunteers[v].price, n.volunteers[v].free, n.volunteers[v].owners = 0, int32(free), none
	}
}

func (n *network) arcOf(o owner) *arc {
	return &n.arcs[n.requests[o.request].first+int(o.arc)]
}

// list gives the listed pairs of r.
func (n *network) list(r int32) []arc {
	row := &n.requests[r]
	return n.arcs[row.first : row.first+int(row.listed)]
}

// placeAll places the seats of all requests but the closed ones, whose seats
// stay open, in the order of the requests.
func (n *network) placeAll(ctx context.Context, closed func(r int32) bool, progress func(seats int64)) error {
	for r := range n.requests {
		row, seats := &n.requests[r], n.problem.Requests[r].Seats
		if closed != nil && closed(int32(r)) {
			n.leaveOpen(row, seats)
		} else if err := n.placeSeats(ctx, int32(r), seats); err != nil {
			return err
		}
		if progress != nil {
			progress(seats)
		}
	}
	return ctx.Err()
}

func (n *network) placeSeats(ctx context.Context, r int32, seats int64) error {
	row := &n.requests[r]
	for ; seats > 0; seats-- {
		if row.price == row.penalty && n.problem.Requests[r].Penalty != Mandatory {
			n.leaveOpen(row, seats) // y = P: nothing is cheaper than an open seat
			return nil
		}
		n.begin()
		n.start(r, 0)
		n.offerOpen(r, 0)
		if err := n.search(ctx); err != nil {
			return err
		}
		if n.end.kind == endOpen && n.problem.Requests[n.end.request].Penalty == Mandatory {
			return &InfeasibleError{n.end.request}
		}
		n.reprice()
		n.augment()
	}
	return nil
}

func (n *network) leaveOpen(row *request, seats int64) {
	row.open += seats
	n.cost += seats * row.penalty
}
