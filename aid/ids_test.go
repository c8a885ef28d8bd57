package aid_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestValidID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"v":                                      true,
		"hlj.harbin_1-b":                         true,
		"0":                                      true,
		strings.Repeat("a", aid.MaxIDLength):     true,
		strings.Repeat("a", aid.MaxIDLength+1):   false,
		"":                                       false,
		"-v":                                     false,
		".v":                                     false,
		"a b":                                    false,
		"a/b":                                    false,
		"a\n":                                    false,
		"志愿者":                                    false,
		"a\x00":                                  false,
		"help-request/9b1deb4d-3b7d-4bad-9bdd-1": false,
	} {
		require.Equal(t, want, aid.ValidID(aid.VolunteerID(id)), "%q", id)
	}
}

func TestAreaPathHolds(t *testing.T) {
	t.Parallel()
	province := aid.AreaPath("").Child("hlj")
	city := province.Child("hlj.harbin")
	require.Equal(t, aid.AreaPath("/hlj/"), province)
	require.Equal(t, aid.AreaPath("/hlj/hlj.harbin/"), city)
	for name, test := range map[string]struct {
		above, below aid.AreaPath
		want         bool
	}{
		"itself":                    {city, city, true},
		"parent holds child":        {province, city, true},
		"child holds no parent":     {city, province, false},
		"sibling with equal prefix": {"/hlj/", "/hlj2/", false},
		"empty holds nothing":       {"", city, false},
		"empty holds not even none": {"", "", false},
	} {
		require.Equal(t, test.want, test.above.Holds(test.below), name)
	}
}

func TestStatusPredicates(t *testing.T) {
	t.Parallel()
	ended := []aid.RequestStatus{aid.RequestCompleted, aid.RequestCancelled, aid.RequestUnfilled}
	seeking := []aid.RequestStatus{aid.RequestOpen, aid.RequestOffered, aid.RequestPaired}
	for _, s := range aid.RequestStatuses {
		require.Equal(t, slices.Contains(ended, s), s.Ended(), "%s ended", s)
		require.Equal(t, slices.Contains(seeking, s), s.Seeking(), "%s seeking", s)
		require.False(t, s.Ended() && s.Seeking(), "%s", s)
	}
	for status, holds := range map[aid.PairingStatus]bool{
		aid.PairingForming: true, aid.PairingConfirmed: true,
		aid.PairingCompleted: false, aid.PairingWithdrawn: false, aid.PairingCancelled: false,
	} {
		require.Equal(t, holds, status.Holding(), "%s", status)
	}
}

func TestUrgencyWeights(t *testing.T) {
	t.Parallel()
	require.Equal(t, []aid.Urgency{aid.Routine, aid.Soon, aid.Urgent}, aid.Urgencies)
	for urgency, weight := range map[aid.Urgency]int64{
		aid.Routine: 1, aid.Soon: 2, aid.Urgent: 4, "": 0, "now": 0,
	} {
		require.Equal(t, weight, urgency.Weight(), "%q", urgency)
	}
}

func TestCostIsTheSumOfItsParts(t *testing.T) {
	t.Parallel()
	require.EqualValues(t, 1730, aid.Cost{Distance: 1480, SpareSkills: aid.SpareSkillCost}.Total())
}
