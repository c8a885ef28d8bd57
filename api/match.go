package api

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/linli/linli/app"
)

// etag names a state of a record (RFC 9110, 8.8.3).
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch is the states of a record that a change is meant for.
type IfMatch struct {
	Tags string `header:"If-Match" maxLength:"500" doc:"The ETag that the record had when it was read. If it has another one by now, nothing is changed and the answer is 412. Left out, the change is made to whatever there is."`

	seen app.Seen
}

// entityTags is a list of entity tags, weak ones among them.
var entityTags = regexp.MustCompile(`^\s*(W/)?"[\x21\x23-\x7e]*"\s*(,\s*(W/)?"[\x21\x23-\x7e]*"\s*)*$`)

// Resolve reads the tags. One that this program never gave, or a weak one, fits
// no record.
func (m *IfMatch) Resolve(huma.Context) []error {
	tags := strings.TrimSpace(m.Tags)
	switch {
	case tags == "" || tags == "*":
		return nil
	case !entityTags.MatchString(tags):
		return []error{&huma.ErrorDetail{
			Location: "header.If-Match", Message: `must be * or ETags as they were given, such as "3"`,
		}}
	}
	m.seen = app.Seen{}
	for tag := range strings.SplitSeq(tags, ",") {
		tag = strings.TrimSpace(tag)
		if version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64); err == nil && tag == etag(version) {
			m.seen = append(m.seen, version)
		}
	}
	return nil
}
