package dimacs

import (
	"context"
	"errors"
	"io"
	"math/bits"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
)

// ErrInfeasible is wrapped by errors that say that a well-formed problem has no
// solution. Their kind is [aid.Invalid].
var ErrInfeasible = errors.New("infeasible")

// Solution is an optimal flow with its proof.
type Solution struct {
	network *Network
	result  *bmatch.Result
	cost    int64
	cpu     time.Duration
}

// Solve finds a flow of least cost. An error that wraps [ErrInfeasible] says
// why there is none; other errors are of kind [aid.Invalid] when the numbers
// are out of range, or the context's. Only opts.Progress matters.
func (n *Network) Solve(ctx context.Context, opts bmatch.Options) (*Solution, error) {
	if err := n.balanced(); err != nil {
		return nil, err
	}
	problem := n.problem()
	before := cpuTime()
	res, err := bmatch.Solve(ctx, problem, opts)
	cpu := cpuTime() - before
	if err != nil {
		return nil, n.explain(err)
	}
	s := &Solution{network: n, result: res, cost: res.Objective, cpu: cpu}
	for _, l := range n.left {
		var ok bool
		if s.cost, ok = subtractProduct(s.cost, l.shift, l.seats); !ok {
			return nil, aid.Errorf(aid.Invalid, "the cost of the solution does not fit in 64 bits; scale the costs down")
		}
	}
	return s, nil
}

func (n *Network) balanced() error {
	if n.supply == n.demand {
		return nil
	}
	if n.sink == 0 {
		return infeasible("%d left and %d right nodes: a perfect matching needs as many of each", n.supply, n.demand)
	}
	return infeasible("the supply is %d and the demand of the sink %d; they must be equal", n.supply, n.demand)
}

// explain says an error of the solver in terms of the file.
func (n *Network) explain(err error) error {
	if e, ok := errors.AsType[*bmatch.InfeasibleError](err); ok {
		node := n.left[e.Request].node
		if n.sink == 0 {
			return infeasible("no perfect matching: the left node %d and those that compete with it have too few right nodes", node)
		}
		return infeasible("the supply of node %d and of those that compete with it cannot all reach the sink", node)
	}
	if e, ok := errors.AsType[*bmatch.ProblemError](err); ok {
		return &aid.Error{Kind: aid.Invalid, Message: "the numbers are too large to be solved exactly; scale the costs down", Err: e}
	}
	return err
}

func infeasible(format string, args ...any) error {
	e := aid.Errorf(aid.Invalid, "infeasible: "+format, args...)
	e.Err = ErrInfeasible
	return e
}

// subtractProduct gives x − a·b for a, b ≥ 0, and whether it fits.
func subtractProduct(x, a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi != 0 || lo > 1<<63-1 {
		return 0, false
	}
	diff := x - int64(lo)
	return diff, diff <= x
}

// Run reads a problem from r, solves it and writes the solution lines to w. The
// certificate is valid without an error, and then has the status optimal, and
// with an error that wraps [ErrInfeasible].
func Run(ctx context.Context, r io.Reader, w io.Writer, opts bmatch.Options) (Certificate, error) {
	n, err := Read(r)
	if err != nil {
		return Certificate{}, err
	}
	s, err := n.Solve(ctx, opts)
	if errors.Is(err, ErrInfeasible) {
		return Certificate{Status: StatusInfeasible, Prices: []int64{}}, err
	}
	if err != nil {
		return Certificate{}, err
	}
	return s.Certificate(), s.Write(w)
}
