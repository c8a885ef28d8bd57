package notify

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

var (
	placeholder = regexp.MustCompile(`{{[^}]*}}`)
	field       = regexp.MustCompile(`^{{\.([A-Za-z]+)}}$`)
)

// messages are the texts of a language as the file has them.
func messages(t *testing.T, l aid.Language) map[string]string {
	t.Helper()
	text, err := texts.ReadFile(words.FileOf(l))
	require.NoError(t, err)
	var out map[string]string
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

func TestEveryNoticeHasItsTexts(t *testing.T) {
	t.Parallel()
	these := messages(t, aid.Languages[0]) // the others have the same, or there would be no catalogue
	used := map[string]bool{}
	for id, text := range these {
		for _, p := range placeholder.FindAllString(text, -1) {
			m := field.FindStringSubmatch(p)
			require.NotNil(t, m, "%s: %s is no plain placeholder", id, p)
			if !strings.HasPrefix(id, "mail.") && !strings.HasPrefix(id, "calendar.") {
				used[m[1]] = true
			}
		}
	}
	for _, k := range aid.NoticeKinds {
		require.Contains(t, these, string(k)+".title")
		require.Contains(t, these, string(k)+".body")
	}
	for f := range reflect.TypeFor[facts]().Fields() {
		require.True(t, used[f.Name], "no text uses %s", f.Name)
	}
}

// Whatever the texts are made of is listed here: a new field must be one that a
// stranger may read over the shoulder.
func TestTextsHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	var fields []string
	for f := range reflect.TypeFor[aid.NoticeFacts]().Fields() {
		fields = append(fields, f.Name)
	}
	require.Equal(t, []string{"Category", "Course", "Window", "Standing", "Area", "AnswerBy", "Unmet"}, fields)
	number := regexp.MustCompile(`[0-9]{5,}|@|https?:`)
	for _, l := range aid.Languages {
		for id, text := range messages(t, l) {
			require.NotRegexp(t, number, text, "%s in %s", id, l)
		}
	}
}

func sample(kind aid.NoticeKind) aid.Notice {
	at := time.Date(2026, 11, 3, 8, 0, 0, 0, time.UTC)
	return aid.Notice{
		ID: "n-1", Recipient: "v.v-1", Kind: kind, At: at.Add(-24 * time.Hour), Until: at, Reason: "unwell",
		Request: "r-1", Offer: "o-1", Pairing: "p-1",
		About: aid.NoticeFacts{
			Category: "visit", Course: aid.CourseNames{Zh: "应急救护", En: "First aid"}, Window: aid.Window{StartsAt: at, EndsAt: at.Add(2 * time.Hour)},
			Area: aid.AreaNames{Zh: "南岗区", En: "Nangang"}, AnswerBy: at.Add(-20 * time.Hour),
			Unmet: aid.ReasonCounts{TooFar: 11, Skill: 12, Course: 13, Time: 14, Capacity: 15, Asked: 16, Unsuited: 17, Parked: 18, Resting: 19, Check: 20, Minor: 21},
		},
	}
}

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := NewCatalogue()
	require.NoError(t, err)
	return c
}

func TestNoticesAreWrittenForTheirReader(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	chinese := aid.Contact{Language: aid.Chinese, Zone: "Asia/Shanghai"}
	english := aid.Contact{Language: aid.English, Zone: "Europe/Paris"}
	for _, want := range []struct {
		kind  aid.NoticeKind
		to    aid.Contact
		title string
		body  string
	}{
		{aid.NoticeOfferMade, chinese, "有一个帮扶邀请等您答复", "探访，南岗区，2026年11月3日（周二）16:00–18:00。请在2026年11月2日（周一）20:00前登录答复。接受与否由您自愿决定。"},
		{aid.NoticeOfferMade, english, "You are asked to help", "Visiting, Nangang, Tue 3 Nov 2026, 09:00–11:00. Please sign in and answer by Mon 2 Nov 2026, 13:00. Whether you accept is up to you."},
		{aid.NoticeSeatVacant, chinese, "一名志愿者退出", "南岗区的探访（2026年11月3日（周二）16:00–18:00）有一名志愿者退出，原因：身体不适。正在另找志愿者。"},
		{aid.NoticeRequestUnfilled, english, "No volunteers found", "Visiting in Nangang (Tue 3 Nov 2026, 09:00–11:00) did not find the people that it needs; please arrange for it otherwise. Volunteers who could not be asked: too far 11, without the skill 12, without the course 13, not free then 14, with their hands full 15, asked before 16, not suitable 17, put it off 18, not to be asked now 19, without the background check 20, not by their age 21."},
	} {
		got, err := c.Write(sample(want.kind), want.to)
		require.NoError(t, err)
		require.Equal(t, aid.NoticeText{Title: want.title, Body: want.body}, got)
	}
	standing := sample(aid.NoticeOfferMade)
	standing.About.Standing = true
	for to, want := range map[*aid.Contact]string{
		&chinese: "探访，南岗区，定期，下次2026年11月3日（周二）16:00–18:00。请在2026年11月2日（周一）20:00前登录答复。接受与否由您自愿决定。",
		&english: "Visiting, Nangang, regularly, next Tue 3 Nov 2026, 09:00–11:00. Please sign in and answer by Mon 2 Nov 2026, 13:00. Whether you accept is up to you.",
	} {
		got, err := c.Write(standing, *to)
		require.NoError(t, err)
		require.Equal(t, want, got.Body, "whoever is asked for many visits is told so")
	}
	for _, l := range aid.Languages {
		for _, k := range aid.NoticeKinds {
			got, err := c.Write(sample(k), aid.Contact{Language: l})
			require.NoError(t, err)
			for _, text := range []string{got.Title, got.Body} {
				require.NotContains(t, text, "{{")
				require.NotContains(t, text, "no value")
				require.NotContains(t, text, "\n")
			}
		}
	}
}

func TestWordsThatNobodyTranslatedAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	n := sample(aid.NoticePairingCancelled)
	n.About.Category, n.Reason, n.About.Area.En = "snow_clearing", "", ""
	got, err := catalogue(t).Write(n, aid.Contact{Language: aid.English})
	require.NoError(t, err)
	require.Equal(t, "snow_clearing in 南岗区 (Tue 3 Nov 2026, 16:00–18:00) is cancelled: no reason given. You need not come.", got.Body)
}

func TestASpanOverMidnightNamesBothDays(t *testing.T) {
	t.Parallel()
	n := sample(aid.NoticePairingCompleted)
	n.About.Window.EndsAt = n.About.Window.StartsAt.Add(10 * time.Hour)
	got, err := catalogue(t).Write(n, aid.Contact{Language: aid.English})
	require.NoError(t, err)
	require.Contains(t, got.Body, "(Tue 3 Nov 2026, 16:00 – Wed 4 Nov 2026, 02:00)")
}

func TestAKindWithoutTextIsAFault(t *testing.T) {
	t.Parallel()
	_, err := catalogue(t).Write(sample("unheard_of"), aid.Contact{Language: aid.Chinese})
	require.Equal(t, aid.Internal, aid.KindOf(err))
	_, err = catalogue(t).Write(sample(aid.NoticeOfferMade), aid.Contact{Language: "fr"})
	require.Equal(t, aid.Internal, aid.KindOf(err))
}
