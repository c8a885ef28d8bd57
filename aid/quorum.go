package aid

import "time"

// quorumLead is how long before its window a crew must stand, by urgency: time
// enough to arrange for help otherwise.
var quorumLead = map[Urgency]time.Duration{Routine: 24 * time.Hour, Soon: 4 * time.Hour, Urgent: 30 * time.Minute}

// QuorumMissed is the reason with which a request ends unfilled when too few had
// accepted by the time that its crew had to stand.
const QuorumMissed = "quorum_missed"

// QuorumBy is until when the quorum of a crew must be reached, else everybody who
// has accepted is released. It is zero for a request that one person can meet,
// and while the quorum stands.
//
// A crew that never stood has until [quorumLead] before the window, or half of the
// time there was at opening if that was shorter. One that stood and lost somebody
// has until the window begins, or if it was lost in service until the window ends; that
// of a standing pairing for as long as there is somebody left to ask, since the
// visits meanwhile are stood in for.
func (r *HelpRequest) QuorumBy() time.Time {
	if r.MinPeople < 2 || r.Status != RequestOpen && r.Status != RequestOffered {
		return time.Time{}
	}
	stood, lost := false, time.Time{}
	for _, p := range r.Pairings {
		stood = stood || !p.ConfirmedAt.IsZero()
		if p.EndedAt.After(lost) {
			lost = p.EndedAt
		}
	}
	begins := r.Window.StartsAt
	switch {
	case stood && r.Standing():
		return time.Time{}
	case !begins.After(r.OpenedAt), stood && !lost.Before(begins):
		return r.Window.EndsAt
	case stood:
		return begins
	}
	return begins.Add(-min(quorumLead[r.Urgency], begins.Sub(r.OpenedAt)/2))
}

// MissQuorum releases, once the time for it has come, everybody who has accepted
// and ends the request: fewer than the quorum is no help, and a seat that is held
// in vain keeps its volunteer from others. Before then, and for a request that
// has its quorum, it changes nothing.
func (r *HelpRequest) MissQuorum(now time.Time) {
	by := r.QuorumBy()
	if by.IsZero() || now.Before(by) {
		return
	}
	r.end(RequestUnfilled, PairingCancelled, Event{Kind: EventRequestUnfilled, At: now, Reason: QuorumMissed})
}
