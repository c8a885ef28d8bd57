package policy

// Action is something that an account may be allowed to do.
type Action string

// The actions. Those that end in _contact, _home, _vetting, _service or _code open single fields
// of what another action shows.
const (
	OpenRequest    Action = "open_request"
	ListRequests   Action = "list_requests"
	ReadRequest    Action = "read_request"
	ReadCandidates Action = "read_candidates"
	ReadWhyNot     Action = "read_why_not"
	ReadTimeline   Action = "read_timeline"
	CancelRequest  Action = "cancel_request"
	CloseRequest   Action = "close_request"
	AnswerReview   Action = "answer_review"
	AskAlong       Action = "ask_along"

	AssignVolunteer  Action = "assign_volunteer" // by an offer, which they must accept
	ExcludeVolunteer Action = "exclude_volunteer"
	ReadmitVolunteer Action = "readmit_volunteer"

	ListOffers        Action = "list_offers"         // one's own
	ReadRequestOffers Action = "read_request_offers" // those of one help request
	AcceptOffer       Action = "accept_offer"
	DeclineOffer      Action = "decline_offer"

	ListPairings    Action = "list_pairings"
	ReadService     Action = "read_service" // exact place, beneficiary's name and contact, notes
	WithdrawPairing Action = "withdraw_pairing"

	ListVisits    Action = "list_visits"
	ReadVisit     Action = "read_visit"
	ReadVisitCode Action = "read_visit_code"
	CheckInVisit  Action = "check_in_visit"
	CheckOutVisit Action = "check_out_visit"
	ConfirmVisit  Action = "confirm_visit" // for the beneficiary

	ListServiceRecords   Action = "list_service_records"
	ReadServiceRecord    Action = "read_service_record"
	DisputeServiceRecord Action = "dispute_service_record"
	SettleServiceRecord  Action = "settle_service_record"

	ListVolunteers       Action = "list_volunteers"
	ReadVolunteer        Action = "read_volunteer"
	ReadVolunteerName    Action = "read_volunteer_name" // in full
	ReadVolunteerContact Action = "read_volunteer_contact"
	ReadVolunteerHome    Action = "read_volunteer_home" // place and hours
	ReadVetting          Action = "read_vetting"        // background check, birth date, guardian's consent
	AddVolunteer         Action = "add_volunteer"
	UpdateAvailability   Action = "update_availability" // hours, capacity, farthest distance
	AddAbsence           Action = "add_absence"
	UpdateVolunteer      Action = "update_volunteer" // everything else
	ReadLimits           Action = "read_limits"      // how much they are asked
	UpdateLimits         Action = "update_limits"
	ListParks            Action = "list_parks" // what they have put off
	LiftPark             Action = "lift_park"

	ListBeneficiaries Action = "list_beneficiaries"
	ReadBeneficiary   Action = "read_beneficiary"
	AddBeneficiary    Action = "add_beneficiary"
	ReadDisclosures   Action = "read_disclosures" // who was told of a beneficiary

	EnterDoNotMatch Action = "enter_do_not_match"
	ListDoNotMatch  Action = "list_do_not_match"
	LiftDoNotMatch  Action = "lift_do_not_match"

	ListAreas         Action = "list_areas"
	ReadArea          Action = "read_area"
	MergeAreas        Action = "merge_areas"
	SplitArea         Action = "split_area"
	ListAreaChanges   Action = "list_area_changes"
	ListOrganisations Action = "list_organisations"
	ListCourses       Action = "list_courses"
	ListSkills        Action = "list_skills"
	ListRiskClasses   Action = "list_risk_classes"
	ListCategories    Action = "list_categories"

	ReadCourse    Action = "read_course"
	PublishCourse Action = "publish_course"

	ReadCourseEffect Action = "read_course_effect" // of an area
	ReadEffectFile   Action = "read_effect_file"

	OpenCohort         Action = "open_cohort"
	ListCohorts        Action = "list_cohorts"
	ReadCohort         Action = "read_cohort"
	ChangeCohort       Action = "change_cohort"
	ListEnrolments     Action = "list_enrolments" // of a cohort
	ListProposals      Action = "list_proposals"  // whom a cohort may be proposed to
	EnrolVolunteer     Action = "enrol_volunteer"
	EnrolFile          Action = "enrol_file" // as EnrolVolunteer allows for each row
	WithdrawEnrolment  Action = "withdraw_enrolment"
	ReadAttendance     Action = "read_attendance"
	NoteAttendance     Action = "note_attendance"
	NoteAttendanceFile Action = "note_attendance_file"
	ReadSessionCode    Action = "read_session_code"
	CheckInSession     Action = "check_in_session" // one's own
	ListResults        Action = "list_results"
	NoteResults        Action = "note_results"

	ListCohortTrainers Action = "list_cohort_trainers"
	WithdrawTrainer    Action = "withdraw_trainer" // from a cohort
	AssignTrainer      Action = "assign_trainer"   // to a cohort, by hand
	MoveSession        Action = "move_session"
	AcceptTraining     Action = "accept_training" // of whoever was asked to hold a cohort
	DeclineTraining    Action = "decline_training"
	ReadTrainer        Action = "read_trainer"
	UpdateTrainer      Action = "update_trainer"

	ListCertificates      Action = "list_certificates"
	ReadCertificate       Action = "read_certificate"
	ReadCredential        Action = "read_credential" //nolint:gosec // the name of an action
	RevokeCertificate     Action = "revoke_certificate"
	ProlongCertificate    Action = "prolong_certificate"
	ReactivateCertificate Action = "reactivate_certificate"
	ProlongCertificates   Action = "prolong_certificates" // many by one act

	OpenRollout  Action = "open_rollout"
	ListRollouts Action = "list_rollouts"
	ReadRollout  Action = "read_rollout"

	ReadRolloutPlan     Action = "read_rollout_plan"
	ReadRolloutProgress Action = "read_rollout_progress"
	ReadProgressFile    Action = "read_progress_file" // of a rollout

	AmendRollout  Action = "amend_rollout"
	NoteDeparture Action = "note_departure" // of somebody from the office for which they were trained

	ListNotices    Action = "list_notices"     // one's own
	MarkNoticeRead Action = "mark_notice_read" // one's own
	ReadContact    Action = "read_contact"     // one's own
	UpdateContact  Action = "update_contact"   // one's own
	SetEmail       Action = "set_email"        // one's own
	VerifyEmail    Action = "verify_email"     // one's own
	SetWebhook     Action = "set_webhook"      // one's own
	AddPush        Action = "add_push"         // one's own
	OpenCalendar   Action = "open_calendar"    // one's own, to whoever has its address

	ListRounds   Action = "list_rounds"
	ListScarcity Action = "list_scarcity"
	WatchEvents  Action = "watch_events"
	SeeEvent     Action = "see_event" // one entry of the stream
	ReadSelf     Action = "read_self"
)

// Actions lists every action in the order of the table.
func Actions() []Action {
	out := make([]Action, len(rules))
	for i, r := range rules {
		out[i] = r.action
	}
	return out
}
