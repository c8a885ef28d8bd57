package words_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

// files are catalogues of one's own, Chinese and English.
func files(zh, en string) fstest.MapFS {
	return fstest.MapFS{"texts/zh-CN.json": {Data: []byte(zh)}, "texts/en.json": {Data: []byte(en)}}
}

func TestTextsAreWrittenInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	c, err := words.NewCatalogue(files(`{"hello": "{{.Name}}，您好"}`, `{"hello": "Hello {{.Name}}"}`))
	require.NoError(t, err)
	facts := struct{ Name string }{"Lin"}
	for l, want := range map[aid.Language]string{aid.Chinese: "Lin，您好", aid.English: "Hello Lin"} {
		got, err := c.Text(l, "hello", facts)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	require.Equal(t, "Nangang", words.Name("南岗区", "Nangang", aid.English))
	require.Equal(t, "南岗区", words.Name("南岗区", "", aid.English), "better in the other language than not at all")
	_, err = c.Text(aid.English, "unheard", nil)
	require.ErrorContains(t, err, "unheard")
	_, err = c.Text("fr", "hello", facts)
	require.Equal(t, aid.Internal, aid.KindOf(err))
	require.Equal(t, "探访", c.Word(aid.Chinese, "category", "visit"))
	require.Equal(t, "dog_walking", c.Word(aid.Chinese, "category", "dog_walking"), "a list may grow before its words do")
	require.Equal(t, "Help", c.Word(aid.English, "category", ""))
	for _, l := range aid.Languages {
		for _, list := range [][]string{aid.WithdrawReasons, aid.CancelReasons, aid.DeclineReasons} {
			for _, reason := range list {
				_, err := c.Text(l, "reason."+reason, nil)
				require.NoError(t, err, "in %s", l)
			}
		}
	}
}

func TestALanguageThatLacksSomethingIsRefused(t *testing.T) {
	t.Parallel()
	for why, own := range map[string]fstest.MapFS{
		"b is missing":                files(`{"a": "甲", "b": "乙"}`, `{"a": "A"}`),
		"b has no text in zh-CN":      files(`{"a": "甲"}`, `{"a": "A", "b": "B"}`),
		"a uses [], in zh-CN it uses": files(`{"a": "{{.X}}"}`, `{"a": "A"}`),
		"texts/zh-CN.json":            {},
		"in en: ":                     files(`{}`, `{`),
	} {
		_, err := words.NewCatalogue(own)
		require.ErrorContains(t, err, why)
	}
}

func TestTimesAreThoseOfTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	harbin, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	at := time.Date(2026, 11, 2, 15, 30, 0, 0, time.UTC)
	require.Equal(t, "2026年11月2日（周一）23:30", words.Moment(at, harbin, aid.Chinese))
	require.Equal(t, "Mon 2 Nov 2026, 23:30", words.Moment(at, harbin, aid.English))
	over := aid.Window{StartsAt: at, EndsAt: at.Add(time.Hour)}
	require.Equal(t, "Mon 2 Nov 2026, 23:30 – Tue 3 Nov 2026, 00:30", words.Span(over, harbin, aid.English), "it ends on another day there")
	require.Equal(t, "2026年11月2日（周一）15:30–16:30", words.Span(over, time.UTC, aid.Chinese))
}
