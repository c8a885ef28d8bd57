package api

import (
	"bytes"
	"encoding/json"
)

// nesting is one object or array that is open while JSON is walked.
type nesting struct {
	seen map[string]bool // nil in an array
	key  bool            // the next token is a key or the end
}

// twice finds a field that an object gives twice, which different readers would
// take differently. What is no JSON is left to the reader to refuse.
func twice(data []byte) (field string, found bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var open []nesting
	for {
		token, err := d.Token()
		if err != nil {
			return "", false
		}
		top := len(open) - 1
		if top >= 0 && open[top].key {
			if name, ok := token.(string); ok {
				if open[top].seen[name] {
					return name, true
				}
				open[top].seen[name], open[top].key = true, false
				continue
			}
		}
		if top >= 0 && open[top].seen != nil {
			open[top].key = true // the token is, or begins, a value
		}
		switch token {
		case json.Delim('{'):
			open = append(open, nesting{map[string]bool{}, true})
		case json.Delim('['):
			open = append(open, nesting{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:top]
		}
	}
}
