// Package families makes the instances on which solvers are measured, from a
// size and a seed, the same on every machine.
//
//	provinces    m_… and o_…: matching/scenario's province, 32 cheapest eligible
//	             candidates a request; m: 1–10 seats, capacity 1–3, o: one to one
//	churn        the same a little later, when a few people have come and gone
//	crews        the same with requests that want all their people or nobody
//	adversarial  costs and shapes that are made to hurt
//	dimacs       the assignment families of the first DIMACS challenge
//	public       spatial crowdsourcing data, given as files
//
// Costs are metres and metre-like points in the first two, and bare numbers
// elsewhere. A size is a number of requests.
package families

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/linli/linli/bench/matching/instance"
)

// Suite groups families that are measured together.
type Suite string

// The suites.
const (
	Provinces   Suite = "provinces"
	Churn       Suite = "churn"
	Crews       Suite = "crews"
	Adversarial Suite = "adversarial"
	DIMACS      Suite = "dimacs"
	Public      Suite = "public"
)

// Suites in the order in which they are run.
func Suites() []Suite { return []Suite{Provinces, Churn, Crews, Adversarial, DIMACS, Public} }

// Family is one kind of instance.
type Family struct {
	Name  string
	Suite Suite
	About string
	Sizes []int // requests, ascending, unless told otherwise

	make func(ctx context.Context, s *Store, n int, r *rand.Rand) (*instance.Instance, error)
}

// All gives the families. Those of public data are there when dir names the
// directory of the files; "" leaves them out.
func All(dir string) []Family {
	return slices.Concat(provinces(), churned(), adversarial(), assignments(), public(dir))
}

// Store keeps instances in files, since a province takes minutes to make.
type Store struct {
	dir   string
	seed  uint64
	whole population
}

// population is a province. Smaller instances are some of its counties, so that
// people live as close together as in the whole of it.
type population struct{ requests, volunteers int }

// whole is the province that all figures speak of.
var whole = population{requests: 100_000, volunteers: 2_659_000}

// NewStore keeps instances of one seed in dir, which is created when absent.
func NewStore(dir string, seed uint64) (*Store, error) {
	return &Store{dir, seed, whole}, os.MkdirAll(dir, 0o755)
}

// edition is raised when a generator changes what it makes, so that instances
// kept by an earlier one are not taken for today's.
const edition = 2

// Path gives the file of an instance of n requests, which is made when absent.
func (s *Store) Path(ctx context.Context, f Family, n int) (string, error) {
	return s.keep(fmt.Sprintf("%s-%d", f.Name, n), func() (*instance.Instance, error) {
		in, err := f.make(ctx, s, n, s.random(f.Name, n))
		if err != nil {
			return nil, fmt.Errorf("family %s of size %d: %w", f.Name, n, err)
		}
		return in, nil
	})
}

func (s *Store) keep(name string, produce func() (*instance.Instance, error)) (string, error) {
	path := filepath.Join(s.dir, fmt.Sprintf("%s-%d-%d.instance", name, s.seed, edition))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	in, err := produce()
	if err != nil {
		return "", err
	}
	return path, in.Save(path)
}

// random gives each family and size a stream of its own.
func (s *Store) random(name string, n int) *rand.Rand {
	stream := uint64(n)
	for _, b := range []byte(name) {
		stream = stream*1099511628211 ^ uint64(b)
	}
	return rand.New(rand.NewPCG(s.seed, stream))
}
