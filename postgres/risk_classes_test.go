package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

func TestRequestsAreImportedIntoTheirClass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.ImportRiskClasses(t.Context(), file(nil, aid.RiskClass{Risk: bathing, NameZh: "高", Categories: []string{"Bathing"}}), postgres.ImportWatch{})
	require.NoError(t, err)
	row := func(id aid.RequestID, category string, people, least int) postgres.RequestRow {
		n := w.need(people, 30)
		n.Category, n.MinPeople = category, least
		return postgres.RequestRow{ID: id, Need: n, Cell: 7, Shard: shard}
	}
	refused := rejects{}
	count, err := w.ImportRequests(t.Context(), harbin.ID, "c1", file(nil, row("two", "BATHING", 3, 2), row("one", "bathing", 1, 1), row("free", "visit", 1, 1)), refused.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 2, Rejected: 1}, count)
	require.Equal(t, rejects{3: "roles"}, refused)
	two := w.read("two")
	require.Equal(t, bathing, two.Risk, "however the two spell it")
	require.Equal(t, "bathing", two.Category)
	require.Equal(t, []aid.CourseID{"care"}, two.Roles[0].Courses, "one seat asks for the course of the class")
	require.Equal(t, 2, two.Roles[1].People)
	require.Zero(t, w.read("free").Risk)
	w.sound()
}

func TestRiskClassesAreImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	high := aid.RiskClass{Risk: bathing, NameZh: "高", NameEn: "High", Categories: []string{"bathing", "night_watch"}}
	low := aid.RiskClass{Risk: aid.Risk{Class: "low", MinorsBarred: true}, NameEn: "Low", Categories: []string{"shopping"}}
	bring := func(classes ...aid.RiskClass) (postgres.ImportCount, rejects) {
		refused := rejects{}
		count, err := w.ImportRiskClasses(t.Context(), file(nil, classes...), refused.watch(t))
		require.NoError(t, err)
		return count, refused
	}
	count, refused := bring(low, high)
	require.Equal(t, postgres.ImportCount{Added: 2}, count)
	require.Empty(t, refused)
	kept, err := w.RiskClasses(t.Context())
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]aid.RiskClass{high, low}, kept))
	count, _ = bring(low, high)
	require.Equal(t, postgres.ImportCount{Unchanged: 2}, count)

	w.risky("r1")
	moved, taken := low, high
	moved.Categories, taken.Categories, taken.CheckMonths = []string{"shopping", "night_watch"}, []string{"bathing"}, 12
	count, _ = bring(moved, taken)
	require.Equal(t, postgres.ImportCount{Changed: 2}, count, "a category can move within one file")
	require.Equal(t, bathing, w.read("r1").Risk, "what was agreed on stays")

	stranger := aid.RiskClass{Risk: aid.Risk{Class: "other", TwoDeep: true, Course: "flying"}, NameEn: "Other"}
	thief := aid.RiskClass{Risk: aid.Risk{Class: "thief"}, NameEn: "Thief", Categories: []string{"bathing"}}
	twin := aid.RiskClass{Risk: aid.Risk{Class: "twin"}, NameEn: "Twin", Categories: []string{"reading"}}
	again := aid.RiskClass{Risk: aid.Risk{Class: "twin2"}, NameEn: "Twin", Categories: []string{"reading"}}
	count, refused = bring(stranger, thief, twin, again, twin, aid.RiskClass{Risk: aid.Risk{Class: "nameless"}})
	require.Equal(t, postgres.ImportCount{Added: 1, Rejected: 5}, count)
	require.Equal(t, rejects{2: "course", 3: "categories", 5: "categories", 6: "id", 7: "name_zh"}, refused)
	w.sound()
}

// A file of which some rows are left out leaves no category unprotected.
func TestCategoriesAreThoseOfAClassAndThoseAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	categories := func() []aid.Category {
		all, err := w.Categories(t.Context())
		require.NoError(t, err)
		return all
	}
	require.Empty(t, categories())
	_, err := w.ImportRiskClasses(t.Context(), file(nil, aid.RiskClass{
		Risk: aid.Risk{Class: "high", CheckMonths: 24}, NameEn: "High", Categories: []string{"bathing", "Night"},
	}), postgres.ImportWatch{})
	require.NoError(t, err)
	for i, category := range []string{"Visit", "night", "visit", "company"} {
		n := w.need(1, 5)
		n.Category = category
		w.request(aid.RequestID(fmt.Sprintf("r%d", i)), n)
	}
	require.Equal(t, []aid.Category{
		{Name: "bathing", Class: "high"}, {Name: "company"}, {Name: "night", Class: "high"}, {Name: "visit"},
	}, categories())
}

func TestNoCategoryLosesItsClassByARejectedRow(t *testing.T) {
	t.Parallel()
	high := aid.RiskClass{Risk: bathing, NameZh: "高", Categories: []string{"bathing", "night_watch"}}
	low := aid.RiskClass{Risk: aid.Risk{Class: "low", MinorsBarred: true}, NameEn: "Low", Categories: []string{"shopping", "cooking"}}
	other := aid.RiskClass{Risk: aid.Risk{Class: "other", CheckMonths: 12}, NameEn: "Other", Categories: []string{"driving"}}
	having := func(k aid.RiskClass, categories ...string) aid.RiskClass {
		k.Categories = categories
		return k
	}
	nameless := func(k aid.RiskClass) aid.RiskClass {
		k.NameZh, k.NameEn = "", ""
		return k
	}
	strange := func(k aid.RiskClass) aid.RiskClass {
		k.TwoDeep, k.Course = true, "flying"
		return k
	}
	moved := having(low, "shopping", "cooking", "night_watch")
	for name, c := range map[string]struct {
		file     []aid.RiskClass
		unread   int // rows that the reader left out
		rejected rejects
	}{
		"moved into a row that cannot be":             {[]aid.RiskClass{having(high, "bathing"), nameless(moved)}, 0, rejects{2: "categories", 3: "name_zh"}},
		"moved into a row without its course":         {[]aid.RiskClass{having(high, "bathing"), strange(moved)}, 0, rejects{2: "categories", 3: "course"}},
		"moved into a row that could not be read":     {[]aid.RiskClass{having(high, "bathing")}, 1, rejects{2: "categories"}},
		"moved on by a row that is rejected for that": {[]aid.RiskClass{having(high, "cooking"), having(low, "shopping", "driving"), having(other)}, 1, rejects{2: "categories", 3: "categories", 4: "categories"}},
		"what loses nothing is taken":                 {[]aid.RiskClass{having(high, "bathing", "night_watch", "nursing"), nameless(low)}, 0, rejects{3: "name_zh"}},
		"moved into a good row beside a bad one":      {[]aid.RiskClass{having(high, "bathing"), moved, nameless(other)}, 0, rejects{4: "name_zh"}},
		"given up, and every row is good":             {[]aid.RiskClass{having(high, "bathing")}, 0, rejects{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.ImportRiskClasses(t.Context(), file(nil, high, low, other), postgres.ImportWatch{})
			require.NoError(t, err)
			refused := rejects{}
			watch := refused.watch(t)
			watch.Refused = func() int { return c.unread }
			_, err = w.ImportRiskClasses(t.Context(), file(nil, c.file...), watch)
			require.NoError(t, err)
			require.Equal(t, c.rejected, refused)
			kept, err := w.RiskClasses(t.Context())
			require.NoError(t, err)
			for _, category := range []string{"bathing", "night_watch", "shopping", "cooking", "driving"} {
				given := len(c.rejected) == 0 && category == "night_watch"
				require.Equal(t, given, aid.RiskOf(kept, category) == aid.Risk{}, category)
			}
			w.sound()
		})
	}
}

// The database itself keeps one spelling, and what was kept before it did is brought
// to that: of two classes the one that asks more keeps the category.
func TestCategoriesAreKeptInSmallLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	migration, err := os.ReadFile("migrations/00021_categories.sql")
	require.NoError(t, err)
	up, down, _ := strings.Cut(string(migration), "-- +goose Down")
	require.NoError(t, w.sql(down))
	require.NoError(t, w.sql(`UPDATE help_requests SET category = 'Visit';
		INSERT INTO risk_classes VALUES ('high', '', 'High', 24, true, true), ('low', '', 'Low', 36, true, false);
		INSERT INTO risk_categories VALUES ('BATHING', 'low'), ('Bathing', 'high'), ('Reading', 'low');
		INSERT INTO parks (volunteer_id, kind, category, within, offer_id, since)
			VALUES ('v000', 'too_far', 'Visit', 2000, 'o-r1-v000', now()), ('v000', 'too_far', 'visit', 3000, 'o-r1-v000', now())`))
	require.NoError(t, w.sql(up))
	require.Equal(t, "visit", w.read("r1").Category)
	kept, err := w.RiskClasses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"bathing"}, kept[0].Categories)
	require.Equal(t, []string{"reading"}, kept[1].Categories)
	require.Equal(t, 2000, w.count("SELECT within FROM parks"), "the shorter distance stays")
	for _, table := range []string{"help_requests", "risk_categories", "parks"} {
		require.ErrorContains(t, w.sql("UPDATE "+table+" SET category = upper(category)"), "categories_are_in_small_letters")
	}
}
