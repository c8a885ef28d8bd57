package aid

import "time"

// Disclosed says what was told of a beneficiary.
type Disclosed string

// What is released.
const (
	DisclosedService Disclosed = "service" // exact place, name, phone, address and notes, to whoever comes or looks after it
	DisclosedRequest Disclosed = "request" // exact place and notes of a help request
	DisclosedRecord  Disclosed = "record"  // the beneficiary's record: name, phone, address and home
)

// DisclosureGround is the right by which somebody was told.
type DisclosureGround string

// The grounds.
const (
	GroundPairing DisclosureGround = "pairing" // their confirmed pairing
	GroundArea    DisclosureGround = "area"    // they look after the area
)

// Disclosure is one release of what is personal about a beneficiary to one
// account. It is written before the answer leaves and never changed.
type Disclosure struct {
	Seq         int64 // place in the log; 0 before it is written
	Beneficiary BeneficiaryID
	To          AccountID
	What        Disclosed
	Ground      DisclosureGround
	Request     RequestID // empty for a record
	Pairing     PairingID // always for GroundPairing
	At          time.Time // by the store's clock; zero before it is written
}

// Released is a disclosure that was written, with the record read in the same
// transaction.
type Released struct {
	Disclosure
	Record Beneficiary
}
