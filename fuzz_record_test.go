package ergon_test

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ergon-go/ergon"
)

// recordOf makes a record of texts: its fields are separated by a bar, and so
// are the names of its header.
func recordOf(header, fields, raw, why string, line int) ergon.Record {
	r := ergon.Record{Line: line, Raw: raw}
	if header != "-" {
		r.Header = strings.Split(header, "|")
	}
	if fields != "-" {
		r.Fields = strings.Split(fields, "|")
	}
	if why != "-" {
		r.Err = errors.New(why)
	}
	return r
}

// FuzzRecordJSON holds that a record, whatever bytes it has, is the same after it
// was written as JSON and read, by either package json, and that what is written
// is valid and is written alike the second time.
func FuzzRecordJSON(f *testing.F) {
	f.Add("-", "-", "", "-", 0)
	f.Add("", "", "", "", -1)
	f.Add("id|name", "7|caf\xe9", "7,caf\xe9", "line 2: what?", 2)
	f.Add("\xff|\ufffd", "\ufffd\xff|\xff\ufffd|\x00", "\xed\xa0\x80", "\xffwhy", 1<<40)
	f.Add("a|a", "<script>&\u2028\"\\", "\x1b", "\n", 3)
	f.Fuzz(func(t *testing.T, header, fields, raw, why string, line int) {
		r := recordOf(header, fields, raw, why, line)
		for name, codec := range jsons {
			text, err := codec.marshal(r)
			if err != nil || !utf8.Valid(text) {
				t.Fatalf("%s: %q: %v", name, text, err)
			}
			back := ergon.Record{Line: 99, Raw: "before", Err: errDown, Header: []string{"before"}}
			if err := codec.unmarshal(text, &back); err != nil {
				t.Fatalf("%s: %s: %v", name, text, err)
			}
			if (back.Err == nil) != (r.Err == nil) || r.Err != nil && utf8.ValidString(why) && back.Err.Error() != why {
				t.Fatalf("%s: %v became %v", name, r.Err, back.Err)
			}
			if again, err := codec.marshal(back); err != nil || string(again) != string(text) {
				t.Fatalf("%s: %s became %s: %v", name, text, again, err)
			}
			back.Err = r.Err
			if !reflect.DeepEqual(back, r) {
				t.Fatalf("%s: %#v became %#v", name, r, back)
			}
		}
	})
}

// FuzzRecordFromJSON holds that no text makes UnmarshalJSON panic, that what it
// takes is stable from then on, and that what it refuses leaves the record alone.
func FuzzRecordFromJSON(f *testing.F) {
	for _, text := range []string{
		`null`, `{}`, `{"Header":["a"],"Fields":["b"],"Line":2,"Raw":"b","Err":"why"}`, `{"Fields":["café"],"Exact":{"Fields":["Y2Fm6Q=="]}}`,
		`{"Fields":["�"],"Exact":{"Fields":["/w==","/w=="],"Header":["/w=="],"Raw":"/w=="}}`, `{"Exact":null,"Err":null}`, `{"Line":1e3}`, `{"line":4}`,
		`{"Raw":"�","Exact":{"Raw":""}}`, `[]`, `{"Raw":1}`, `{"Raw":"a","Raw":"b"}`, `{"Exact":{"Raw":"*"}}`, "{\"Raw\":\"\xff\"}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := ergon.Record{Line: 99, Fields: []string{"before"}}
		r := before
		if err := json.Unmarshal(text, &r); err != nil {
			if !reflect.DeepEqual(r, before) {
				t.Fatalf("%s: refused, and yet %+v", text, r)
			}
			return
		}
		once, err := json.Marshal(r)
		var back ergon.Record
		if err != nil || jsonv2.Unmarshal(once, &back) != nil {
			t.Fatalf("%s became %s: %v", text, once, err)
		}
		if twice, err := json.Marshal(back); err != nil || string(twice) != string(once) {
			t.Fatalf("%s became %s, then %s: %v", text, once, twice, err)
		}
	})
}
