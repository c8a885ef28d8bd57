package aid

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func hm(hour, minute int) int { return hour*60 + minute }

func TestQuietHoursEnd(t *testing.T) {
	t.Parallel()
	night := DailyHours{hm(22, 0), hm(7, 0)}
	berlin, err := location("Europe/Berlin")
	require.NoError(t, err)
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, berlin)
	}
	for _, c := range []struct {
		what  string
		hours DailyHours
		now   time.Time
		end   time.Time // zero: none hold
	}{
		{"before them", night, at(5, 4, 21, 59), time.Time{}},
		{"as they begin", night, at(5, 4, 22, 0), at(5, 5, 7, 0)},
		{"after midnight", night, at(5, 5, 6, 59), at(5, 5, 7, 0)},
		{"as they end", night, at(5, 5, 7, 0), time.Time{}},
		{"at noon", DailyHours{hm(12, 0), hm(14, 0)}, at(5, 5, 13, 0), at(5, 5, 14, 0)},
		{"no hours", DailyHours{}, at(5, 5, 0, 0), time.Time{}},
		{"equal ends are none", DailyHours{hm(9, 0), hm(9, 0)}, at(5, 5, 9, 0), time.Time{}},
		{"the night the clocks go forward is short", night, at(3, 28, 22, 0), at(3, 29, 7, 0)},
		{"the night the clocks go back is long", night, at(10, 24, 22, 0), at(10, 25, 7, 0)},
		{"an end that is skipped comes an hour later", DailyHours{hm(22, 0), hm(2, 30)}, at(3, 28, 23, 0), at(3, 29, 3, 30)},
	} {
		end, quiet := c.hours.Until(c.now)
		require.Equal(t, !c.end.IsZero(), quiet, c.what)
		require.True(t, c.end.Equal(end), "%s: %s, not %s", c.what, end, c.end)
	}
}

func TestQuietHoursEndLaterAndNeverInThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(0, minutesADay-1)
		h := DailyHours{minute.Draw(t, "from"), minute.Draw(t, "to")}
		require.NoError(t, h.Validate())
		loc, err := location(rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"}).Draw(t, "zone"))
		require.NoError(t, err)
		now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "now"), 0).In(loc)
		end, quiet := h.Until(now)
		if !quiet {
			return
		}
		require.True(t, end.After(now))
		require.LessOrEqual(t, end.Sub(now), 25*time.Hour)
	})
}

var deliveryNow = time.Date(2026, 5, 4, 15, 0, 0, 0, time.UTC) // 23:00 in Shanghai

func delivery() Delivery {
	return Delivery{
		Notice:  Notice{ID: "n-1", Recipient: "a", Until: deliveryNow.Add(72 * time.Hour)},
		Channel: ChannelEmail, Attempts: 1,
		To: Contact{Account: "a", Language: Chinese, Zone: DefaultZone, Channels: []Channel{ChannelEmail}, Email: "a@example.org"},
	}
}

func TestWhatIsNotSentNow(t *testing.T) {
	t.Parallel()
	night := DailyHours{hm(22, 0), hm(7, 0)}
	morning := time.Date(2026, 5, 4, 23, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		change func(*Delivery)
		want   DeliveryStatus // empty: it is sent
		next   time.Time
	}{
		"a notice that is due":          {func(*Delivery) {}, "", time.Time{}},
		"read already":                  {func(d *Delivery) { d.Notice.ReadAt = deliveryNow }, DeliveryMoot, time.Time{}},
		"answered meanwhile":            {func(d *Delivery) { d.Overtaken = true }, DeliveryMoot, time.Time{}},
		"the channel was dropped":       {func(d *Delivery) { d.To.Channels = nil }, DeliveryMoot, time.Time{}},
		"the address was dropped":       {func(d *Delivery) { d.To.Email = "" }, DeliveryMoot, time.Time{}},
		"too late, never tried":         {func(d *Delivery) { d.Notice.Until = deliveryNow }, DeliveryMoot, time.Time{}},
		"too late after tries":          {func(d *Delivery) { d.Notice.Until, d.Attempts = deliveryNow, 2 }, DeliveryGivenUp, time.Time{}},
		"night":                         {func(d *Delivery) { d.To.Quiet = night }, DeliveryPending, morning},
		"night by a clock further west": {func(d *Delivery) { d.To.Quiet, d.To.Zone = night, "Europe/Paris" }, "", time.Time{}},
		"urgent at night":               {func(d *Delivery) { d.To.Quiet, d.Notice.Urgent = night, true }, "", time.Time{}},
		"over before morning":           {func(d *Delivery) { d.To.Quiet, d.Notice.Until = night, morning }, DeliveryMoot, time.Time{}},
	} {
		d := delivery()
		c.change(&d)
		got, hold := d.Hold(deliveryNow)
		require.Equal(t, c.want != "", hold, what)
		require.Equal(t, c.want, got.Status, what)
		require.True(t, c.next.Equal(got.NextTry), what)
		require.Equal(t, c.want == DeliveryPending, got.Untried, what)
	}
}

func TestWhatFailedIsTriedAgainForAsLongAsItIsOfUse(t *testing.T) {
	t.Parallel()
	away := Errorf(Unavailable, "the server is away")
	d := delivery()
	require.Equal(t, DeliveryOutcome{Status: DeliverySent}, d.After(nil, deliveryNow))
	for attempt, pause := range map[int]time.Duration{1: 30 * time.Second, 2: time.Minute, 7: 32 * time.Minute, 8: time.Hour, 1000: time.Hour} {
		d.Attempts = attempt
		require.Equal(t, DeliveryOutcome{Status: DeliveryPending, NextTry: deliveryNow.Add(pause), Reason: "the server is away"}, d.After(away, deliveryNow))
	}
	d.Attempts = 1
	got := d.After(errors.New("somebody@example.org is unknown"), deliveryNow)
	require.Equal(t, DeliveryPending, got.Status)
	require.NotContains(t, got.Reason, "somebody", "only words of ours are kept")
	require.Equal(t, DeliveryPending, d.After(Errorf(Internal, "a fault"), deliveryNow).Status)
	for _, kind := range []Kind{Invalid, NotFound, Conflict, Forbidden} {
		require.Equal(t, DeliveryOutcome{Status: DeliveryGivenUp, Reason: "no"}, d.After(Errorf(kind, "no"), deliveryNow))
	}
	d.Notice.Until = deliveryNow.Add(30 * time.Second)
	require.Equal(t, DeliveryGivenUp, d.After(away, deliveryNow).Status)
	d.Notice.Until = deliveryNow.Add(31 * time.Second)
	require.Equal(t, DeliveryPending, d.After(away, deliveryNow).Status)
}

func TestContactsAreValidated(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]Contact{
		"":            {Language: English, Channels: []Channel{ChannelEmail}, Quiet: DailyHours{1439, 0}},
		"language":    {},
		"channels[0]": {Language: English, Channels: []Channel{"pigeon"}},
		"channels[1]": {Language: English, Channels: []Channel{ChannelEmail, ChannelEmail}},
		"quiet.from":  {Language: English, Quiet: DailyHours{-1, 0}},
		"quiet.to":    {Language: English, Quiet: DailyHours{0, 1440}},
	} {
		err := c.Validate()
		if field == "" {
			require.NoError(t, err)
			continue
		}
		e, ok := errors.AsType[*Error](err)
		require.True(t, ok, field)
		require.Equal(t, field, e.Problems[0].Field)
	}
}
