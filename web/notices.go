package web

import (
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// noticesData is what somebody was told, newest first.
type noticesData struct {
	Notices []app.NoticeCard
	Unread  int // of all
	More    bool
	Zone    string
}

// noticesShown is how many are on the page.
const noticesShown = 50

func (p *Pages) notices(w http.ResponseWriter, r *http.Request) {
	v, by := p.viewOf(r), callerOf(r)
	page, unread, err := p.UseCases.Notices.List(r.Context(), by, false, aid.Page{Limit: noticesShown})
	if err != nil {
		p.refused(w, r, err)
		return
	}
	contact, err := p.UseCases.Contacts.Get(r.Context(), by)
	if err != nil {
		p.refused(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, v, noticesPage(v, noticesData{page.Items, unread, page.Next != "", contact.Clock().String()}))
}

// readNotices marks those that the page shows as read.
func (p *Pages) readNotices(w http.ResponseWriter, r *http.Request) {
	by := callerOf(r)
	page, _, err := p.UseCases.Notices.List(r.Context(), by, true, aid.Page{Limit: noticesShown})
	for _, n := range page.Items {
		if err == nil {
			_, err = p.UseCases.Notices.MarkRead(r.Context(), by, n.ID)
		}
	}
	if err != nil {
		p.refused(w, r, err)
		return
	}
	http.Redirect(w, r, "/notices", http.StatusSeeOther)
}
