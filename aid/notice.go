package aid

import (
	"slices"
	"time"
)

// NoticeID is the id of a notice. It is also the key under which whoever gets
// the notice twice knows it again.
type NoticeID string

// NoticeKind says what a notice tells. Each has a text in every language of
// [Languages].
type NoticeKind string

// The kinds of notices to volunteers.
const (
	NoticeOfferMade        NoticeKind = "offer_made"
	NoticeOfferFilled      NoticeKind = "offer_filled"    // others were sooner
	NoticeOfferEnded       NoticeKind = "offer_ended"     // the request needs nobody any more
	NoticeOfferWithdrawn   NoticeKind = "offer_withdrawn" // it does not hold for this volunteer any more
	NoticeSeatHeld         NoticeKind = "seat_held"       // accepted; the crew has not reached its quorum
	NoticePairingConfirmed NoticeKind = "pairing_confirmed"
	NoticePairingWaiting   NoticeKind = "pairing_waiting"  // confirmed once, below the quorum again
	NoticePairingReleased  NoticeKind = "pairing_released" // the crew never reached its quorum
	NoticePairingCancelled NoticeKind = "pairing_cancelled"
	NoticePairingCompleted NoticeKind = "pairing_completed"
	NoticeVisitMissed      NoticeKind = "visit_missed" // nobody checked in
	NoticeServiceSettled   NoticeKind = "service_settled"
	NoticeVisitReminder    NoticeKind = "visit_reminder"
	NoticeVisitOverdue     NoticeKind = "visit_overdue"  // no check-in yet: are they coming?
	NoticeCourseLapsing    NoticeKind = "course_lapsing" // before a visit to come
	NoticeVisitAlone       NoticeKind = "visit_alone"    // the other cannot come, and nobody goes alone
	NoticeCheckLapsing     NoticeKind = "check_lapsing"  // to the volunteer and the coordinators
	NoticeConsentLapsing   NoticeKind = "consent_lapsing"
	NoticeReviewDue        NoticeKind = "review_due" // to both sides: does the pairing go on?
)

// The kinds of notices to those who answer for a help request.
const (
	NoticeRequestPaired    NoticeKind = "request_paired"
	NoticeSeatVacant       NoticeKind = "seat_vacant"
	NoticeRequestReopened  NoticeKind = "request_reopened"
	NoticePairingContested NoticeKind = "pairing_contested" // somebody is paired who must not come
	NoticeHelpWanted       NoticeKind = "help_wanted"       // nobody else is found: can coordinators?
	NoticeSearchEnded      NoticeKind = "search_ended"
	NoticeSuccessorMissing NoticeKind = "successor_missing"
	NoticeRequestUnfilled  NoticeKind = "request_unfilled"
	NoticeRequestCancelled NoticeKind = "request_cancelled"
	NoticeRequestCompleted NoticeKind = "request_completed"
	NoticeVisitUnattended  NoticeKind = "visit_unattended" // nobody checked in
	NoticeServiceDisputed  NoticeKind = "service_disputed"
	NoticeVisitHandedOver  NoticeKind = "visit_handed_over" // its volunteer will not come
	NoticeVisitUncovered   NoticeKind = "visit_uncovered"   // nobody came and nobody else was found
)

// The kinds of notices about a training cohort.
const (
	NoticeCohortAssigned    NoticeKind = "cohort_assigned"    // to a trainer: it is theirs to hold
	NoticeSessionReminder   NoticeKind = "session_reminder"   // to those who hold a seat, and the trainers
	NoticeSessionMoved      NoticeKind = "session_moved"      // likewise
	NoticeSeatFree          NoticeKind = "cohort_seat"        // to whoever waited for one
	NoticeCohortCancelled   NoticeKind = "cohort_cancelled"   // to those who held or awaited a seat, and the trainers
	NoticeAttendanceMissing NoticeKind = "attendance_missing" // to the trainers
	NoticeResultsDue        NoticeKind = "results_due"        // to the trainers
	NoticeResultsOverdue    NoticeKind = "results_overdue"    // to the trainers and the coordinators
	NoticeCourseCompleted   NoticeKind = "course_completed"
	NoticeCourseMissed      NoticeKind = "course_missed"    // and there is no other cohort near them yet
	NoticeNextCohort        NoticeKind = "cohort_next"      // to those who were left without the course: here is another
	NoticeTrainerAsked      NoticeKind = "trainer_asked"    // to a trainer: can they take another's place?
	NoticeTrainerReleased   NoticeKind = "trainer_released" // to a trainer: somebody has taken them out
	NoticeTrainerMissing    NoticeKind = "trainer_missing"  // to the coordinators: nobody is left to ask
	NoticeCohortWanted      NoticeKind = "cohort_wanted"    // to the coordinators: there was no other for some
)

// NoticeKinds lists every kind of notice.
var NoticeKinds = slices.Concat(requestNotices, CohortNotices)

// CohortNotices lists the kinds of notices about a cohort, which package training
// tells.
var CohortNotices = []NoticeKind{
	NoticeCohortAssigned, NoticeSessionReminder, NoticeSessionMoved, NoticeSeatFree, NoticeCohortCancelled, NoticeAttendanceMissing, NoticeResultsDue,
	NoticeResultsOverdue, NoticeCourseCompleted, NoticeCourseMissed, NoticeNextCohort, NoticeCohortWanted,
	NoticeTrainerAsked, NoticeTrainerReleased, NoticeTrainerMissing,
}

var requestNotices = []NoticeKind{
	NoticeOfferMade, NoticeOfferFilled, NoticeOfferEnded, NoticeOfferWithdrawn, NoticeSeatHeld, NoticePairingConfirmed, NoticePairingWaiting,
	NoticePairingReleased, NoticePairingCancelled, NoticePairingCompleted,
	NoticeRequestPaired, NoticeSeatVacant, NoticeRequestReopened, NoticePairingContested, NoticeHelpWanted, NoticeSearchEnded, NoticeSuccessorMissing, NoticeRequestUnfilled,
	NoticeRequestCancelled, NoticeRequestCompleted,
	NoticeVisitMissed, NoticeVisitUnattended, NoticeServiceDisputed, NoticeServiceSettled,
	NoticeVisitReminder, NoticeVisitOverdue, NoticeVisitHandedOver, NoticeVisitUncovered, NoticeCourseLapsing,
	NoticeVisitAlone, NoticeCheckLapsing, NoticeConsentLapsing, NoticeReviewDue,
}

// NoticeLife is how long a notice is worth sending, unless what it asks for
// ends sooner. It can be read for as long as it is kept.
const NoticeLife = 72 * time.Hour

// Notice tells one account of one event. It holds ids and words; its text is
// written when it is read or sent, in the reader's language.
type Notice struct {
	ID        NoticeID
	Recipient AccountID
	Kind      NoticeKind
	Urgent    bool // does not wait for the end of quiet hours
	At        time.Time
	Until     time.Time // it is not sent after this
	ReadAt    time.Time // zero until it is read
	Request   RequestID // empty if it tells of a cohort
	Offer     OfferID
	Pairing   PairingID
	Cohort    CohortID // empty if it tells of a help request
	Reason    string   // the event's word

	// About is what the text tells of the request or cohort, as it stands on reading.
	About NoticeFacts
}

// NoticeFacts are what the text of a notice may tell: nothing that says where
// exactly or to whom the help goes.
type NoticeFacts struct {
	Category string
	Course   CourseNames // of a cohort
	Window   Window      // of a cohort that of a session
	Standing bool        // the window is that of the next visit of many
	Area     AreaNames
	AnswerBy time.Time // of the offer, where one is concerned
	Unmet    ReasonCounts
}

// AreaNames are the names of an area.
type AreaNames struct{ Zh, En string }

// CourseNames are the names of a course.
type CourseNames struct{ Zh, En string }

// NoticeFilter narrows a list of notices to those of one account.
type NoticeFilter struct {
	Recipient AccountID
	Unread    bool // only those that were not read
}

// NoticeText is a notice as somebody reads it.
type NoticeText struct {
	Title string // one line
	Body  string // one or more sentences, without markup
}
