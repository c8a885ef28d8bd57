package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training"
)

// trainingData is the page of cohorts.
type trainingData struct {
	Mine         []cohortItem // that a volunteer has enrolled in
	Open         []cohortItem // all that can be enrolled in; for who teaches, all that go on
	Certificates []certificateItem
	Done, Fault  string
}

type cohortItem struct {
	app.CohortCard
	Name string // of the course
}

// cohortData is the page of one cohort.
type cohortData struct {
	cohortItem
	Teaches     bool // the reader answers for it
	Members     []app.Member
	Done, Fault string
}

// sessionData is the page of one session, for who teaches it.
type sessionData struct {
	cohortItem
	training.Session
	People      []app.Attendance
	Code        *training.Code // that the room shows now
	QR          string         // path of an SVG that holds the way to note attendance
	QRSize      int
	Done, Fault string
}

// cohortsShown is how many are on one page.
const cohortsShown = 50

// namesOfCourses names courses by their ids.
func (p *Pages) namesOfCourses(ctx context.Context, v *view, by app.Caller) (func(aid.CourseID) string, error) {
	cards, err := p.UseCases.Courses.List(ctx, by)
	var all []aid.Named
	for _, c := range cards {
		all = append(all, c.Named)
	}
	return func(id aid.CourseID) string { return named(v, all, []aid.CourseID{id})[0] }, err
}

func (p *Pages) training(w http.ResponseWriter, r *http.Request) {
	v, by := p.viewOf(r), callerOf(r)
	data, err := p.trainingOf(r.Context(), v, by)
	if err != nil {
		p.refused(w, r, err)
		return
	}
	data.Done = doneIn(r)
	p.show(w, r, http.StatusOK, v, trainingPage(v, data))
}

func (p *Pages) trainingOf(ctx context.Context, v *view, by app.Caller) (trainingData, error) {
	var data trainingData
	name, err := p.namesOfCourses(ctx, v, by)
	if err != nil {
		return data, err
	}
	list := func(f training.CohortFilter, mine bool) ([]cohortItem, error) {
		page, err := p.UseCases.Cohorts.List(ctx, by, f, mine, aid.Page{Limit: cohortsShown})
		var out []cohortItem
		for _, c := range page.Items {
			out = append(out, cohortItem{c, name(c.Course)})
		}
		return out, err
	}
	open := training.CohortFilter{Statuses: []training.Status{training.Open}}
	switch by.Role {
	case aid.RoleVolunteer:
		if data.Mine, err = list(training.CohortFilter{}, true); err != nil {
			return data, err
		}
		page, err := p.UseCases.Certificates.List(ctx, by, "", aid.Page{Limit: cohortsShown})
		if err != nil {
			return data, err
		}
		for _, c := range page.Items {
			data.Certificates = append(data.Certificates, certificateItem{Certificate: c, Course: name(c.Course)})
		}
	case aid.RoleTrainer, aid.RoleCoordinator:
		open.Statuses = append(open.Statuses, training.Closed)
	case aid.RoleCaseworker:
	}
	data.Open, err = list(open, false)
	return data, err
}

func cohortID(r *http.Request) training.CohortID { return training.CohortID(chi.URLParam(r, "id")) }

func sessionNo(r *http.Request) int {
	n, err := strconv.Atoi(chi.URLParam(r, "session"))
	if err != nil {
		return 0 // there is no such session
	}
	return n
}

// itemOf reads one cohort for the reader.
func (p *Pages) itemOf(ctx context.Context, v *view, by app.Caller, id training.CohortID) (cohortItem, error) {
	name, err := p.namesOfCourses(ctx, v, by)
	if err != nil {
		return cohortItem{}, err
	}
	card, err := p.UseCases.Cohorts.Get(ctx, by, id)
	return cohortItem{card, name(card.Course)}, err
}

func (p *Pages) cohort(w http.ResponseWriter, r *http.Request) { p.showCohort(w, r, nil) }

// showCohort shows a cohort, with what went wrong if anything did.
func (p *Pages) showCohort(w http.ResponseWriter, r *http.Request, fault error) {
	v, by := p.viewOf(r), callerOf(r)
	v.Path = "/cohorts/" + string(cohortID(r))
	item, err := p.itemOf(r.Context(), v, by, cohortID(r))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	data := cohortData{cohortItem: item, Done: doneIn(r)}
	members, err := p.UseCases.Cohorts.Members(r.Context(), by, item.ID)
	switch aid.KindOf(err) {
	case aid.Forbidden, aid.NotFound: // it is not the reader's to teach
	default:
		if err != nil {
			p.refused(w, r, err)
			return
		}
		data.Teaches, data.Members = true, members
	}
	status := http.StatusOK
	if fault != nil {
		p.note(r, fault)
		data.Fault, status = v.fault(fault), statusOf(fault)
	}
	p.show(w, r, status, v, cohortPage(v, data))
}

// cohortChanged comes back to a cohort after a change, or says what went wrong.
func (p *Pages) cohortChanged(w http.ResponseWriter, r *http.Request, done string, err error) {
	if err != nil {
		p.showCohort(w, r, err)
		return
	}
	http.Redirect(w, r, "/cohorts/"+url.PathEscape(string(cohortID(r)))+"?done="+done, http.StatusSeeOther)
}

func (p *Pages) enrol(w http.ResponseWriter, r *http.Request) {
	e, err := p.UseCases.Cohorts.Enrol(r.Context(), callerOf(r), cohortID(r), "", training.ViaSelf)
	done := "enrolled"
	if e.Status == training.Waiting {
		done = "waiting"
	}
	p.cohortChanged(w, r, done, err)
}

func (p *Pages) giveUp(w http.ResponseWriter, r *http.Request) {
	by := callerOf(r)
	p.cohortChanged(w, r, "given_up", p.UseCases.Cohorts.Withdraw(r.Context(), by, cohortID(r), by.Volunteer))
}

// attend shows the button by which whoever scanned a code notes that they are there;
// following a link changes nothing by itself.
func (p *Pages) attend(w http.ResponseWriter, r *http.Request) {
	v := p.viewOf(r)
	item, err := p.itemOf(r.Context(), v, callerOf(r), cohortID(r))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, v, attendPage(v, item, sessionNo(r), chi.URLParam(r, "code")))
}

func (p *Pages) checkInSession(w http.ResponseWriter, r *http.Request) {
	_, err := p.UseCases.Cohorts.CheckIn(r.Context(), callerOf(r), cohortID(r), sessionNo(r), r.PostFormValue("code"))
	p.cohortChanged(w, r, "attended", err)
}

// results notes the points that were given; a field left empty changes nothing.
func (p *Pages) results(w http.ResponseWriter, r *http.Request) {
	var c aid.Check
	var all []app.Result
	members, err := p.UseCases.Cohorts.Members(r.Context(), callerOf(r), cohortID(r))
	for _, m := range members {
		field := fmt.Sprintf("score-%s", m.Volunteer)
		text := digits(r.PostFormValue(field))
		if text == "" {
			continue
		}
		points, bad := strconv.Atoi(text)
		c.That(bad == nil, field, "must be a whole number of points")
		all = append(all, app.Result{Volunteer: m.Volunteer, Score: &points})
	}
	if err == nil {
		err = c.Err("results")
	}
	if err == nil {
		_, err = p.UseCases.Cohorts.NoteResults(r.Context(), callerOf(r), cohortID(r), all)
	}
	p.cohortChanged(w, r, "noted", err)
}
