package ergon

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// recordJSON is the form of a Record as JSON.
type recordJSON struct {
	Header []string
	Fields []string
	Line   int
	Raw    string
	Err    *string      `json:",omitempty"`
	Exact  *recordExact `json:",omitempty"`
}

// recordExact holds the bytes of texts that are not UTF-8, at the place of each;
// nil stands for a text that is.
type recordExact struct {
	Header [][]byte `json:",omitempty"`
	Fields [][]byte `json:",omitempty"`
	Raw    []byte   `json:",omitempty"`
}

// MarshalJSON returns the Record as an object whose members are called as its
// fields are; without Err where that is nil, and with its text where not.
//
// JSON has no place for bytes that are not UTF-8: in the texts each of them is
// U+FFFD. The bytes as they were stand, in base64, in a member Exact beside them,
// so that UnmarshalJSON gives back what there was.
func (r Record) MarshalJSON() ([]byte, error) {
	form := recordJSON{Header: r.Header, Fields: r.Fields, Line: r.Line, Raw: r.Raw}
	if r.Err != nil {
		text := r.Err.Error()
		form.Err = &text
	}
	exact := recordExact{Header: inexact(r.Header), Fields: inexact(r.Fields)}
	if raw := inexact([]string{r.Raw}); raw != nil {
		exact.Raw = raw[0]
	}
	if exact.Header != nil || exact.Fields != nil || exact.Raw != nil {
		form.Exact = &exact
	}
	return json.Marshal(form)
}

// UnmarshalJSON sets the Record to what MarshalJSON returned. Err is then an
// error of that text, which is neither the error it was nor marked as it was. A
// text that was changed in the JSON counts, and not its bytes in Exact.
func (r *Record) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil // as every UnmarshalJSON is to
	}
	var form recordJSON
	if err := json.Unmarshal(b, &form); err != nil {
		return err
	}
	*r = Record{Header: form.Header, Fields: form.Fields, Line: form.Line, Raw: form.Raw}
	if form.Err != nil {
		r.Err = errors.New(*form.Err)
	}
	if form.Exact != nil {
		restore(r.Header, form.Exact.Header)
		restore(r.Fields, form.Exact.Fields)
		raw := []string{r.Raw}
		restore(raw, [][]byte{form.Exact.Raw})
		r.Raw = raw[0]
	}
	return nil
}

// inexact returns the bytes of those texts that are not UTF-8, or nil where all are.
func inexact(texts []string) [][]byte {
	var exact [][]byte
	for i, text := range texts {
		if utf8.ValidString(text) {
			continue
		}
		if exact == nil {
			exact = make([][]byte, len(texts))
		}
		exact[i] = []byte(text)
	}
	return exact
}

// restore puts the exact bytes in place of the texts that stand for them.
func restore(texts []string, exact [][]byte) {
	for i, bytes := range exact {
		if i < len(texts) && bytes != nil && string([]rune(string(bytes))) == texts[i] {
			texts[i] = string(bytes)
		}
	}
}
