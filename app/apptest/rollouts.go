package apptest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/workflows/contract"
)

// campaign is what the world holds of one rollout. Its process makes no plans: tests
// say what the last one is.
type campaign struct {
	rollout.Kept
	versions   []rollout.Version
	amendments map[string]amendment
	departures map[aid.VolunteerID]aid.Date
	plan       rollout.KeptPlan
	checkpoint rollout.Checkpoint
	seated     map[int][]rollout.AtPath // by number of the planned cohort
}

type amendment struct {
	source rollout.Source
	base   int
	by     aid.AccountID

	inForce bool
}

// RolloutFile is a sound file by which an area trains people in the year after that of
// the world.
func RolloutFile(name string, area aid.AreaID) rollout.Source {
	return rollout.Source{Text: `name: ` + name + `
costs: {lecturer_km: 1, traveller_km: 1, empty_seat: 1, late_month: 50}
lecturer_km: 10
cohorts_per_lecturer: 2
road_percent: 100
areas_csv: areas.csv
audience: [{area: ` + string(area) + `, tier: community, tree: regional, organisations: 3}]
courses: [{id: basics}]
steps:
  - {id: s, run_by: county, roles: [lead], organisations: [{tier: community, tree: regional}], courses: [basics],
     start: 2027-01, deadline: 2027-12, least_size: 1, most_size: 6, travel_km: 0}
`, Beside: map[string]string{"areas.csv": "id,name,name_zh,tier,parent,lat,lng,venue_cohorts,lecturers\n" + string(area) + ",North,北,county,,45,126,2,1\n"}}
}

// Plan keeps a plan of a rollout, with its cohorts, and who holds a seat in them.
func (w *World) Plan(id aid.RolloutID, p rollout.KeptPlan, c rollout.Checkpoint, seated map[int][]rollout.AtPath) {
	w.mu.Lock()
	defer w.mu.Unlock()
	k, err := w.campaign(id)
	if err != nil {
		panic(err)
	}
	k.plan, k.checkpoint, k.seated, k.Status = p, c, seated, rollout.Running
}

// plannedAs says whether a cohort is one that a rollout announced, in a step and for
// people of an area; of a filter that names none of these, that it is. The lock must be
// held.
func (w *World) plannedAs(id training.CohortID, f training.CohortFilter) bool {
	if f.Rollout == "" && f.Step == "" && f.PeopleOf == "" {
		return true
	}
	return slices.ContainsFunc(w.rollouts, func(k campaign) bool {
		return (f.Rollout == "" || f.Rollout == k.ID) && slices.ContainsFunc(k.plan.Cohorts, func(p rollout.Planned) bool {
			from := slices.ContainsFunc(p.From, func(e rollout.Enrolment) bool { return e.Area == f.PeopleOf })
			return p.Announced && p.CohortID(k.ID) == string(id) && (f.Step == "" || f.Step == string(p.Step)) && (f.PeopleOf == "" || from)
		})
	})
}

// Departures are who was noted to have left, with the days.
func (w *World) Departures(id aid.RolloutID) map[aid.VolunteerID]aid.Date {
	w.mu.Lock()
	defer w.mu.Unlock()
	k, err := w.campaign(id)
	if err != nil {
		panic(err)
	}
	return k.departures
}

// campaign finds a rollout. The lock must be held.
func (w *World) campaign(id aid.RolloutID) (*campaign, error) {
	i := slices.IndexFunc(w.rollouts, func(k campaign) bool { return k.ID == id })
	if i < 0 {
		return nil, missing("rollout")
	}
	return &w.rollouts[i], nil
}

// ofRollout runs one call on a rollout.
func ofRollout[T any](ctx context.Context, w *World, call string, id aid.RolloutID, fn func(k *campaign) T) (out T, err error) {
	leave, err := w.enter(ctx, call)
	if err != nil {
		return out, err
	}
	defer leave()
	k, err := w.campaign(id)
	if err != nil {
		return out, err
	}
	return fn(k), nil
}

// OpenRollout adds a rollout.
func (w *World) OpenRollout(ctx context.Context, k rollout.Kept) error {
	leave, err := w.enter(ctx, "OpenRollout")
	if err != nil {
		return err
	}
	defer leave()
	if _, err := w.campaign(k.ID); err == nil {
		return aid.Because(aid.Conflict, aid.ReasonAlreadyExists, "the id is taken")
	}
	k.Status, k.Version = rollout.Planning, 1
	w.rollouts = append(w.rollouts, campaign{
		Kept: k, versions: []rollout.Version{{Version: 1, By: k.OpenedBy, At: k.OpenedAt}},
		amendments: map[string]amendment{}, departures: map[aid.VolunteerID]aid.Date{},
	})
	return nil
}

// Rollouts lists rollouts, all in one page.
func (w *World) Rollouts(ctx context.Context, _ aid.Page) (page aid.PageOf[rollout.Kept], err error) {
	leave, err := w.enter(ctx, "Rollouts")
	if err != nil {
		return page, err
	}
	defer leave()
	for _, k := range slices.Backward(w.rollouts) {
		kept := k.Kept
		kept.Source = rollout.Source{}
		page.Items = append(page.Items, kept)
	}
	return page, nil
}

// Rollout reads one.
func (w *World) Rollout(ctx context.Context, id aid.RolloutID) (rollout.Kept, error) {
	return ofRollout(ctx, w, "Rollout", id, func(k *campaign) rollout.Kept { return k.Kept })
}

// RolloutVersions lists the versions that came into force.
func (w *World) RolloutVersions(ctx context.Context, id aid.RolloutID) ([]rollout.Version, error) {
	return ofRollout(ctx, w, "RolloutVersions", id, func(k *campaign) []rollout.Version { return k.versions })
}

// KeepAmendment keeps an amendment.
func (w *World) KeepAmendment(ctx context.Context, id aid.RolloutID, name string, base int, source rollout.Source, by aid.AccountID, _ time.Time) error {
	_, err := ofRollout(ctx, w, "KeepAmendment", id, func(k *campaign) struct{} {
		if _, kept := k.amendments[name]; !kept {
			k.amendments[name] = amendment{source: source, base: base, by: by}
		}
		return struct{}{}
	})
	return err
}

// AmendRollout puts an amendment in force, as the process does.
func (w *World) AmendRollout(ctx context.Context, id string, m contract.AmendRollout) (contract.RolloutAmended, error) {
	type answer struct {
		contract.RolloutAmended
		err error
	}
	out, err := ofRollout(ctx, w, "AmendRollout", m.Rollout, func(k *campaign) answer {
		w.messages = append(w.messages, id)
		a := k.amendments[m.Amendment]
		if a.inForce {
			return answer{RolloutAmended: contract.RolloutAmended{Version: a.base + 1}}
		}
		if k.Version != a.base {
			return answer{err: aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "another came first")}
		}
		f, err := rolloutfile.Parse(a.source)
		if err != nil {
			return answer{err: err}
		}
		k.Version, k.Source, k.Name, k.NameZh = a.base+1, a.source, f.Rollout.Name, f.Rollout.NameZh
		a.inForce = true
		k.amendments[m.Amendment] = a
		k.versions = append(k.versions, rollout.Version{Version: k.Version, By: a.by, At: w.now})
		return answer{RolloutAmended: contract.RolloutAmended{Version: k.Version}}
	})
	if err == nil {
		err = out.err
	}
	return out.RolloutAmended, err
}

// LastPlan gives the plan.
func (w *World) LastPlan(ctx context.Context, id aid.RolloutID) (rollout.KeptPlan, error) {
	return ofRollout(ctx, w, "LastPlan", id, func(k *campaign) rollout.KeptPlan { return k.plan })
}

// LastCheckpoint gives the last count.
func (w *World) LastCheckpoint(ctx context.Context, id aid.RolloutID) (rollout.Checkpoint, error) {
	return ofRollout(ctx, w, "LastCheckpoint", id, func(k *campaign) rollout.Checkpoint { return k.checkpoint })
}

// PlannedCohorts gives the cohorts of the plan, all in one page.
func (w *World) PlannedCohorts(ctx context.Context, id aid.RolloutID, f rollout.CalendarFilter, _ aid.Page) (aid.PageOf[rollout.Turnout], error) {
	return ofRollout(ctx, w, "PlannedCohorts", id, func(k *campaign) (page aid.PageOf[rollout.Turnout]) {
		for _, p := range k.plan.Cohorts {
			if (f.Step == "" || f.Step == p.Step) && (f.Area == "" || f.Area == p.Area || f.Area == p.Venue) && p.Month >= f.From && (f.Until == 0 || p.Month <= f.Until) {
				page.Items = append(page.Items, rollout.Turnout{Planned: p, Seated: k.seated[p.No]})
			}
		}
		return page
	})
}

// NoteDeparture notes that somebody has left their office.
func (w *World) NoteDeparture(ctx context.Context, id aid.RolloutID, v aid.VolunteerID, on aid.Date, _ aid.AccountID, _ time.Time) error {
	_, err := ofRollout(ctx, w, "NoteDeparture", id, func(k *campaign) struct{} {
		if _, noted := k.departures[v]; !noted {
			k.departures[v] = on
		}
		return struct{}{}
	})
	return err
}

// KnownAreas gives those that are areas of the world, with what each stands for.
func (w *World) KnownAreas(ctx context.Context, ids []aid.AreaID) (map[aid.AreaID]aid.AreaID, error) {
	leave, err := w.enter(ctx, "KnownAreas")
	if err != nil {
		return nil, err
	}
	defer leave()
	known := map[aid.AreaID]aid.AreaID{}
	for _, a := range w.areas {
		if slices.Contains(ids, a.ID) {
			known[a.ID] = cmp.Or(a.MergedInto, a.ID)
		}
	}
	return known, nil
}
