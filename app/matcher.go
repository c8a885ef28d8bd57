package app

import (
	"context"
	"math"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// Candidate is somebody who could be asked for a role of a help request. Costs
// and distances that leave this package are [coarse].
type Candidate struct {
	Role      int // index into the request's roles
	Volunteer aid.VolunteerID
	Cost      aid.Cost
}

// Shortlist ranks the candidates of one role, and says why the others cannot be
// asked.
type Shortlist struct {
	Role       int
	Candidates []Candidate // cheapest first, equal ones by id
	Reasons    aid.ReasonCounts
	Almost     []Miss // for each hard rule the nearest who fails it and no other
}

// Miss is somebody who could be asked but for one hard rule.
type Miss struct {
	Volunteer aid.VolunteerID
	Fails     string // the rule, a word such as "too_far"
	Distance  int64  // metres
}

// Verdict says of one volunteer and one role why they may not be asked.
type Verdict struct {
	Role     int
	Fails    string   // the first hard rule failed, a word such as "too_far"; empty when eligible
	Cost     aid.Cost // what asking would cost
	Distance float64  // metres
	// Until is when somebody who rests may be asked again, to the next quarter of an
	// hour; zero for all others, and where only an answer to an offer ends it.
	Until time.Time
	// Extra is by how much the plan of all open requests around would get dearer
	// if the volunteer were chosen; nil when they fail a rule or it is not known.
	Extra *int64
}

// Verdicts beside those of the index.
const (
	FailsInactive = "inactive" // the volunteer is not active
	FailsExcluded = "excluded" // a person said that they are not to be asked for this request
)

// Matcher judges volunteers for a help request, each on their own: competition
// between requests is decided in match rounds, and shows in [Verdict.Extra] only.
// WhyNot is [aid.NotFound]
// for a volunteer who is not active; both are [aid.Unavailable] until the
// people are loaded.
type Matcher interface {
	Candidates(ctx context.Context, r *aid.HelpRequest, limit int) ([]Shortlist, error)
	WhyNot(ctx context.Context, r *aid.HelpRequest, v aid.VolunteerID) ([]Verdict, error)
}

// Candidates ranks, for each role, who could be asked now, at most limit each. A
// request that asks one volunteer alone has no other candidate.
func (u *Requests) Candidates(ctx context.Context, by Caller, id aid.RequestID, limit int) ([]Shortlist, error) {
	r, err := u.allowed(ctx, by, policy.ReadCandidates, id)
	if err != nil {
		return nil, err
	}
	if r.OnlyAsks != "" {
		return u.onlyCandidate(ctx, r, limit)
	}
	lists, err := u.Matcher.Candidates(ctx, r, limit)
	for _, l := range lists {
		for i := range l.Candidates {
			l.Candidates[i].Cost.Distance = coarse(l.Candidates[i].Cost.Distance)
		}
		for i := range l.Almost {
			l.Almost[i].Distance = coarse(l.Almost[i].Distance)
		}
	}
	return lists, err
}

func (u *Requests) onlyCandidate(ctx context.Context, r *aid.HelpRequest, limit int) ([]Shortlist, error) {
	who, err := u.People.Volunteer(ctx, r.OnlyAsks)
	if err != nil {
		return nil, err
	}
	verdicts, err := u.judge(ctx, r, who)
	if err != nil {
		return nil, err
	}
	lists := make([]Shortlist, len(verdicts))
	for i, v := range verdicts {
		lists[i].Role = v.Role
		if v.Fails == "" && limit > 0 {
			lists[i].Candidates = []Candidate{{v.Role, r.OnlyAsks, v.Cost}}
		}
	}
	return lists, nil
}

// coarse rounds metres up to whole hundreds. Exact distances from a few places
// of one's own choice would tell where somebody lives.
func coarse(metres int64) int64 { return (metres + 99) / 100 * 100 }

// quarter rounds up to a quarter of an hour. An exact end of a rest would tell when
// the volunteer was asked, or declined, elsewhere.
func quarter(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	const step = 15 * time.Minute
	return t.Add(step - 1).Truncate(step)
}

// WhyNot says for each role why a volunteer would not be asked, or what asking
// them would cost. The caller must be allowed to know of the volunteer.
func (u *Requests) WhyNot(ctx context.Context, by Caller, id aid.RequestID, v aid.VolunteerID) ([]Verdict, error) {
	r, err := u.allowed(ctx, by, policy.ReadWhyNot, id)
	if err != nil {
		return nil, err
	}
	who, err := u.People.Volunteer(ctx, v)
	if err == nil {
		err = policy.Allow(by.Account, policy.ReadVolunteer, policy.Resource{
			Area: who.AreaPath, Volunteer: v, Confirmed: bindsConfirmed(r, v),
		})
	}
	if err != nil {
		return nil, hidden(err, "volunteer")
	}
	return u.judge(ctx, r, who)
}

// judge says for each role of a request why a volunteer would not be asked.
func (u *Requests) judge(ctx context.Context, r *aid.HelpRequest, who aid.Volunteer) (verdicts []Verdict, err error) {
	v := who.ID
	verdicts = make([]Verdict, len(r.Roles))
	if who.Active {
		verdicts, err = u.Matcher.WhyNot(ctx, r, v)
	} else {
		for i := range verdicts {
			verdicts[i] = Verdict{Role: i, Fails: FailsInactive, Distance: r.Location.Distance(who.Home)}
		}
	}
	for i := range verdicts {
		if r.Excludes(v) {
			verdicts[i].Fails, verdicts[i].Extra, verdicts[i].Until = FailsExcluded, nil, time.Time{}
		}
		verdicts[i].Until = quarter(verdicts[i].Until)
		verdicts[i].Distance = float64(coarse(int64(math.Ceil(verdicts[i].Distance))))
		verdicts[i].Cost.Distance = coarse(verdicts[i].Cost.Distance)
		if extra := verdicts[i].Extra; extra != nil {
			verdicts[i].Extra = new(coarse(*extra))
		}
	}
	return verdicts, err
}

// bindsConfirmed tells whether a confirmed pairing binds the volunteer to r.
func bindsConfirmed(r *aid.HelpRequest, v aid.VolunteerID) bool {
	for _, p := range r.Pairings {
		if p.Volunteer == v && p.Status == aid.PairingConfirmed {
			return true
		}
	}
	return false
}
