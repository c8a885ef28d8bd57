// Package words writes what people read in the languages of [aid.Languages]: texts
// from catalogues, words of lists that grow, days and times. Whoever has texts of
// their own brings a catalogue; the words that all share stand here.
package words
