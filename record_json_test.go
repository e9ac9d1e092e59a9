package ergon_test

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// jsons are the two packages a codec may stand on.
var jsons = map[string]struct {
	marshal   func(any) ([]byte, error)
	unmarshal func([]byte, any) error
}{
	"v1": {json.Marshal, json.Unmarshal},
	"v2": {
		func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
		func(b []byte, v any) error { return jsonv2.Unmarshal(b, v) },
	},
}

func TestRecordSurvivesJSON(t *testing.T) {
	for _, test := range []struct {
		name string
		r    ergon.Record
		want string
	}{
		{"nothing", ergon.Record{}, `{"Header":null,"Fields":null,"Line":0,"Raw":""}`},
		{"a record", ergon.Record{Header: []string{"id"}, Fields: []string{"7"}, Line: 2, Raw: "7"}, `{"Header":["id"],"Fields":["7"],"Line":2,"Raw":"7"}`},
		{"empty is not none", ergon.Record{Header: []string{}, Fields: []string{}}, `{"Header":[],"Fields":[],"Line":0,"Raw":""}`},
		{"an error", ergon.Record{Line: 3, Raw: `a"b`, Err: ergon.Business(errDown)}, `{"Header":null,"Fields":null,"Line":3,"Raw":"a\"b","Err":"` + errDown.Error() + `"}`},
		{"an error without a text", ergon.Record{Err: errors.New("")}, `{"Header":null,"Fields":null,"Line":0,"Raw":"","Err":""}`},
		{
			"bytes that are not UTF-8",
			ergon.Record{Header: []string{"\xe9t\xe9", "b"}, Fields: []string{"fine", "caf\xe9", "\xff\xfe"}, Raw: "fine,caf\xe9,\xff\xfe"},
			`{"Header":["�t�","b"],"Fields":["fine","caf�","��"],"Line":0,"Raw":"fine,caf�,��",` +
				`"Exact":{"Header":["6XTp",null],"Fields":[null,"Y2Fm6Q==","//4="],"Raw":"ZmluZSxjYWbpLP/+"}}`,
		},
		{"a replacement character of its own", ergon.Record{Raw: "�"}, `{"Header":null,"Fields":null,"Line":0,"Raw":"�"}`},
	} {
		for version, codec := range jsons {
			t.Run(test.name+" "+version, func(t *testing.T) {
				is := is.New(t)
				text, err := codec.marshal(test.r)
				is.NoErr(err)
				is.Equal(string(text), test.want)
				back := ergon.Record{Line: 99, Raw: "of an earlier record", Err: errDown}
				is.NoErr(codec.unmarshal(text, &back))
				is.Equal(fmt.Sprint(back.Err), fmt.Sprint(test.r.Err))
				is.Equal(back.Err == nil, test.r.Err == nil)
				back.Err = test.r.Err
				is.Equal(back, test.r)
			})
		}
	}
}

func TestRecordFromJSONOfOthers(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       ergon.Record
	}{
		{"null changes nothing", `null`, ergon.Record{Line: 99}},
		{"a text that was mended counts", `{"Fields":["café"],"Exact":{"Fields":["Y2Fm6Q=="]}}`, ergon.Record{Fields: []string{"café"}}},
		{"of several only the others", `{"Fields":["café","�"],"Exact":{"Fields":["Y2Fm6Q==","/w=="]}}`, ergon.Record{Fields: []string{"café", "\xff"}}},
		{"more bytes than texts", `{"Fields":[],"Exact":{"Fields":["/w=="],"Header":["/w=="]}}`, ergon.Record{Fields: []string{}}},
		{"fewer", `{"Fields":["�","�"],"Exact":{"Fields":["/w=="]}}`, ergon.Record{Fields: []string{"\xff", "�"}}},
		{"none", `{"Raw":"�","Exact":{}}`, ergon.Record{Raw: "�"}},
	} {
		for version, codec := range jsons {
			t.Run(test.name+" "+version, func(t *testing.T) {
				is := is.New(t)
				got := ergon.Record{Line: 99}
				is.NoErr(codec.unmarshal([]byte(test.text), &got))
				is.Equal(got, test.want)
			})
		}
	}
}

func TestRecordFromWhatIsNoRecord(t *testing.T) {
	for _, text := range []string{``, `7`, `{"Line":"x"}`, `{"Raw":1}`, `{"Exact":{"Raw":"no base64"}}`, `{`} {
		for version, codec := range jsons {
			t.Run(text+" "+version, func(t *testing.T) {
				is := is.New(t)
				got := ergon.Record{Line: 99}
				is.True(codec.unmarshal([]byte(text), &got) != nil)
				is.Equal(got, ergon.Record{Line: 99})
			})
		}
	}
}

func ExampleRecord_MarshalJSON() {
	r := ergon.Record{Fields: []string{"7"}, Line: 2, Raw: `7,"`, Err: errors.New("line 2: the quote is not closed")}
	text, err := json.Marshal(r)
	fmt.Println(string(text), err)
	// Output: {"Header":null,"Fields":["7"],"Line":2,"Raw":"7,\"","Err":"line 2: the quote is not closed"} <nil>
}

func ExampleRecord_UnmarshalJSON() {
	var r ergon.Record
	err := json.Unmarshal([]byte(`{"Fields":["7"],"Line":2,"Err":"the quote is not closed"}`), &r)
	fmt.Println(r.Fields, r.Line, r.Err, err)
	// Output: [7] 2 the quote is not closed <nil>
}
