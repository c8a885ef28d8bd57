package web

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/app"
	"github.com/linli/linli/training"
	"github.com/linli/linli/words"
)

type certificateItem struct {
	training.Certificate
	Course string
}

// certificateData is a certificate as it is printed, in both languages.
type certificateData struct {
	training.Certificate
	Holder         string
	NameZh, NameEn string // of the course
	Standing       training.Standing
	Verify         string // where anybody can look whether it counts
	QR             string
	QRSize         int
}

func certificateID(r *http.Request) training.CertificateID {
	return training.CertificateID(chi.URLParam(r, "id"))
}

// certificate is a certificate to be printed.
func (p *Pages) certificate(w http.ResponseWriter, r *http.Request) {
	v, by := p.viewOf(r), callerOf(r)
	card, err := p.UseCases.Certificates.Get(r.Context(), by, certificateID(r))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	data := certificateData{Certificate: card.Certificate, Standing: card.On(training.Day(v.Now))}
	course, err := p.UseCases.Courses.Get(r.Context(), by, card.Course)
	if err == nil {
		data.NameZh, data.NameEn = course.NameZh, course.NameEn
		var holder app.VolunteerCard
		holder, err = p.UseCases.Volunteers.Get(r.Context(), by, card.Volunteer)
		data.Holder = holder.Name
	}
	if err == nil {
		data.Verify = siteOf(r) + "/certificates/" + url.PathEscape(string(card.ID)) + "/verify"
		data.QR, data.QRSize, err = drawQR(data.Verify)
	}
	if err != nil {
		p.refused(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, v, certificatePage(v, data))
}

// verify tells anybody who holds the paper whether it counts, and no more than it
// takes to hold it against the paper.
func (p *Pages) verify(w http.ResponseWriter, r *http.Request) {
	v := p.viewOf(r)
	found, err := p.UseCases.Certificates.Verify(r.Context(), certificateID(r))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, v, verifyPage(v, found))
}

func nameOf(v *view, found app.Verification) string {
	return words.Name(found.Course.NameZh, found.Course.NameEn, v.Language)
}
