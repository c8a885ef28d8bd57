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
	s.lands = s.cut()
	tiers := s.tiers(&done)
	for _, tier := range tiers {
		err := s.solveTier(ctx, tier, len(tiers) == 1, &done)
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
// whom a dearer one takes away later. Requests for whom nobody at all is eligible
// are done with at once.
func (s *Solver) tiers(done *progress) [][]int32 {
	var size, at [65]int
	live := make([]int32, 0, len(s.asked))
	for r := range int32(len(s.asked)) {
		if s.leaveAlone(r) {
			done.add(s.asked[r].Seats)
			continue
		}
		size[s.classOf(r)]++
		live = append(live, r)
	}
	var tiers [][]int32
	sorted := make([]int32, len(live))
	rest := sorted
	for class, n := range slices.Backward(size[:]) {
		if n > 0 {
			at[class] = len(sorted) - len(rest)
			tiers = append(tiers, rest[:n])
			rest = rest[n:]
		}
	}
	for _, r := range live {
		class := s.classOf(r)
		sorted[at[class]] = r
		at[class]++
	}
	return tiers
}

func (s *Solver) classOf(r int32) int { return bits.Len64(uint64(s.asked[r].dearest())) }

// leaveAlone leaves all seats of r open when its row is empty, and says whether it
// is.
func (s *Solver) leaveAlone(r int32) bool {
	row := &s.requests[r]
	if !s.written(r) || s.rows.first[r] != s.rows.first[r+1] || row.listed > 0 || s.asked[r].Keep > 0 {
		return false
	}
	row.price, row.horizon = row.ceiling, MaxTotal
	s.leaveOpen(r, s.asked[r].Seats-row.open)
	return true
}

// solveTier places the seats of a tier, which may be the only one, beside those
// placed before.
func (s *Solver) solveTier(ctx context.Context, tier []int32, isOnly bool, done *progress) error {
	var all int64
	for _, r := range tier {
		all += s.need(r)
	}
	swept, err := s.sweepAll(ctx, tier, done)
	if err != nil {
		return err
	}
	hard := swept.hard
	tooLong, err := s.makeReady(ctx, hard, isOnly, swept.left, all)
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
func (s *Solver) makeReady(ctx context.Context, hard []int32, isOnly bool, left, all int64) (tooLong bool, err error) {
	if left > all/2 && s.nearPenalties() {
		return true, nil
	}
	isMarket := false
	if left > all/manyHard {
		if err := s.solveScarce(ctx, hard); err != nil {
			return false, err
		}
		isMarket = isOnly && s.isMarket(hard)
	}
	if s.rows == nil || len(s.lands) > 0 {
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
