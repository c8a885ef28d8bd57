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
	if err := s.Settle(ctx); err != nil { // what an earlier call left undone
		return err
	}
	if err := s.listAhead(ctx); err != nil {
		return err
	}
	done := progress{report: s.opts.Progress, seats: s.ranges.seats, requests: len(s.requests)}
	for _, tier := range s.tiers() {
		err := s.solveTier(ctx, tier, &done)
		s.patience = math.MaxInt64
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
	effort := s.easyEffort
	for _, r := range tier {
		seats := s.need(r)
		n, err := s.place(ctx, r, seats, effort)
		if err != nil {
			return err
		}
		if n == 0 {
			effort = s.easyEffort
		} else {
			effort = max(leastEffort, effort/2)
			left += n
			hard = append(hard, r)
			s.requests[r].hard = true
		}
		all += seats
		done.add(s.asked[r].Seats)
	}
	tooLong, err := s.makeReady(ctx, tier, hard, left, all)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(hard) { // Settle takes the last first
		s.requests[r].hard = false
		if s.need(r) != 0 {
			s.waiting = append(s.waiting, r)
		}
	}
	if tooLong {
		return errTooLong
	}
	return s.Settle(ctx)
}

// makeReady prepares for the seats of hard requests, so many of all in the tier, and
// says whether searches for them would surely take too long.
func (s *Solver) makeReady(ctx context.Context, tier, hard []int32, left, all int64) (tooLong bool, err error) {
	if left > all/2 && s.nearPenalties() {
		return true, nil
	}
	isMarket := false
	if left > all/manyHard {
		if err := s.solveScarce(ctx, hard); err != nil {
			return false, err
		}
		isMarket = len(tier) == len(s.requests) && s.isMarket(hard)
	}
	if s.rows == nil {
		return false, nil
	}
	s.patience = s.auctionAfter * int64(s.rows.Pairs())
	if isMarket {
		s.patience /= auctionSooner
		tooLong = int64(len(hard))*int64(len(s.requests)) > int64(s.rows.Pairs())
	}
	return tooLong, nil
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
