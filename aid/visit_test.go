package aid_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// paired is a request for noon to 14:00, one hour later, with one visitor.
func paired(t *testing.T) (*story, aid.VisitID) {
	t.Helper()
	n := crew(1, aid.Routine, 1)
	n.Window = hours(1, 3)
	s := tell(t, n).ask("mei").accepts("mei").is(aid.RequestPaired)
	require.Len(t, s.r.Visits, 1)
	s.r.Visits[0].Code = "123456" // as the store issues it
	s.r.TakeEvents()
	return s, s.r.Visits[0].ID
}

func (s *story) visit() aid.Visit { return s.r.Visits[0] }

func (s *story) checksIn(v aid.VisitID, e aid.Evidence) (bool, error) {
	return s.r.CheckIn(v, e, "mei", s.now)
}

func (s *story) checksOut(v aid.VisitID, e aid.Evidence) (bool, error) {
	return s.r.CheckOut(v, e, "mei", s.now)
}

var (
	there   = aid.Evidence{Means: aid.MeansPosition, Cell: 1}
	shown   = aid.Evidence{Means: aid.MeansCode, Code: "123456"}
	noted   = aid.Evidence{Means: aid.MeansCaseworker}
	oneHour = time.Hour
)

func TestAConfirmedPairingHasOneVisit(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(2, aid.Routine, 3)).ask("a", "b").accepts("a")
	require.Empty(t, s.r.Visits, "a crew that is forming visits nobody")
	s.accepts("b")
	require.Len(t, s.r.Visits, 2)
	for _, v := range s.r.Visits {
		require.Equal(t, s.r.Window, v.Window)
		require.Equal(t, aid.VisitPlanned, v.Status)
		require.Equal(t, aid.VisitIDOf(v.Pairing, v.Window.StartsAt), v.ID)
	}
	require.NoError(t, s.r.Withdraw(s.pairing("a").ID, "busy", "", s.now))
	s.sound()
	for _, v := range s.r.Visits {
		require.Equal(t, aid.VisitCancelled, v.Status, "below the quorum nobody comes")
	}
	s.ask("c").accepts("c")
	require.Len(t, s.r.Visits, 3, "b's visit is planned again, not once more")
	for _, v := range s.r.Visits {
		require.Equal(t, v.Volunteer != "a", v.Status == aid.VisitPlanned, "%+v", v)
	}
}

// Who was there before the visit was to begin, and steps back before it does, made none.
func TestWhoStepsBackBeforeTheBeginningMadeNoVisit(t *testing.T) {
	t.Parallel()
	s, id := paired(t)
	_, err := s.at(0.6).checksIn(id, there)
	require.NoError(t, err)
	require.Equal(t, aid.VisitBegun, s.visit().Status)
	require.NoError(t, s.r.Withdraw(s.pairing("mei").ID, "busy", "", s.now))
	require.Equal(t, aid.VisitCancelled, s.visit().Status)
	require.Zero(t, s.visit().BegunAt)
	s.sound()

	s, id = paired(t)
	_, err = s.at(0.6).checksIn(id, there)
	require.NoError(t, err)
	require.NoError(t, s.at(1.1).r.Withdraw(s.pairing("mei").ID, "busy", "", s.now))
	require.Equal(t, aid.VisitBegun, s.visit().Status, "its time has come: they can check out")
}

func TestAVisitFromCheckInToCheckOut(t *testing.T) {
	t.Parallel()
	s, id := paired(t)
	_, err := s.at(0.4).checksIn(id, there)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime)
	_, err = s.at(0.5).checksOut(id, there)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime)

	_, err = s.at(0.6).checksIn(id, there)
	require.NoError(t, err)
	require.Equal(t, aid.Mark{At: s.now, Means: aid.MeansPosition, Cell: 1}, s.visit().In)
	require.Equal(t, []aid.EventKind{aid.EventVisitBegun}, s.events())
	_, err = s.checksIn(id, there)
	require.NoError(t, err, "again is no error")
	require.Empty(t, s.events())
	require.Zero(t, s.visit().Service(), "nothing counts yet")

	_, err = s.at(2.5).checksOut(id, shown)
	require.NoError(t, err)
	require.Equal(t, []aid.EventKind{aid.EventVisitDone}, s.events())
	require.Equal(t, hours(1, 2.5), s.visit().Service(), "waiting before the beginning does not count")
	require.Zero(t, s.visit().Out.Cell)
	_, err = s.at(2.6).checksOut(id, shown)
	require.NoError(t, err)
	require.Equal(t, hours(1, 2.5), s.visit().Service())

	require.NoError(t, s.r.ConfirmVisit(id, "c", s.now))
	require.Equal(t, s.now, s.visit().ConfirmedAt)
	require.Equal(t, []aid.EventKind{aid.EventVisitConfirmed}, s.events())
	require.NoError(t, s.at(2.7).r.ConfirmVisit(id, "c", s.now))
	require.Empty(t, s.events())

	require.NoError(t, s.at(3).r.Complete("", s.now))
	require.Equal(t, []aid.EventKind{aid.EventRequestCompleted}, s.events(), "what was done is not missed")
}

// TestAVisitIsNotEndedBeforeItBegins, nor its end moved afterwards without a word.
func TestAVisitIsNotEndedBeforeItBegins(t *testing.T) {
	t.Parallel()
	s, id := paired(t)
	_, err := s.at(0.6).checksIn(id, there)
	require.NoError(t, err)
	_, err = s.at(0.7).checksOut(id, there)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime)
	_, err = s.at(2).checksOut(id, there)
	require.NoError(t, err)
	other := noted
	other.At = s.now.Add(-oneHour / 2)
	_, err = s.checksOut(id, other)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime)
	s.refused(s.r.Withdraw(s.r.Pairings[0].ID, "unwell", "", s.now), aid.Conflict, aid.ReasonWrongTime)
}

// TestTheLeadVouchesForTheOthers, while they are its crew, and for nothing else.
func TestTheLeadVouchesForTheOthers(t *testing.T) {
	t.Parallel()
	n := crew(2, aid.Routine, 1, 1)
	n.Roles[0].Lead = true
	s := tell(t, n).ask("lead", "b/1").accepts("lead")
	require.False(t, s.r.Leads("lead"), "the crew does not stand yet")
	s.accepts("b")
	require.True(t, s.r.Leads("lead"))
	require.False(t, s.r.Leads("b"))
	visit := func(v aid.VolunteerID) *aid.Visit {
		for i := range s.r.Visits {
			if s.r.Visits[i].Volunteer == v {
				return &s.r.Visits[i]
			}
		}
		return nil
	}
	vouch := func(whose, lead aid.VolunteerID) error {
		return s.r.VouchForVisit(visit(whose).ID, lead, "a-"+aid.AccountID(lead), s.now)
	}
	s.at(1).refused(vouch("b", "lead"), aid.Conflict, aid.ReasonWrongTime)
	for _, v := range []aid.VolunteerID{"lead", "b"} {
		_, err := s.at(1).checksIn(visit(v).ID, there)
		require.NoError(t, err)
		_, err = s.at(2).checksOut(visit(v).ID, there)
		require.NoError(t, err)
	}
	s.r.TakeEvents()
	require.Equal(t, aid.NotFound, aid.KindOf(vouch("lead", "lead")), "nobody vouches for themselves")
	require.Equal(t, aid.NotFound, aid.KindOf(vouch("lead", "b")))
	require.NoError(t, vouch("b", "lead"))
	require.NoError(t, vouch("b", "lead"), "again is no error")
	require.Equal(t, []aid.EventKind{aid.EventVisitConfirmed}, s.events())
	require.Equal(t, s.now, visit("b").VouchedAt)
	require.Equal(t, aid.AccountID("a-lead"), visit("b").VouchedBy)
	require.Zero(t, visit("b").ConfirmedAt, "that is for the beneficiary's side")

	s.at(40).refused(s.r.VouchForVisit(visit("b").ID, "stranger", "x", s.now), aid.NotFound, "")
	visit("b").VouchedAt = time.Time{}
	s.refused(vouch("b", "lead"), aid.Conflict, aid.ReasonWrongTime)
}

// TestOnlyALeadWhoWasThereVouches: neither who was missed at the visit themselves
// nor who took the seat after it has seen anything of it.
func TestOnlyALeadWhoWasThereVouches(t *testing.T) {
	t.Parallel()
	made := func(s *story, v aid.VolunteerID) aid.VisitID {
		id := s.visitOf(v).ID
		_, err := s.checksIn(id, there)
		require.NoError(t, err)
		_, err = s.at(2).checksOut(id, there)
		require.NoError(t, err)
		return id
	}
	n := crew(2, aid.Routine, 1, 1)
	n.Roles[0].Lead = true
	n.Window = hours(1, 3)
	s := tell(t, n).ask("lead", "b/1").accepts("lead", "b").at(1)
	id := made(s, "b")
	s.refused(s.r.VouchForVisit(id, "lead", "a-lead", s.now), aid.Conflict, aid.ReasonWrongTime)
	late := there
	late.At = s.now.Add(-oneHour)
	_, err := s.checksIn(s.visitOf("lead").ID, late)
	require.NoError(t, err)
	require.NoError(t, s.r.VouchForVisit(id, "lead", "a-lead", s.now), "a lead whose phone had no network was there")

	n = crew(1, aid.Routine, 1, 1)
	n.Roles[0].Lead = true
	n.Window = hours(1, 2)
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC"}
	s = tell(t, n)
	s.r.Ahead = s.days(4)
	s.ask("b/1").accepts("b").at(1)
	id = made(s, "b")
	s.at(3).ask("new").accepts("new")
	require.True(t, s.r.Leads("new"))
	s.refused(s.r.VouchForVisit(id, "new", "a-new", s.now), aid.Conflict, aid.ReasonWrongTime)
}

func TestACrewHasOneLead(t *testing.T) {
	t.Parallel()
	n := crew(2, aid.Routine, 1, 1, 2)
	n.Roles[0].Lead = true
	require.NoError(t, n.Validate(noon))
	n.Roles[1].Lead, n.Roles[2].Lead = true, true
	err, ok := errors.AsType[*aid.Error](n.Validate(noon))
	require.True(t, ok)
	var fields []string
	for _, p := range err.Problems {
		fields = append(fields, p.Field)
	}
	require.Equal(t, []string{"roles[1].lead", "roles[2].lead", "roles[2].lead"}, fields)
}

func TestServiceCountsNeitherTheWayNorWaiting(t *testing.T) {
	t.Parallel()
	at := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(oneHour))) }
	for name, test := range map[string]struct {
		in, out float64
		want    aid.Window
	}{
		"as planned":           {1, 3, hours(1, 3)},
		"there too early":      {0.5, 3, hours(1, 3)},
		"late":                 {1.5, 3.25, hours(1.5, 3.25)},
		"stayed far too long":  {1, 9, hours(1, 3.5)},
		"gone before it began": {0.5, 0.9, aid.Window{}},
	} {
		v := aid.Visit{Status: aid.VisitDone, Window: hours(1, 3), BegunAt: at(test.in), Out: aid.Mark{At: at(test.out)}}
		require.Equal(t, test.want, v.Service(), name)
		v.Status = aid.VisitBegun
		require.Zero(t, v.Service(), name)
	}
}

func TestThePhoneMustBeThere(t *testing.T) {
	t.Parallel()
	s, id := paired(t)
	s.at(1)
	near, far := s.r.Location, s.r.Location
	near.Lat += 0.002 // 222 m
	far.Lat += 0.003  // 334 m
	_, err := s.checksIn(id, aid.Evidence{Means: aid.MeansPosition, Cell: 2, Position: far})
	s.refused(err, aid.Conflict, aid.ReasonWrongPlace)
	_, err = s.checksIn(id, aid.Evidence{Means: aid.MeansPosition, Cell: 2, Position: near})
	require.NoError(t, err, "the house may lie at the border of its cell")
	require.Equal(t, aid.Mark{At: s.now, Means: aid.MeansPosition, Cell: 2}, s.visit().In)

	s, id = paired(t)
	_, err = s.at(1).checksIn(id, aid.Evidence{Means: aid.MeansPosition, Cell: 1, Position: far})
	require.NoError(t, err, "the cell is enough")
}

func TestACodeCannotBeGuessed(t *testing.T) {
	t.Parallel()
	s, id := paired(t)
	s.at(1)
	for i := range aid.MaxWrongCodes {
		counted, err := s.checksIn(id, aid.Evidence{Means: aid.MeansCode, Code: "000000"})
		s.refused(err, aid.Conflict, aid.ReasonWrongCode)
		require.True(t, counted)
		require.Equal(t, i+1, s.visit().WrongCodes)
	}
	counted, err := s.checksIn(id, shown)
	s.refused(err, aid.Conflict, aid.ReasonWrongCode)
	require.False(t, counted)
	_, err = s.checksIn(id, there)
	require.NoError(t, err, "the phone's position still serves")

	s, id = paired(t)
	s.r.Visits[0].Code = ""
	_, err = s.at(1).checksIn(id, aid.Evidence{Means: aid.MeansCode})
	s.refused(err, aid.Conflict, aid.ReasonWrongCode)
	_, err = s.checksIn(id, aid.Evidence{})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
}

func TestTheClocksOfPhones(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		evidence aid.Evidence
		now, at  float64 // hours after noon
		want     float64
		reason   aid.Reason
	}{
		"runs ahead a little":           {there, 1, 1.05, 1, ""},
		"runs ahead":                    {there, 1, 1.2, 0, ""}, // invalid
		"no network at the time":        {there, 20, 1.5, 1.5, ""},
		"no network, but for what time": {there, 20, 3, 0, aid.ReasonWrongTime},
		"a day too late":                {there, 27.1, 1.5, 0, aid.ReasonWrongTime},
		"a caseworker has longer":       {noted, 27.1, 1.5, 1.5, ""},
		"but not for ever":              {noted, 3.1 + 60*24, 1.5, 0, aid.ReasonWrongTime},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, id := paired(t)
			require.NoError(t, s.at(1).r.BeginService(s.now))
			if test.now > 3 {
				require.NoError(t, s.at(3).r.Complete("", s.now))
				require.Equal(t, aid.VisitMissed, s.visit().Status)
			}
			test.evidence.At = noon.Add(time.Duration(test.at * float64(oneHour)))
			_, err := s.at(test.now).checksIn(id, test.evidence)
			if test.want == 0 {
				require.Error(t, err)
				require.Equal(t, test.reason, aid.ReasonOf(err))
				return
			}
			require.NoError(t, err)
			s.sound()
			require.Equal(t, aid.VisitBegun, s.visit().Status)
			require.Equal(t, noon.Add(time.Duration(test.want*float64(oneHour))), s.visit().In.At)
			test.evidence.At = s.visit().In.At.Add(-time.Minute)
			_, err = s.checksOut(id, test.evidence)
			s.refused(err, aid.Conflict, aid.ReasonWrongTime)
		})
	}
}

func TestWhatEndsARequestEndsItsVisits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(*story) error
		want aid.VisitStatus
	}{
		"called off":           {func(s *story) error { return s.at(2).r.Cancel("", "c", s.now) }, aid.VisitCancelled},
		"done without a trace": {func(s *story) error { return s.at(3).r.Complete("", s.now) }, aid.VisitMissed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, id := paired(t)
			require.NoError(t, test.end(s))
			s.sound()
			require.Equal(t, test.want, s.visit().Status)
			err := s.r.ConfirmVisit(id, "c", s.now)
			s.refused(err, aid.Conflict, aid.ReasonWrongTime)
			if test.want == aid.VisitCancelled {
				_, err := s.checksIn(id, noted)
				s.refused(err, aid.Conflict, aid.ReasonWrongTime)
			}
		})
	}
	s, id := paired(t)
	_, err := s.at(1).checksIn(id, there)
	require.NoError(t, err)
	require.NoError(t, s.at(2).r.Cancel("", "c", s.now))
	_, err = s.at(2.5).checksOut(id, there)
	require.NoError(t, err, "who is there can still leave")
	_, err = s.r.CheckIn("vis-none", there, "", s.now)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
