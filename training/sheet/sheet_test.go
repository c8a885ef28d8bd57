package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/sheet"
)

var must, may = []string{"volunteer_id"}, []string{"present"}

// book writes a workbook as a spreadsheet program would.
func book(t testing.TB, cells map[string]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for at, value := range cells {
		require.NoError(t, f.SetCellValue("Sheet1", at, value))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

func TestBothFormsSayTheSame(t *testing.T) {
	t.Parallel()
	for form, data := range map[sheet.Form][]byte{
		sheet.CSV:  []byte("\xef\xbb\xbfvolunteer_id, present\r\nv-1,是\r\n\r\n v-2 \r\n"),
		sheet.XLSX: book(t, map[string]any{"A1": "volunteer_id", "B1": "present ", "A2": "v-1", "B2": "是", "A4": "v-2"}),
	} {
		got, err := sheet.Read(data, must, may)
		require.NoError(t, err, form)
		require.Equal(t, form, got.Form)
		require.Equal(t, []string{"volunteer_id", "present"}, got.Header)
		require.Equal(t, []sheet.Row{{No: 2, Cells: []string{"v-1", "是"}}, {No: 4, Cells: []string{"v-2", ""}}}, got.Rows, form)
		require.Equal(t, "是", got.Cell(got.Rows[0], "present"))
		require.Empty(t, got.Cell(got.Rows[0], "other"))

		back, err := got.Rejected(map[int]string{4: "人已满"})
		require.NoError(t, err)
		again, err := sheet.Read(back, must, may)
		require.NoError(t, err, "the reason is passed over when it comes again")
		require.Equal(t, form, again.Form)
		require.Equal(t, []string{"volunteer_id", "present", "reason"}, again.Header)
		require.Equal(t, []sheet.Row{{No: 2, Cells: []string{"v-2", "", "人已满"}}}, again.Rows)
		back, err = again.Rejected(map[int]string{2: "still"})
		require.NoError(t, err)
		again, err = sheet.Read(back, must, may)
		require.NoError(t, err)
		require.Equal(t, []string{"v-2", "", "still"}, again.Rows[0].Cells, "one reason, the new one")
	}
}

func TestNumbersInAWorkbookAreText(t *testing.T) {
	t.Parallel()
	got, err := sheet.Read(book(t, map[string]any{"A1": "volunteer_id", "A2": 1000234}), must, nil)
	require.NoError(t, err)
	require.Equal(t, "1000234", got.Rows[0].Cells[0])
}

func TestUnsoundFilesAreRefused(t *testing.T) {
	t.Parallel()
	wide := strings.Repeat("x,", sheet.MaxCells) + "x\n"
	for want, data := range map[string][]byte{
		"is empty":                 []byte("\n\n"),
		"no column \"volunteer_id": []byte("present\nyes\n"),
		"a column \"phone\"":       []byte("volunteer_id,phone\n"),
		"\"volunteer_id\" twice":   []byte("volunteer_id,volunteer_id\n"),
		"row 3 has 2 cells":        []byte("volunteer_id\nv-1\nv-2,x\n"),
		"UTF-8":                    {0xd6, 0xd0, '\n'},
		"row 2: ":                  []byte("volunteer_id\n\"v-1\n"),
		"cannot be read":           []byte("PK\x03\x04nothing"),
		"column 1 is no text":      []byte("volunteer_id\n" + strings.Repeat("x", 1001)),
		"more than the 50 columns": []byte(wide),
		"more than 5000 rows":      []byte("volunteer_id\n" + strings.Repeat("v\n", sheet.MaxRows+1)),
	} {
		_, err := sheet.Read(data, must, may)
		require.Equal(t, aid.Invalid, aid.KindOf(err), want)
		require.ErrorContains(t, err, "file: ")
		require.ErrorContains(t, err, want)
	}
}

func TestTextFarBelowIsRefused(t *testing.T) {
	t.Parallel()
	_, err := sheet.Read(book(t, map[string]any{"A1": "volunteer_id", "A1048576": "v-1"}), must, may)
	require.ErrorContains(t, err, "text below row 50000")
}

func TestAWorkbookThatUnpacksTooFarIsRefused(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	for i := range 3000 {
		require.NoError(t, w.SetRow(fmt.Sprintf("A%d", i+1), []any{strings.Repeat("x", 10_000)}))
	}
	require.NoError(t, w.Flush())
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.Less(t, b.Len(), 1<<20)
	_, err = sheet.Read(b.Bytes(), must, may)
	require.ErrorContains(t, err, "cannot be read")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("volunteer_id,present\nv-1,yes\n"))
	f.Add(book(f, map[string]any{"A1": "volunteer_id", "A2": "v-1"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sheet.Read(data, must, may)
		if err != nil {
			require.Equal(t, aid.Invalid, aid.KindOf(err))
			return
		}
		reasons := map[int]string{}
		for _, r := range got.Rows {
			require.Len(t, r.Cells, len(got.Header))
			reasons[r.No] = "why"
		}
		back, err := got.Rejected(reasons)
		require.NoError(t, err)
		again, err := sheet.Read(back, must, may)
		require.NoError(t, err)
		require.Len(t, again.Rows, len(got.Rows))
	})
}
