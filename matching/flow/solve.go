package flow

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"slices"
)

// Solve places all seats at the least cost and proves it. Errors are a
// [*ProblemError] for answers of the source that cannot be used, an
// [*InfeasibleError], the context's error, or [ErrUnproven]. After the context's
// error another call goes on.
func (s *Solver) Solve(ctx context.Context) error {
	s.proof.drop(s)
	if err := s.listAhead(ctx); err != nil {
		return err
	}
	done := progress{report: s.opts.Progress, seats: s.ranges.seats, requests: len(s.requests)}
	for _, tier := range s.tiers() {
		err := s.solveTier(ctx, tier, &done)
		held := false
		if errors.Is(err, errTooLong) {
			if held, err = s.hold(ctx); err == nil {
				err = s.Settle(ctx)
			}
		}
		if err != nil {
			return err
		}
		if held {
			done.finish() // all tiers took part in the auction
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := s.Prove()
	return err
}

// tiers gives the requests in classes by what their open seats cost, the dearest
// first, each in the order of the requests. So nobody is given to a request first
// whom a dearer one takes away later.
func (s *Solver) tiers() [][]int32 {
	var classes [65][]int32
	for r := range s.asked {
		class := bits.Len64(uint64(s.asked[r].dearest()))
		classes[class] = append(classes[class], int32(r))
	}
	slices.Reverse(classes[:])
	return slices.DeleteFunc(classes[:], func(tier []int32) bool { return len(tier) == 0 })
}

// solveTier places the seats of a tier beside those placed before.
func (s *Solver) solveTier(ctx context.Context, tier []int32, done *progress) error {
	var left, all int64
	var hard []int32
	for _, r := range tier {
		seats := s.need(r)
		n, err := s.place(ctx, r, seats, s.easyEffort)
		if err != nil {
			return err
		}
		if n > 0 {
			left += n
			hard = append(hard, r)
			s.requests[r].hard = true
		}
		all += seats
		done.add(s.asked[r].Seats)
	}
	if left > all/manyHard {
		if err := s.solveScarce(ctx, hard); err != nil {
			return err
		}
	}
	for _, r := range slices.Backward(hard) { // Settle takes the last first
		s.requests[r].hard = false
		if s.need(r) != 0 {
			s.waiting = append(s.waiting, r)
		}
	}
	if s.rows != nil {
		s.patience = s.auctionAfter * int64(s.rows.Pairs())
	}
	err := s.Settle(ctx)
	s.patience = math.MaxInt64
	return err
}

// progress counts what is decided and reports it once in 256 requests.
type progress struct {
	report                    func(done, total int64)
	seats, decided            int64
	requests, decidedRequests int
}

func (p *progress) add(seats int64) {
	p.decided += seats
	p.decidedRequests++
	if p.report != nil && (p.decidedRequests%256 == 0 || p.decidedRequests == p.requests) {
		p.report(p.decided, p.seats)
	}
}

// finish reports the whole, unless add has done so.
func (p *progress) finish() {
	if p.report != nil && p.decidedRequests < p.requests {
		p.report(p.seats, p.seats)
	}
}
