package postgres

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"github.com/linli/linli/aid"
)

// newest is a place in a list that runs newest first: the time and id of the
// last row that was given. Ids break ties of time.
type newest struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

// endOfTime begins a list that runs newest first.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func newestAfter(p aid.Page) (newest, error) {
	if p.After == "" {
		return newest{At: endOfTime}, checkLimit(p)
	}
	var at newest
	if err := readCursor(p.After, &at); err != nil || !aid.ValidID(at.ID) || at.At.IsZero() {
		return newest{}, malformedCursor()
	}
	return at, checkLimit(p)
}

// idAfter reads the place in a list that runs by id.
func idAfter(p aid.Page) (string, error) {
	var id string
	if p.After == "" {
		return "", checkLimit(p)
	}
	if err := readCursor(p.After, &id); err != nil || !aid.ValidID(id) {
		return "", malformedCursor()
	}
	return id, checkLimit(p)
}

// numberAfter reads the place in a list that runs by number.
func numberAfter(p aid.Page) (int64, error) {
	if p.After == "" {
		return 0, checkLimit(p)
	}
	var text string
	if err := readCursor(p.After, &text); err != nil {
		return 0, malformedCursor()
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, malformedCursor()
	}
	return n, checkLimit(p)
}

// onePage makes a page of rows, of which one more than the limit was asked for.
// place gives the cursor that a row leaves behind.
func onePage[R, T any](rows []R, limit int, place func(R) any, item func(R) T) aid.PageOf[T] {
	out := aid.PageOf[T]{Items: make([]T, 0, min(len(rows), limit))}
	for i, row := range rows {
		if i == limit {
			out.Next = writeCursor(place(rows[i-1]))
			break
		}
		out.Items = append(out.Items, item(row))
	}
	return out
}

// stretch is how many rows a list is walked before it is searched by area. Walking
// finds a page at once where most rows may be seen, and searching where few may:
// each would read the whole table in the other's case.
const stretch = 2000

// walkFirst gives the rows of the walk if these are as many as wanted, else those
// of the search.
func walkFirst[R any](want int, walk, search func() ([]R, error)) ([]R, error) {
	rows, err := walk()
	if err != nil || len(rows) == want {
		return rows, err
	}
	return search()
}

func writeCursor(place any) string {
	text, err := json.Marshal(place)
	if err != nil {
		panic(err) // a place is a string or a newest
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(cursor string, place any) error {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, place)
}

func checkLimit(p aid.Page) error {
	var c aid.Check
	c.That(p.Limit >= 1 && p.Limit <= aid.MaxPage, "limit", "is %d, must lie in 1 to %d", p.Limit, aid.MaxPage)
	return c.Err("page")
}

func malformedCursor() error {
	var c aid.Check
	c.That(false, "cursor", "is malformed; take it as it stands in the page before")
	return c.Err("page")
}
