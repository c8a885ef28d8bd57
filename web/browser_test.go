package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/web/browsertest"
)

// TestPhone goes the whole way in a real browser, in both languages: by a sign-in
// link to the offer, to the door, and home again.
func TestPhone(t *testing.T) {
	t.Parallel()
	for _, in := range []struct {
		language                                                                  aid.Language
		accept, accepted, show, here, far, denied, begun, leave, thanks, declines string
	}{
		{aid.Chinese, "接受", "谢谢您", "显示地址", "我到了", "不在服务地点附近", "没有允许定位", "进行中", "我走了", "已签退", "谢绝"},
		{aid.English, "Accept", "Thank you", "Show the address", "I am here", "not near the place", "did not allow it", "under way", "I am leaving", "Checked out", "Decline"},
	} {
		t.Run(string(in.language), func(t *testing.T) {
			t.Parallel()
			s := asked(t)
			p := browsertest.Start(t, string(in.language))
			name := "phone-" + string(in.language) + "-"
			p.Open(s.url + visitOf("o-1"))
			p.Picture(name + "1-sign-in")
			p.Open(s.url + "/sign-in#linli_volunteer")
			p.Await(in.accept)
			require.False(t, p.Wide())
			p.Picture(name + "2-offer")
			p.Press(in.declines)
			p.Picture(name + "3-decline")
			p.Press(in.accept)
			p.Await(in.accepted)
			p.Picture(name + "4-accepted")

			s.world.Pass(24 * time.Hour)
			p.Allow(s.url, "geolocation", false)
			p.Open(s.url + visitOf("o-1"))
			p.Press(in.here)
			p.Await(in.denied)
			p.Picture(name + "5-denied")
			p.At(s.url, apptest.Home.Lat+0.1, apptest.Home.Lng)
			p.Press(in.here)
			p.Await(in.far)
			p.Picture(name + "6-far")
			p.At(s.url, apptest.Home.Lat, apptest.Home.Lng)
			p.Press(in.here)
			p.Await(in.begun)
			require.False(t, p.Wide())
			p.Press(in.show)
			p.Await("果戈里大街 1 号")
			p.Picture(name + "7-there")
			s.world.Pass(time.Hour)
			p.Press(in.leave)
			p.Await(in.thanks)
			p.Picture(name + "8-done")
		})
	}
}

// The caseworker's pages are for a phone too, and for who types a code.
func TestCodeOnAPhone(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	p := browsertest.Start(t, string(aid.Chinese))
	p.Open(s.url + "/sign-in")
	p.Type("#token", "linli_caseworker")
	p.Press("登录")
	p.Await("今天的到访")
	p.Picture("caseworker-1-day")
	p.Press("探访")
	p.Await(apptest.Code)
	p.Picture("caseworker-2-visit")
	p.Press("设置")
	p.Await("安静时段")
	require.False(t, p.Wide())
	p.Picture("settings")
	p.Press("退出")
	p.Await("访问令牌")
	p.Open(s.url + "/sign-in#linli_volunteer")
	p.Await("我的到访")
	p.Open(s.url + visitOf("o-1"))
	p.Type("#code", apptest.Code)
	p.Press("用到访码签到")
	p.Await("已签到")
}

// A pushed notice is shown while no page is open, if its reader allowed it.
func TestNoticesArePushedToAPhone(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Start(t, string(aid.English))
	p.Open(s.url + "/sign-in#linli_volunteer")
	p.Await("Settings")
	p.Allow(s.url, "notifications", false)
	p.Open(s.url + "/settings")
	p.Press("Notify me on this device")
	p.Await("The browser did not allow notices")
	p.Allow(s.url, "notifications", true)
	p.Open(s.url + "/settings")
	shown := p.Push("/sw.js", `{"id":"n-1","kind":"offer_made","urgent":true,"title":"You are asked to help","body":"Visiting, Nangang","help_request_id":"r-1"}`)
	require.Equal(t, []string{"You are asked to help"}, shown)
}
