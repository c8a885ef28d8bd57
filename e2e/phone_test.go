package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/web/browsertest"
)

// A volunteer goes the whole way on a phone: from the offer to the door and home.
func TestAVolunteerWithAPhone(t *testing.T) {
	t.Parallel()
	s := start(t, "--round-interval", "200ms")
	b, at, people := s.village(1)
	v := people[0]
	in := func(minutes int) string {
		return time.Now().UTC().Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)
	}
	body := need(b, at, "urgent", 1, 1)
	body["window"] = Object{"starts_at": in(-5), "ends_at": in(120)}
	id := s.open(body)
	s.await("an offer", func() bool { return s.offer(v, id, "pending") != "" })

	p := browsertest.Start(t, "zh-CN")
	p.Open(s.URL + "/sign-in#" + v.token)
	p.Await("接受")
	p.Press("接受")
	p.Await("谢谢您")
	p.Press("待到访")
	p.Press("显示地址")
	p.Await("姓名")
	p.At(s.URL, at.lat+0.2, at.lng)
	p.Press("我到了")
	p.Await("不在服务地点附近")
	p.At(s.URL, at.lat, at.lng)
	p.Press("我到了")
	p.Await("进行中")
	p.Press("我走了")
	p.Await("已签退")
	p.Picture("linli-dev")

	visits := s.do(http.StatusOK, v.token, "GET", "/v1/visits?status=done", nil)["items"].([]any)
	require.Len(t, visits, 1)
	require.Equal(t, "position", visits[0].(Object)["checked_in"].(Object)["means"])
	told := s.do(http.StatusOK, s.Tokens["caseworker"], "GET", "/v1/beneficiaries/"+b+"/disclosures", nil)["items"].([]any)
	require.NotEmpty(t, told, "that the address was shown is written down")
	require.Equal(t, "every invariant holds", s.command("audit"))
}
