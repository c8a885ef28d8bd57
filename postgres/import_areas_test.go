package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

func TestAreasAreImportedInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	area := func(id, parent aid.AreaID, level aid.AreaLevel) aid.Area {
		return aid.Area{ID: id, Parent: parent, Level: level, NameZh: string(id), NameEn: string(id)}
	}
	street := area("st", "co", aid.LevelStreet)
	county := area("co", "pr", aid.LevelCounty)
	root := area("pr", "", aid.LevelProvince)
	orphan := area("or", "nowhere", aid.LevelCounty)
	ring1, ring2 := area("r1", "r2", aid.LevelCounty), area("r2", "r1", aid.LevelCounty)
	refused := rejects{}
	count, err := w.ImportAreas(t.Context(), file(nil, street, county, root, orphan, ring1, ring2, root, area("x", "pr", "village")), refused.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 3, Rejected: 5}, count)
	require.Equal(t, rejects{9: "level", 5: "parent", 6: "parent", 7: "parent", 8: "id"}, refused)
	got, err := w.Area(t.Context(), "st")
	require.NoError(t, err)
	require.Equal(t, aid.AreaPath("/pr/co/st/"), got.Path)

	renamed, moved := county, street
	renamed.NameZh = "新名"
	moved.Parent = "pr"
	refused = rejects{}
	count, err = w.ImportAreas(t.Context(), file(nil, root, renamed, moved), refused.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Changed: 1, Unchanged: 1, Rejected: 1}, count)
	require.Equal(t, rejects{4: "parent"}, refused, "an area does not move")
	got, err = w.Area(t.Context(), "co")
	require.NoError(t, err)
	require.Equal(t, "新名", got.NameZh)
}
