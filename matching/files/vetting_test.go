package files

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// valuesOf gives the good rows of a file, and the errors of the others.
func valuesOf[T any](t *testing.T, r *Reader[T], err error) (values []T, wrong []string) {
	t.Helper()
	require.NoError(t, err)
	for row, err := range r.Rows() {
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		values = append(values, row.Value)
	}
	return values, wrong
}

func TestRiskClassFiles(t *testing.T) {
	t.Parallel()
	r, err := NewRiskClasses(strings.NewReader("id,name_zh,name_en,check_months,minors,two_deep,course,categories\n" +
		"high,高,High,24,barred,yes,protection,night_watch;bathing\n" +
		"low,低,,,allowed,no,,\n" +
		"a,甲,,0,allowed,no,,\n" +
		"b,乙,,,,no,,\n" +
		"c,丙,,,allowed,perhaps,,\n" +
		"d,丁,,,allowed,no,protection,\n" +
		"e,,,,allowed,no,,\n"))
	values, wrong := valuesOf(t, r, err)
	require.Equal(t, []aid.RiskClass{
		{
			Risk:   aid.Risk{Class: "high", CheckMonths: 24, MinorsBarred: true, TwoDeep: true, Course: "protection"},
			NameZh: "高", NameEn: "High", Categories: []string{"bathing", "night_watch"},
		},
		{Risk: aid.Risk{Class: "low"}, NameZh: "低"},
	}, values)
	require.Len(t, wrong, 5)
	for i, field := range []string{"row 4: check_months", "row 5: minors", "row 6: two_deep", "row 7: course", "row 8: name_zh"} {
		require.Contains(t, wrong[i], field)
	}
	_, err = NewRiskClasses(strings.NewReader("id,name_zh,name_en,check_months,minors,two_deep,course\n"))
	require.ErrorContains(t, err, "categories", "a column that protects somebody cannot be forgotten")
}

func TestCheckFiles(t *testing.T) {
	t.Parallel()
	r, err := NewChecks(strings.NewReader("volunteer_id,checked_on,birth_date,guardian_consent_until\n" +
		"v1,2026-05-31,,\nv2,,2012-02-29,2027-01-01\nv3,31.5.2026,,\n,2026-05-31,,\nv1,2026-06-01,,\n"))
	values, wrong := valuesOf(t, r, err)
	require.Equal(t, []Vetting{
		{"v1", aid.Vetting{CheckedOn: aid.Date{Year: 2026, Month: 5, Day: 31}}},
		{"v2", aid.Vetting{BirthDate: aid.Date{Year: 2012, Month: 2, Day: 29}, ConsentUntil: aid.Date{Year: 2027, Month: 1, Day: 1}}},
	}, values)
	require.Len(t, wrong, 3)
	require.Contains(t, wrong[0], "row 4: checked_on")
	require.Contains(t, wrong[1], "row 5: volunteer_id")
	require.Contains(t, wrong[2], "row 6")
}
