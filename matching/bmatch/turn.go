package bmatch

import (
	"context"

	"github.com/linli/linli/matching/flow"
)

// turn is the way from one problem to the next. Until everybody who leaves has
// left, the source answers for the problem before; from then on for the next.
// Newcomers come without capacity first, since what gets them in place may make
// lists longer, and a longer list must have all of them.
type turn struct {
	net    *flow.Solver
	before *standing // becomes what comes after
	next   Next
}

// close takes away the requests that are gone.
func (t *turn) close(ctx context.Context) error {
	stays := make([]bool, len(t.before.nodes))
	for _, r := range t.next.Requests {
		if r != None {
			stays[r] = true
		}
	}
	for r, node := range t.before.nodes {
		if stays[r] {
			continue
		}
		if err := t.net.SetRequest(ctx, node, flow.Request{}); err != nil {
			return err
		}
		t.before.requests[node] = None
		delete(t.before.farewells, node)
	}
	return nil
}

// leave takes away the volunteers who are gone, and remembers which of their
// pairs are listed, as a list keeps them.
func (t *turn) leave(ctx context.Context) error {
	stays := make([]bool, len(t.before.people))
	for _, v := range t.next.Volunteers {
		if v != None {
			stays[v] = true
		}
	}
	for v, number := range t.before.people {
		if !stays[v] {
			if err := t.net.SetCapacity(ctx, number, 0); err != nil {
				return err
			}
		}
	}
	var pairs []Offer
	for v, number := range t.before.people {
		if stays[v] {
			continue
		}
		pairs = t.net.AppendOffers(pairs[:0], number)
		for _, o := range pairs {
			if t.before.requests[o.Request] != None {
				t.before.farewells[o.Request] = append(t.before.farewells[o.Request], Arc{Volunteer: number, Cost: o.Cost})
			}
		}
	}
	t.renumber()
	return nil
}

// renumber makes the source speak of the next problem.
func (t *turn) renumber() {
	nodes, people := make([]int32, len(t.next.Requests)), make([]int32, len(t.next.Volunteers))
	for r, was := range t.next.Requests {
		nodes[r] = None
		if was != None {
			nodes[r] = t.before.nodes[was]
			t.before.requests[nodes[r]] = int32(r)
		}
	}
	for v, was := range t.next.Volunteers {
		people[v] = None
		if was != None {
			people[v] = t.before.people[was]
		}
	}
	t.before.problem, t.before.nodes, t.before.people = t.next.Problem, nodes, people
}

// arrive adds the volunteers who are new, and gives the others the capacity that
// they have now.
func (t *turn) arrive(ctx context.Context) error {
	offers := map[int32][]Offer{}
	var pairs []Arc
	for r, node := range t.before.nodes {
		if node == None {
			continue
		}
		pairs = t.next.Newcomers.AppendBelow(pairs[:0], int32(r), t.net.Horizon(node))
		for _, a := range pairs {
			offers[a.Volunteer] = append(offers[a.Volunteer], Offer{Request: node, Cost: a.Cost})
		}
	}
	for v, was := range t.next.Volunteers {
		if was != None {
			continue
		}
		number, err := t.net.AddVolunteer(ctx, 0, offers[int32(v)])
		if err != nil {
			return err
		}
		t.before.people[v] = number
	}
	for v, number := range t.before.people {
		if k := t.next.Problem.Capacity[v]; k != t.net.Capacity(number) {
			if err := t.net.SetCapacity(ctx, number, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// open gives each request the seats that it has now, and adds the new ones.
func (t *turn) open(ctx context.Context) error {
	for r, asked := range t.next.Problem.Requests {
		q := flow.Request{Seats: asked.Seats, Penalty: asked.Penalty}
		node := t.before.nodes[r]
		switch {
		case node == None:
			t.before.nodes[r] = int32(t.net.Requests())
			t.before.requests = append(t.before.requests, int32(r))
			if _, err := t.net.AddRequest(ctx, q, nil); err != nil {
				return err
			}
		case t.net.Request(node) != q:
			if err := t.net.SetRequest(ctx, node, q); err != nil {
				return err
			}
		}
	}
	return nil
}
