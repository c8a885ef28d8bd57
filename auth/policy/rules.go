package policy

import "github.com/linli/linli/aid"

// Resource is what an action is taken on, as far as permission depends on it.
// The zero value stands for no thing in particular, such as a list, which the
// use case narrows to what the account may see.
type Resource struct {
	Area      aid.AreaPath    // where it lies
	Volunteer aid.VolunteerID // whose it is, or who it is
	Confirmed bool            // a confirmed pairing binds that volunteer to the request in question
	Account   aid.AccountID   // whose it is, or who it is
	Lead      aid.VolunteerID // who leads the crew to which that volunteer belongs
}

// relation is how an account must stand to a resource.
type relation func(aid.Account, Resource) bool

func anything(aid.Account, Resource) bool { return true }

// inArea: the resource lies in or below one of the account's areas.
func inArea(a aid.Account, r Resource) bool {
	for _, area := range a.Areas {
		if area.Holds(r.Area) {
			return true
		}
	}
	return false
}

// overall: the account answers for a whole tree of areas.
func overall(a aid.Account, _ Resource) bool {
	for _, area := range a.Areas {
		if len(area.Above()) == 1 {
			return true
		}
	}
	return false
}

// inWholeTree: the account answers for the whole tree in which the resource lies.
func inWholeTree(a aid.Account, r Resource) bool {
	for _, area := range a.Areas {
		if len(area.Above()) == 1 && area.Holds(r.Area) {
			return true
		}
	}
	return false
}

// own: the resource is the volunteer, or theirs.
func own(a aid.Account, r Resource) bool { return a.Volunteer != "" && a.Volunteer == r.Volunteer }

// self: the resource is the account, or theirs.
func self(a aid.Account, r Resource) bool { return a.ID != "" && a.ID == r.Account }

func selfOrInArea(a aid.Account, r Resource) bool { return self(a, r) || inArea(a, r) }

func ownConfirmed(a aid.Account, r Resource) bool { return own(a, r) && r.Confirmed }

// leads: the account's volunteer leads the crew of somebody else.
func leads(a aid.Account, r Resource) bool {
	return a.Volunteer != "" && a.Volunteer == r.Lead && a.Volunteer != r.Volunteer
}

func ownOrLed(a aid.Account, r Resource) bool { return own(a, r) || leads(a, r) }

// confirmed: the volunteer comes to a request of the account's areas.
func confirmed(_ aid.Account, r Resource) bool { return r.Confirmed }

func inAreaOrConfirmed(a aid.Account, r Resource) bool { return inArea(a, r) || confirmed(a, r) }

// rule allows one action to some roles.
type rule struct {
	action                                      Action
	creates                                     bool // there is nothing yet whose existence could leak
	caseworker, volunteer, trainer, coordinator relation
}

// rules is all that is allowed.
var rules = []rule{
	{action: OpenRequest, creates: true, caseworker: inArea, coordinator: inArea},
	{action: ListRequests, caseworker: anything, coordinator: anything},
	{action: ReadRequest, caseworker: inArea, coordinator: inArea},
	{action: ReadCandidates, caseworker: inArea, coordinator: inArea},
	{action: ReadWhyNot, caseworker: inArea, coordinator: inArea},
	{action: ReadTimeline, caseworker: inArea, coordinator: inArea},
	{action: CancelRequest, caseworker: inArea, coordinator: inArea},
	{action: CloseRequest, caseworker: inArea, coordinator: inArea},
	{action: AnswerReview, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: AssignVolunteer, caseworker: inArea, coordinator: inArea},
	{action: ExcludeVolunteer, caseworker: inArea, coordinator: inArea},
	{action: ReadmitVolunteer, caseworker: inArea, coordinator: inArea},

	{action: ListOffers, caseworker: anything, volunteer: anything, coordinator: anything},
	{action: ReadRequestOffers, caseworker: inArea, coordinator: inArea},
	// A coordinator may record what a volunteer said on the telephone.
	{action: AcceptOffer, volunteer: own, coordinator: inArea},
	{action: DeclineOffer, volunteer: own, coordinator: inArea},

	{action: ListPairings, caseworker: anything, volunteer: anything, coordinator: anything},
	{action: ReadService, caseworker: inArea, volunteer: ownConfirmed, coordinator: inArea},
	{action: WithdrawPairing, volunteer: own, coordinator: inArea},

	{action: ListVisits, caseworker: anything, volunteer: anything, coordinator: anything},
	{action: ReadVisit, caseworker: inArea, volunteer: ownOrLed, coordinator: inArea},
	// Whose word the code stands for must not be the volunteer's.
	{action: ReadVisitCode, caseworker: inArea, coordinator: inArea},
	{action: CheckInVisit, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: CheckOutVisit, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: AskAlong, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: ConfirmVisit, caseworker: inArea, volunteer: leads, coordinator: inArea},

	{action: ListServiceRecords, caseworker: anything, volunteer: anything, coordinator: anything},
	{action: ReadServiceRecord, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: DisputeServiceRecord, volunteer: own},
	{action: SettleServiceRecord, coordinator: inArea},

	{action: ListVolunteers, caseworker: anything, trainer: anything, coordinator: anything},
	{action: ReadVolunteer, caseworker: inAreaOrConfirmed, volunteer: own, trainer: inArea, coordinator: inAreaOrConfirmed},
	{action: ReadVolunteerName, caseworker: confirmed, volunteer: own, trainer: inArea, coordinator: inAreaOrConfirmed},
	{action: ReadVolunteerContact, caseworker: confirmed, volunteer: own, coordinator: inAreaOrConfirmed},
	{action: ReadVolunteerHome, volunteer: own, coordinator: inArea},
	{action: ReadVetting, coordinator: inArea},
	{action: AddVolunteer, creates: true, coordinator: inArea},
	{action: UpdateAvailability, volunteer: own, coordinator: inArea},
	{action: AddAbsence, volunteer: own, coordinator: inArea},
	{action: UpdateVolunteer, coordinator: inArea},
	{action: ReadLimits, volunteer: own, coordinator: inArea},
	{action: UpdateLimits, volunteer: own, coordinator: inArea},
	{action: ListParks, volunteer: own, coordinator: inArea},
	{action: LiftPark, volunteer: own, coordinator: inArea},

	{action: ListBeneficiaries, caseworker: anything, coordinator: anything},
	{action: ReadBeneficiary, caseworker: inArea, coordinator: inArea},
	{action: AddBeneficiary, creates: true, caseworker: inArea, coordinator: inArea},
	{action: ReadDisclosures, caseworker: inArea, coordinator: inArea},

	// Why two people are kept apart is for coordinators only.
	{action: EnterDoNotMatch, creates: true, coordinator: inArea},
	{action: ListDoNotMatch, coordinator: anything},
	{action: LiftDoNotMatch, coordinator: inArea},

	{action: ListAreas, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ReadArea, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	// What happens to an area counts for all that is above it.
	{action: MergeAreas, creates: true, coordinator: inWholeTree},
	{action: SplitArea, creates: true, coordinator: inWholeTree},
	{action: ListAreaChanges, trainer: anything, coordinator: anything},
	{action: ListOrganisations, caseworker: anything, trainer: anything, coordinator: anything},
	{action: ListCourses, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ListSkills, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ListRiskClasses, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ListCategories, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},

	{action: ReadCourse, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	// A course counts everywhere, so that nobody below the whole may change it.
	{action: PublishCourse, creates: true, coordinator: overall},
	// Numbers of people, of an area that is named. Its id is no secret.
	{action: ReadCourseEffect, creates: true, trainer: inArea, coordinator: inArea},
	{action: ReadEffectFile, creates: true, trainer: inArea, coordinator: inArea},
	{action: OpenCohort, creates: true, trainer: inArea, coordinator: inArea},
	{action: ListCohorts, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ReadCohort, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ChangeCohort, trainer: inArea, coordinator: inArea},
	{action: ListEnrolments, trainer: inArea, coordinator: inArea},
	{action: ListProposals, trainer: inArea, coordinator: inArea},
	{action: EnrolVolunteer, volunteer: own, trainer: inArea, coordinator: inArea},
	{action: EnrolFile, trainer: anything, coordinator: anything},
	{action: WithdrawEnrolment, volunteer: own, trainer: inArea, coordinator: inArea},
	{action: ReadAttendance, trainer: inArea, coordinator: inArea},
	{action: NoteAttendance, trainer: inArea, coordinator: inArea},
	{action: NoteAttendanceFile, trainer: inArea, coordinator: inArea},
	{action: ReadSessionCode, trainer: inArea, coordinator: inArea},
	{action: CheckInSession, volunteer: anything},
	{action: ListResults, trainer: inArea, coordinator: inArea},
	{action: NoteResults, trainer: inArea, coordinator: inArea},
	{action: ListCohortTrainers, trainer: inArea, coordinator: inArea},
	{action: WithdrawTrainer, trainer: selfOrInArea, coordinator: inArea},
	{action: AssignTrainer, trainer: inArea, coordinator: inArea},
	{action: MoveSession, trainer: inArea, coordinator: inArea},
	// A coordinator may record what a trainer said on the telephone.
	{action: AcceptTraining, trainer: self, coordinator: inArea},
	{action: DeclineTraining, trainer: self, coordinator: inArea},
	{action: ReadTrainer, trainer: self, coordinator: inArea},
	{action: UpdateTrainer, trainer: self, coordinator: inArea},
	{action: ListCertificates, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ReadCertificate, volunteer: own, trainer: inArea, coordinator: inArea},
	{action: ReadCredential, volunteer: own, coordinator: inArea},
	{action: RevokeCertificate, coordinator: inArea},
	{action: ProlongCertificate, coordinator: inArea},
	{action: ReactivateCertificate, coordinator: inArea},
	{action: ProlongCertificates, creates: true, coordinator: inArea},

	// A rollout spans the areas of a whole tree. It shows numbers of people alone.
	{action: OpenRollout, creates: true, coordinator: overall},
	{action: ListRollouts, trainer: anything, coordinator: anything},
	{action: ReadRollout, trainer: anything, coordinator: anything},
	{action: ReadRolloutPlan, trainer: anything, coordinator: anything},
	{action: ReadRolloutProgress, trainer: anything, coordinator: anything},
	{action: ReadProgressFile, trainer: anything, coordinator: anything},
	{action: AmendRollout, creates: true, coordinator: overall},
	{action: NoteDeparture, trainer: inArea, coordinator: inArea},

	// The use cases know only the caller's own.
	{action: ListNotices, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: MarkNoticeRead, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: ReadContact, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: UpdateContact, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: SetEmail, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: VerifyEmail, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: SetWebhook, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: AddPush, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
	{action: OpenCalendar, volunteer: anything},

	{action: ListRounds, coordinator: anything},
	{action: ListScarcity, trainer: anything, coordinator: anything},
	{action: WatchEvents, caseworker: anything, volunteer: anything, coordinator: anything},
	{action: SeeEvent, caseworker: inArea, volunteer: own, coordinator: inArea},
	{action: ReadSelf, caseworker: anything, volunteer: anything, trainer: anything, coordinator: anything},
}

func (r rule) of(role aid.Role) relation {
	switch role {
	case aid.RoleCaseworker:
		return r.caseworker
	case aid.RoleVolunteer:
		return r.volunteer
	case aid.RoleTrainer:
		return r.trainer
	case aid.RoleCoordinator:
		return r.coordinator
	}
	return nil
}
