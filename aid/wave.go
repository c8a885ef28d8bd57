package aid

import (
	"math"
	"time"
)

// Wanted is the chance with which the offers of one wave should fill their seats,
// made now for r: what has to come of each of the waves that are left, so that all
// of them together fill the seats as surely as the policy wants. It is 1, as many
// as may be asked, where the policy names no certainty.
func (p SearchPolicy) Wanted(r *HelpRequest, now time.Time) float64 {
	sure, named := p.Certainty[r.Urgency]
	if !named {
		return 1
	}
	return 1 - math.Pow(1-sure, 1/float64(p.wavesLeft(r, now)))
}

// wavesLeft is how many times people can be asked, one wave after the other's
// deadline, before the window or the next visit begins; at least 1, and at most what the policy
// lets the urgency wait for.
func (p SearchPolicy) wavesLeft(r *HelpRequest, now time.Time) int {
	most := max(p.Waves[r.Urgency], 1)
	answer := p.Answer[r.Urgency]
	if answer <= 0 {
		return 1
	}
	return int(min(max(int64(r.Next(now).StartsAt.Sub(now)/answer), 1), int64(most)))
}

// wave decides for one role how many of its picks are asked.
type wave struct {
	open    int       // seats that nobody holds
	seats   int       // of them, that nobody is asked for
	room    int       // people who may be asked yet
	chances []float64 // of those who are being asked
	wanted  float64
}

// wants tells whether one more should be asked: somebody for each seat, and more
// until enough of them are likely to say yes.
func (w *wave) wants() bool {
	return w.room > 0 && (w.seats > 0 || w.wanted >= 1 || AtLeast(w.open, w.chances) < w.wanted)
}

// ask counts one more in.
func (w *wave) ask(chance float64) {
	w.room--
	w.seats--
	w.chances = append(w.chances, likely(chance))
}

// StandbyWanted is how many people beside one for each seat that nobody is asked for
// are worth choosing for a role, if they say yes as often as no: whoever is chosen
// and not asked is missing to others.
func (r *HelpRequest) StandbyWanted(role int, p SearchPolicy, now time.Time) int {
	w := r.waves(p, now)[role]
	n := -w.seats
	for w.wants() {
		w.ask(evenOdds)
		n++
	}
	return max(n, 0)
}

// likely is a chance as it is counted; an unknown one stands for even odds.
func likely(chance float64) float64 {
	if chance == 0 {
		return evenOdds
	}
	return chance
}

// waves are those of all roles.
func (r *HelpRequest) waves(p SearchPolicy, now time.Time) []wave {
	out := make([]wave, len(r.Roles))
	wanted := p.Wanted(r, now)
	for _, v := range r.Vacancies(p.AsksPerSeat[r.Urgency]) {
		w := wave{open: r.openSeats(v.Role, r.Roles[v.Role].People), seats: v.Seats, room: v.Seats + v.Standby, wanted: wanted}
		for _, o := range r.Offers {
			if o.Role == v.Role && o.Status == OfferPending {
				w.chances = append(w.chances, likely(o.Chance))
			}
		}
		out[v.Role] = w
	}
	return out
}
