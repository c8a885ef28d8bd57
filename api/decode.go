package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxBody is the most that a body may have.
const maxBody = 1 << 20

// jsonFormat reads and writes JSON. Unlike the standard library it refuses text
// that is not UTF-8 and halves of characters instead of replacing what it cannot
// read, and objects that give a field twice.
var jsonFormat = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshal}

var byteOrderMark = []byte("\xef\xbb\xbf")

func unmarshal(data []byte, into any) error {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if !utf8.Valid(data) {
		return errors.New("is not UTF-8; save or send it as UTF-8")
	}
	if field, ok := twice(data); ok {
		return fmt.Errorf("gives %q twice in one object", field)
	}
	if halfCharacter(data) {
		return errors.New("holds one half of a character, \\ud800 to \\udfff, without the other")
	}
	return readable(json.Unmarshal(data, into))
}

// readable says what is wrong in words of its own: the library's name Go types.
func readable(err error) error {
	if err == nil {
		return nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("is not valid JSON after byte %d", syntax.Offset)
	}
	if value, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("holds a value out of range near byte %d", value.Offset)
	}
	return errors.New("is not valid JSON")
}
