package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"rsc.io/qr"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training"
)

func (p *Pages) session(w http.ResponseWriter, r *http.Request) { p.showSession(w, r, nil) }

// showSession shows who was at a session, for who teaches it.
func (p *Pages) showSession(w http.ResponseWriter, r *http.Request, fault error) {
	v, by := p.viewOf(r), callerOf(r)
	v.Path = sessionPath(cohortID(r), sessionNo(r))
	data, err := p.sessionOf(r, v, by)
	if err == nil {
		data.People, err = p.UseCases.Cohorts.Attendance(r.Context(), by, cohortID(r), sessionNo(r))
	}
	if err != nil {
		p.refused(w, r, err)
		return
	}
	status := http.StatusOK
	data.Done = doneIn(r)
	if fault != nil {
		p.note(r, fault)
		data.Fault, status = v.fault(fault), statusOf(fault)
	}
	p.show(w, r, status, v, sessionPage(v, data))
}

func sessionPath(id training.CohortID, no int) string {
	return fmt.Sprintf("/cohorts/%s/sessions/%d", url.PathEscape(string(id)), no)
}

func (p *Pages) sessionOf(r *http.Request, v *view, by app.Caller) (sessionData, error) {
	item, err := p.itemOf(r.Context(), v, by, cohortID(r))
	if err != nil {
		return sessionData{}, err
	}
	i := slices.IndexFunc(item.Sessions, func(s training.Session) bool { return s.No == sessionNo(r) })
	if i < 0 {
		return sessionData{}, aid.Errorf(aid.NotFound, "the cohort has no session %d", sessionNo(r))
	}
	return sessionData{cohortItem: item, Session: item.Sessions[i]}, nil
}

// attendance notes who was there: everybody who is ticked, and of the others that
// they were not.
func (p *Pages) attendance(w http.ResponseWriter, r *http.Request) {
	by := callerOf(r)
	people, err := p.UseCases.Cohorts.Attendance(r.Context(), by, cohortID(r), sessionNo(r))
	if err == nil {
		_, err = p.UseCases.Cohorts.NoteAttendance(r.Context(), by, cohortID(r), sessionNo(r), presences(r, people), training.ByHand)
	}
	if err != nil {
		p.showSession(w, r, err)
		return
	}
	http.Redirect(w, r, sessionPath(cohortID(r), sessionNo(r))+"?done=noted", http.StatusSeeOther)
}

// presences are what the form says of people. Whoever noted themselves by the code
// since the page was opened stays present: the page did not show that they were.
func presences(r *http.Request, people []app.Attendance) []app.Presence {
	_ = r.PostFormValue("present") // reads the form
	ticked, shown := r.PostForm["present"], r.PostForm["was"]
	var out []app.Presence
	for _, a := range people {
		id := string(a.Volunteer)
		present := slices.Contains(ticked, id)
		if !present && a.Mark != nil && a.Mark.Present && !slices.Contains(shown, id) {
			continue
		}
		out = append(out, app.Presence{Volunteer: a.Volunteer, Present: present})
	}
	return out
}

// code is what the room shows during a session: the code that holds now, as a QR code
// that leads a phone to the page of noting, and to be typed.
func (p *Pages) code(w http.ResponseWriter, r *http.Request) {
	v, by := p.viewOf(r), callerOf(r)
	data, err := p.sessionOf(r, v, by)
	if err != nil {
		p.refused(w, r, err)
		return
	}
	code, err := p.UseCases.Cohorts.Code(r.Context(), by, cohortID(r), sessionNo(r))
	if err != nil {
		p.showSession(w, r, err)
		return
	}
	data.Code = &code
	data.QR, data.QRSize, err = drawQR(siteOf(r) + fmt.Sprintf("/attend/%s/%d/%s", url.PathEscape(string(data.ID)), data.No, code.Token))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, v, codePage(v, data))
}

// siteOf is where the reader's browser found these pages.
func siteOf(r *http.Request) string {
	if overTLS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// drawQR draws a QR code as the path of an SVG, one unit for each square, with the
// quiet zone of four squares that readers need.
func drawQR(text string) (path string, size int, err error) {
	const quiet = 4
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, err
	}
	var b bytes.Buffer
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}
