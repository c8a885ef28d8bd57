package api

import (
	"strconv"
	"unicode"
	"unicode/utf16"
)

// halfCharacter finds an escape of one half of a character that takes two
// (\ud83d\ude00 is one whole), in whose place a reader would put a sign of its
// own. What is no JSON is left to the reader to refuse.
func halfCharacter(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		first, ok := escaped(data[i:])
		switch {
		case !ok:
			i++ // past the escaped sign, which may be a backslash
		case !utf16.IsSurrogate(first):
			i += escapeLength - 1
		default:
			second, _ := escaped(data[i+escapeLength:])
			if utf16.DecodeRune(first, second) == unicode.ReplacementChar {
				return true
			}
			i += 2*escapeLength - 1
		}
	}
	return false
}

const escapeLength = len(`\u0000`)

// escaped reads the escape that data begins with.
func escaped(data []byte) (rune, bool) {
	if len(data) < escapeLength || data[0] != '\\' || data[1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(data[2:escapeLength]), 16, 16)
	return rune(code), err == nil
}
