package apptest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/training"
)

// school is what the world holds of training.
type school struct {
	versions     map[aid.CourseID][]training.Definition
	cohorts      map[training.CohortID]*training.Cohort
	trainers     map[aid.AccountID]training.Trainer
	certificates map[training.CertificateID]training.Certificate
	acts         map[training.ActID]training.Act
	changes      map[training.CertificateID][]training.Change
	effect       training.EffectSums
	asked        training.EffectFilter
}

func newSchool() school {
	return school{
		versions: map[aid.CourseID][]training.Definition{"basics": {{
			Course: "basics", Version: 1, Hours: 4, Attendance: 100, PassMark: 60, Retakes: 1, ValidYears: 2, PublishedBy: "a-coordinator", PublishedAt: Now,
		}}},
		cohorts: map[training.CohortID]*training.Cohort{}, trainers: map[aid.AccountID]training.Trainer{}, certificates: map[training.CertificateID]training.Certificate{},
		acts: map[training.ActID]training.Act{}, changes: map[training.CertificateID][]training.Change{},
	}
}

// SeedCohort opens a cohort of basics with two seats, one place to wait and one
// session of two hours from some time on, into which people have enrolled.
func (w *World) SeedCohort(id training.CohortID, organisation aid.OrganisationID, in aid.AreaPath, from time.Time, people ...aid.VolunteerID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := training.Plan{
		Course: "basics", Version: 1, Organisation: organisation, Mode: training.InPerson, Venue: "Room 1", Location: Home,
		Trainers: []aid.AccountID{"a-trainer"}, Capacity: 2, Waiting: 1,
		Sessions: []training.Session{{Title: "one", During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}}},
	}
	c := training.New(id, p, w.school.versions["basics"][0], in, "a-coordinator", from.Add(-48*time.Hour))
	for _, v := range people {
		if _, err := c.Enrol(w.volunteers[v], training.ViaSelf, "a-coordinator", from.Add(-time.Hour)); err != nil {
			panic(err)
		}
	}
	c.Secret, c.Cell = []byte(id), cellOf(Home)
	w.school.cohorts[id] = c
}

func cellOf(p aid.Point) aid.Cell {
	c, err := grid.CellOf(p, grid.Home)
	if err != nil {
		panic(err)
	}
	return c
}

// LapsingNear finds people whose course lapses.
func (w *World) LapsingNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error) {
	return w.proposals(ctx, "LapsingNear", f, func(held aid.CourseHeld, found bool) (training.Need, bool) {
		return training.NeedLapsing, found && !held.Until.IsZero() && held.Until.Compare(f.Soon) <= 0
	})
}

// UntrainedNear finds people who never held a course.
func (w *World) UntrainedNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error) {
	return w.proposals(ctx, "UntrainedNear", f, func(_ aid.CourseHeld, found bool) (training.Need, bool) { return training.NeedNew, !found })
}

func (w *World) proposals(ctx context.Context, call string, f training.ProposalFilter, needs func(aid.CourseHeld, bool) (training.Need, bool)) ([]training.Proposal, error) {
	leave, err := w.enter(ctx, call)
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []training.Proposal
	for _, id := range slices.Sorted(maps.Keys(w.volunteers)) {
		v := w.volunteers[id]
		i := slices.IndexFunc(v.Courses, func(h aid.CourseHeld) bool { return h.Course == f.Course })
		var held aid.CourseHeld
		if i >= 0 {
			held = v.Courses[i]
		}
		need, due := needs(held, i >= 0)
		_, in := w.school.cohorts[f.Cohort].Enrolment(id)
		if due && !in && v.Active && holds(f.Areas, v.AreaPath) && slices.Contains(f.Cells, cellOf(v.Home)) {
			out = append(out, training.Proposal{Volunteer: id, Need: need, Until: held.Until, Distance: f.At.Distance(v.Home)})
		}
	}
	slices.SortFunc(out, training.Pressing)
	return out[:min(f.Limit, len(out))], nil
}

// Now is the clock of the store.
func (w *World) Now(context.Context) (time.Time, error) { return w.Clock(), nil }

// SeedCertificate gives somebody a certificate of basics that holds for two years.
func (w *World) SeedCertificate(id training.CertificateID, v aid.VolunteerID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	day := training.Day(Now)
	c := training.Certificate{ID: id, Volunteer: v, Course: "basics", Version: 1, Cohort: "k-1", CompletedOn: day, Until: day.YearsOn(2), IssuedAt: Now}
	w.keep(c)
}

// keep keeps a certificate and what it gives. The lock must be held.
func (w *World) keep(c training.Certificate) {
	w.school.certificates[c.ID] = c
	v := w.volunteers[c.Volunteer]
	training.Learn(&v, c)
	w.volunteers[v.ID] = v
}

// Sign gives what stands for a credential.
func (w *World) Sign(c training.Certificate, course training.Course) (string, error) {
	return "signed " + string(c.ID) + " " + course.ID, nil
}

// CurrentCourses lists courses with their last versions.
func (w *World) CurrentCourses(ctx context.Context) ([]training.Course, error) {
	leave, err := w.enter(ctx, "CurrentCourses")
	if err != nil {
		return nil, err
	}
	defer leave()
	out := make([]training.Course, len(w.courses))
	for i, n := range w.courses {
		out[i].Named = n
		if all := w.school.versions[aid.CourseID(n.ID)]; len(all) > 0 {
			out[i].Versions = all[len(all)-1:]
		}
	}
	return out, nil
}

// Course reads a course.
func (w *World) Course(ctx context.Context, id aid.CourseID) (training.Course, error) {
	leave, err := w.enter(ctx, "Course")
	if err != nil {
		return training.Course{}, err
	}
	defer leave()
	i := slices.IndexFunc(w.courses, func(n aid.Named) bool { return n.ID == string(id) })
	if i < 0 {
		return training.Course{}, missing("course")
	}
	return training.Course{Named: w.courses[i], Versions: w.school.versions[id]}, nil
}

// PublishCourse adds a version.
func (w *World) PublishCourse(ctx context.Context, n aid.Named, d training.Definition) (training.Definition, error) {
	leave, err := w.enter(ctx, "PublishCourse")
	if err != nil {
		return d, err
	}
	defer leave()
	if !slices.ContainsFunc(w.courses, func(o aid.Named) bool { return o.ID == n.ID }) {
		if n.NameZh == "" && n.NameEn == "" {
			return d, missing("course")
		}
		w.courses = append(w.courses, n)
	}
	all := w.school.versions[d.Course]
	if len(all) > 0 && all[len(all)-1].Same(d) {
		return all[len(all)-1], nil
	}
	d.Version, d.PublishedAt = len(all)+1, w.now
	w.school.versions[d.Course] = append(all, d)
	return d, nil
}

// Organisation reads an organisation and the path of its area.
func (w *World) Organisation(ctx context.Context, id aid.OrganisationID) (aid.Organisation, aid.AreaPath, error) {
	leave, err := w.enter(ctx, "Organisation")
	if err != nil {
		return aid.Organisation{}, "", err
	}
	defer leave()
	for _, o := range w.organisations {
		i := slices.IndexFunc(w.areas, func(a aid.Area) bool { return a.ID == o.Area })
		if o.ID == id {
			return o, w.areas[i].Path, nil
		}
	}
	return aid.Organisation{}, "", missing("organisation")
}

// AddCohort keeps a new cohort.
func (w *World) AddCohort(ctx context.Context, c *training.Cohort) error {
	leave, err := w.enter(ctx, "AddCohort")
	if err != nil {
		return err
	}
	defer leave()
	if w.school.cohorts[c.ID] != nil {
		return taken()
	}
	w.school.cohorts[c.ID] = whole(c)
	return nil
}

// whole keeps what the world holds apart from what it gave out.
func whole(c *training.Cohort) *training.Cohort {
	k := *c
	k.Enrolments, k.Issued = slices.Clone(c.Enrolments), nil
	return &k
}

func card(c *training.Cohort) training.Card {
	out := training.Card{Cohort: *c, Seats: c.Taken(), Line: c.Queue()}
	out.Enrolments, out.Marks, out.Scores, out.Waivers = nil, nil, nil, nil
	return out
}

// Cohorts lists cohorts, the last to begin first.
func (w *World) Cohorts(ctx context.Context, f training.CohortFilter, p aid.Page) (aid.PageOf[training.Card], error) {
	leave, err := w.enter(ctx, "Cohorts")
	if err != nil {
		return aid.PageOf[training.Card]{}, err
	}
	defer leave()
	var all []training.Card
	for _, c := range w.school.cohorts {
		_, enrolled := c.Enrolment(f.Volunteer)
		in := slices.ContainsFunc(w.areas, func(a aid.Area) bool { return a.ID == f.Area && a.Path.Holds(c.AreaPath) })
		if (f.Course == "" || f.Course == c.Course) && (f.Area == "" || in) && (f.Volunteer == "" || enrolled) &&
			(len(f.Statuses) == 0 || slices.Contains(f.Statuses, c.Status)) && w.plannedAs(c.ID, f) {
			all = append(all, card(c))
		}
	}
	slices.SortFunc(all, func(a, b training.Card) int {
		return cmp.Or(b.First().During.StartsAt.Compare(a.First().During.StartsAt), cmp.Compare(b.ID, a.ID))
	})
	return page(all, p)
}

// CohortCard reads a cohort without its people.
func (w *World) CohortCard(ctx context.Context, id training.CohortID) (training.Card, error) {
	c, err := w.Cohort(ctx, id)
	if err != nil {
		return training.Card{}, err
	}
	return card(c), nil
}

// Cohort reads a cohort.
func (w *World) Cohort(ctx context.Context, id training.CohortID) (*training.Cohort, error) {
	leave, err := w.enter(ctx, "Cohort")
	if err != nil {
		return nil, err
	}
	defer leave()
	if c := w.school.cohorts[id]; c != nil {
		return whole(c), nil
	}
	return nil, missing("cohort")
}

// ChangeCohort changes a cohort and keeps what it earned.
func (w *World) ChangeCohort(ctx context.Context, id training.CohortID, fn func(*training.Cohort, time.Time) error) (*training.Cohort, error) {
	leave, err := w.enter(ctx, "ChangeCohort")
	if err != nil {
		return nil, err
	}
	defer leave()
	if w.school.cohorts[id] == nil {
		return nil, missing("cohort")
	}
	c := whole(w.school.cohorts[id])
	if err := fn(c, w.now); err != nil {
		return nil, err
	}
	for i := range c.Issued {
		c.Issued[i].ID = training.CertificateID(fmt.Sprintf("cert-%d", len(w.school.certificates)+1))
		w.keep(c.Issued[i])
	}
	w.school.cohorts[id] = whole(c)
	return c, nil
}

// EnrolmentsOf reads somebody's enrolments.
func (w *World) EnrolmentsOf(ctx context.Context, v aid.VolunteerID, in []training.CohortID) (map[training.CohortID]training.Enrolment, error) {
	leave, err := w.enter(ctx, "EnrolmentsOf")
	if err != nil {
		return nil, err
	}
	defer leave()
	out := map[training.CohortID]training.Enrolment{}
	for _, id := range in {
		if e, ok := w.school.cohorts[id].Enrolment(v); ok {
			out[id] = e
		}
	}
	return out, nil
}

// VolunteersByID reads several volunteers.
func (w *World) VolunteersByID(ctx context.Context, ids []aid.VolunteerID) ([]aid.Volunteer, error) {
	leave, err := w.enter(ctx, "VolunteersByID")
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []aid.Volunteer
	for _, id := range ids {
		if v, ok := w.volunteers[id]; ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// Certificate reads a certificate.
func (w *World) Certificate(ctx context.Context, id training.CertificateID) (training.Certificate, error) {
	leave, err := w.enter(ctx, "Certificate")
	if err != nil {
		return training.Certificate{}, err
	}
	defer leave()
	if c, ok := w.school.certificates[id]; ok {
		return c, nil
	}
	return training.Certificate{}, missing("certificate")
}

// Certificates lists certificates by id.
func (w *World) Certificates(ctx context.Context, f training.CertificateFilter, p aid.Page) (aid.PageOf[training.Certificate], error) {
	leave, err := w.enter(ctx, "Certificates")
	if err != nil {
		return aid.PageOf[training.Certificate]{}, err
	}
	defer leave()
	var all []training.Certificate
	for _, id := range slices.Sorted(maps.Keys(w.school.certificates)) {
		c := w.school.certificates[id]
		mine := f.Volunteer != "" && c.Volunteer == f.Volunteer || f.Volunteer == "" && holds(f.Areas, w.volunteers[c.Volunteer].AreaPath)
		if mine && (f.Course == "" || f.Course == c.Course) {
			all = append(all, c)
		}
	}
	return page(all, p)
}

// Changes reads what was done to a certificate.
func (w *World) Changes(ctx context.Context, id training.CertificateID) ([]training.Change, error) {
	leave, err := w.enter(ctx, "Changes")
	if err != nil {
		return nil, err
	}
	defer leave()
	return w.school.changes[id], nil
}

// ActOnCertificates does an act.
func (w *World) ActOnCertificates(ctx context.Context, act training.Act, ids []training.CertificateID) (training.Act, int, error) {
	leave, err := w.enter(ctx, "ActOnCertificates")
	if err != nil {
		return act, 0, err
	}
	defer leave()
	return w.act(act, ids)
}

// act does an act. The lock must be held.
func (w *World) act(act training.Act, ids []training.CertificateID) (training.Act, int, error) {
	if _, ok := w.school.acts[act.ID]; ok {
		return act, 0, taken()
	}
	act.At = w.now
	changed := 0
	for _, id := range ids {
		c := w.school.certificates[id]
		before := c.Until
		did, err := c.Apply(act)
		if err != nil {
			return act, 0, err
		}
		if !did {
			continue
		}
		changed++
		v := w.volunteers[c.Volunteer]
		if w.school.certificates[id] = c; act.Kind == training.ActRevoke {
			training.Unlearn(&v, c, []training.Certificate{c})
		} else {
			training.Learn(&v, c)
		}
		w.volunteers[v.ID] = v
		w.school.changes[id] = append(w.school.changes[id], training.Change{Act: act, Before: before, After: c.Until})
	}
	if changed > 0 {
		w.school.acts[act.ID] = act
	}
	return act, changed, nil
}

// Prolong does an act to every certificate of a filter.
func (w *World) Prolong(ctx context.Context, act training.Act, f training.LapsingFilter) (training.Act, int, error) {
	leave, err := w.enter(ctx, "Prolong")
	if err != nil {
		return act, 0, err
	}
	defer leave()
	var ids []training.CertificateID
	for id, c := range w.school.certificates {
		if c.Course == f.Course && c.RevokedAt.IsZero() && c.Until.Compare(f.Days.From) >= 0 && c.Until.Compare(f.Days.To) <= 0 &&
			holds(f.Areas, w.volunteers[c.Volunteer].AreaPath) {
			ids = append(ids, id)
		}
	}
	return w.act(act, ids)
}

// Act reads an act.
func (w *World) Act(ctx context.Context, id training.ActID) (training.Act, int, error) {
	leave, err := w.enter(ctx, "Act")
	if err != nil {
		return training.Act{}, 0, err
	}
	defer leave()
	act, ok := w.school.acts[id]
	if !ok {
		return act, 0, missing("act")
	}
	n := 0
	for _, all := range w.school.changes {
		for _, c := range all {
			if c.ID == id {
				n++
			}
		}
	}
	return act, n, nil
}
