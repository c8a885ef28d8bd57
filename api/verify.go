package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/training"
)

const verifyPath = "/verify/certificates/"

// verification is what anybody who has the id of a certificate is told.
type verification struct {
	Status      string `json:"status"` // valid, lapsed or revoked
	NameZh      string `json:"course_name_zh"`
	NameEn      string `json:"course_name_en"`
	Holder      string `json:"holder"` // the first character of the name and stars
	CompletedOn string `json:"completed_on"`
	Until       string `json:"until,omitempty"`
}

// verify says what a certificate is worth today, to whoever has its id: who reads a
// paper has no account.
func (a *API) verify(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), a.Timeout)
	defer cancel()
	found, err := a.UseCases.Certificates.Verify(ctx, training.CertificateID(chi.URLParam(r, "id")))
	if err != nil {
		a.problemOf(r.Context(), err, "").write(w)
		return
	}
	text, err := json.Marshal(verification{
		string(found.Standing), found.Course.NameZh, found.Course.NameEn, found.Holder, dayOrNone(found.CompletedOn), dayOrNone(found.Until),
	})
	if err != nil {
		a.problemOf(r.Context(), err, "").write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store") // it may be revoked any moment
	_, _ = w.Write(text)                        // whoever hung up does not read it
}
