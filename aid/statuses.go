package aid

// RequestStatus is where a help request stands.
type RequestStatus string

// The statuses of a help request.
const (
	RequestOpen      RequestStatus = "open"       // seats are open and nobody is being asked
	RequestOffered   RequestStatus = "offered"    // at least one offer waits for an answer
	RequestPaired    RequestStatus = "paired"     // confirmed: enough people have accepted
	RequestInService RequestStatus = "in_service" // its window has begun
	RequestCompleted RequestStatus = "completed"  // the help was given
	RequestCancelled RequestStatus = "cancelled"  // called off
	RequestUnfilled  RequestStatus = "unfilled"   // everybody was tried
)

// Ended tells whether nothing more can happen.
func (s RequestStatus) Ended() bool {
	return s == RequestCompleted || s == RequestCancelled || s == RequestUnfilled
}

// Seeking tells whether more people may be asked.
func (s RequestStatus) Seeking() bool {
	return s == RequestOpen || s == RequestOffered || s == RequestPaired
}

// RequestStatuses lists every status of a help request.
var RequestStatuses = []RequestStatus{
	RequestOpen, RequestOffered, RequestPaired, RequestInService,
	RequestCompleted, RequestCancelled, RequestUnfilled,
}

// OfferStatus is where an offer stands. All but pending are final.
type OfferStatus string

// The statuses of an offer.
const (
	OfferPending  OfferStatus = "pending"
	OfferAccepted OfferStatus = "accepted"
	OfferDeclined OfferStatus = "declined"
	OfferExpired  OfferStatus = "expired"
	OfferRevoked  OfferStatus = "revoked" // no longer needed: seat taken, request ended
)

// PairingStatus is where one volunteer's pairing stands.
type PairingStatus string

// The statuses of a pairing.
const (
	PairingForming   PairingStatus = "forming"   // accepted; the crew has not reached its quorum
	PairingConfirmed PairingStatus = "confirmed" // the request is paired
	PairingCompleted PairingStatus = "completed"
	PairingWithdrawn PairingStatus = "withdrawn" // the volunteer stepped back
	PairingCancelled PairingStatus = "cancelled" // the request ended without them
)

// Holding tells whether the pairing holds its seat.
func (s PairingStatus) Holding() bool { return s == PairingForming || s == PairingConfirmed }

// Urgency says how pressing a need is.
type Urgency string

// The urgencies.
const (
	Routine Urgency = "routine"
	Soon    Urgency = "soon"
	Urgent  Urgency = "urgent"
)

// Urgencies lists every urgency, least first.
var Urgencies = []Urgency{Routine, Soon, Urgent}

// Weight is the factor of an open seat's penalty: routine 1, soon 2, urgent 4.
// It is 0 for what is no urgency.
func (u Urgency) Weight() int64 {
	switch u {
	case Routine:
		return 1
	case Soon:
		return 2
	case Urgent:
		return 4
	}
	return 0
}
