package files

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestOrganisationsAndCompletions(t *testing.T) {
	t.Parallel()
	orgs, err := NewOrganisations(strings.NewReader("id,parent,tree,tier,area_id,name_zh,name_en\n" +
		"o1,,regional,association,hlj,协会,Association\n" +
		"o2,o1,regional,corps,,总队,\n" +
		"o3,o 1,regional,corps,,总队,\n" +
		"o4,,regional,corps,,,\n"))
	require.NoError(t, err)
	var got []aid.Organisation
	var wrong []string
	for row, err := range orgs.Rows() {
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		got = append(got, row.Value)
	}
	require.Equal(t, []aid.Organisation{
		{ID: "o1", Tree: "regional", Tier: "association", Area: "hlj", NameZh: "协会", NameEn: "Association"},
		{ID: "o2", Parent: "o1", Tree: "regional", Tier: "corps", NameZh: "总队"},
	}, got)
	require.Len(t, wrong, 2)
	require.Contains(t, wrong[0], "row 4: parent")
	require.Contains(t, wrong[1], "row 5: name_zh")

	done, err := NewCompletions(strings.NewReader("volunteer_id,course_id,holds_until\n" +
		"v1,first_aid,2027-05-31\nv1,basics,\nv1,first_aid,2028-01-01\nv2,basics,soon\n"))
	require.NoError(t, err)
	var completions []Completion
	var rows []int
	for row, err := range done.Rows() {
		if bad, ok := errors.AsType[*RowError](err); ok {
			rows = append(rows, bad.Row)
			continue
		}
		completions = append(completions, row.Value)
	}
	require.Equal(t, []Completion{
		{"v1", aid.CourseHeld{Course: "first_aid", Until: aid.Date{Year: 2027, Month: 5, Day: 31}}},
		{"v1", aid.CourseHeld{Course: "basics"}},
	}, completions)
	require.Equal(t, []int{4, 5}, rows, "the same course twice, and a day that is none")
}
