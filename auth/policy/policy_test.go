package policy

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

var update = flag.Bool("update", false, "write the golden matrix anew")

const (
	city     aid.AreaPath = "/hlj/hlj.harbin/"
	district aid.AreaPath = "/hlj/hlj.harbin/hlj.harbin.nangang/"
)

func actor(role aid.Role) aid.Account {
	a := aid.Account{ID: aid.AccountID("a-" + role), Role: role, Areas: []aid.AreaPath{city}}
	if role == aid.RoleVolunteer {
		a.Areas, a.Volunteer = nil, "v-self"
	}
	return a
}

// resources are all the ways in which a thing can stand to the actor.
var resources = []struct {
	name string
	Resource
}{
	{"in_area", Resource{Area: city, Volunteer: "v-other"}},
	{"below", Resource{Area: district, Volunteer: "v-other"}},
	{"above", Resource{Area: "/hlj/", Volunteer: "v-other"}},
	{"elsewhere", Resource{Area: "/hlj/hlj.daqing/", Volunteer: "v-other"}},
	{"lookalike", Resource{Area: "/hlj/hlj.harbin2/", Volunteer: "v-other"}},
	{"nowhere", Resource{}},
	{"elsewhere_confirmed", Resource{Area: "/hlj/hlj.daqing/", Volunteer: "v-other", Confirmed: true}},
	{"own", Resource{Area: city, Volunteer: "v-self"}},
	{"self_elsewhere", Resource{Area: "/hlj/hlj.daqing/", Account: "a-trainer"}},
	{"led", Resource{Area: city, Volunteer: "v-other", Lead: "v-self"}},
	{"own_led", Resource{Area: city, Volunteer: "v-self", Lead: "v-self"}},
	{"own_confirmed", Resource{Area: city, Volunteer: "v-self", Confirmed: true}},
}

func outcome(err error) string {
	if err == nil {
		return "yes"
	}
	return string(aid.KindOf(err))
}

func TestGoldenMatrix(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %-12s", "action", "role")
	for _, r := range resources {
		fmt.Fprintf(&b, " %-19s", r.name)
	}
	b.WriteString("\n")
	for _, action := range Actions() {
		for _, role := range aid.Roles {
			line := fmt.Sprintf("%-22s %-12s", action, role)
			for _, r := range resources {
				line += fmt.Sprintf(" %-19s", outcome(Allow(actor(role), action, r.Resource)))
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	const golden = "testdata/matrix.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "what is allowed has changed: look at each line, then run go test ./auth/policy -update")
}

func TestWhatIsNotListedIsRefused(t *testing.T) {
	t.Parallel()
	everywhere := aid.Account{Role: "superuser", Areas: []aid.AreaPath{"/"}, Volunteer: "v"}
	for _, action := range Actions() {
		require.Equal(t, aid.Forbidden, aid.KindOf(Allow(everywhere, action, Resource{Area: city, Volunteer: "v", Confirmed: true})), action)
		require.Equal(t, aid.Forbidden, aid.KindOf(Allow(aid.Account{}, action, Resource{})), action)
	}
	for _, role := range aid.Roles {
		require.Equal(t, aid.Forbidden, aid.KindOf(Allow(actor(role), "erase_everything", Resource{Area: city})))
	}
}

func TestAnActionHasOneRule(t *testing.T) {
	t.Parallel()
	require.Len(t, ruleOf, len(rules))
}

// Accounts without areas or without a volunteer must not match things without
// an area or an owner.
func TestNothingMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, role := range aid.Roles {
		bare := aid.Account{Role: role}
		require.False(t, inArea(bare, Resource{}))
		require.False(t, own(bare, Resource{}))
	}
}

// A course counts in every area, so that it is for those who answer for a root.
func TestOverallTakesAWholeTree(t *testing.T) {
	t.Parallel()
	by := actor(aid.RoleCoordinator)
	require.Equal(t, aid.Forbidden, aid.KindOf(Allow(by, PublishCourse, Resource{})))
	by.Areas = append(by.Areas, "/hlj/")
	require.NoError(t, Allow(by, PublishCourse, Resource{}))
}
