package main

import (
	"errors"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

var storedRecords = map[string]ergon.Record{
	"an ordinary one":    {Header: []string{"A", "B"}, Fields: []string{"1", "x, \"y\""}, Line: 7, Raw: "1,\"x, \"\"y\"\"\""},
	"one over two lines": {Header: []string{"A"}, Fields: []string{"x\r\ny"}, Line: 8, Raw: "\"x\r\ny\""},
	"one not in UTF-8":   {Header: []string{"A"}, Fields: []string{"\xa3\x00\xff"}, Line: 9, Raw: "\xa3\x00\xff"},
	"one of nothing":     {},
}

func TestARecordComesBackAsItWasStored(t *testing.T) {
	for name, record := range storedRecords {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			stored, err := recordCodec{}.Encode(record)
			is.NoErr(err)
			back, err := recordCodec{}.Decode(stored)
			is.NoErr(err)
			is.Equal(len(back.Header), len(record.Header))
			is.Equal(back.Line, record.Line)
			is.Equal(back.Raw, record.Raw)
			for i := range record.Fields {
				is.Equal(back.Fields[i], record.Fields[i])
				is.Equal(back.Header[i], record.Header[i])
			}
		})
	}
}

func TestAFaultyRecordStaysFaulty(t *testing.T) {
	is := is.New(t)
	stored, err := recordCodec{}.Encode(ergon.Record{Raw: "x", Err: errors.New("too few fields")})
	is.NoErr(err)
	back, err := recordCodec{}.Decode(stored)
	is.NoErr(err)
	is.Equal(back.Err.Error(), "too few fields")
	is.Equal(ergon.CategoryOf(back.Err), ergon.CategoryBusiness)
}

func TestWhatIsNoStoredRecordIsRefused(t *testing.T) {
	is := is.New(t)
	stored, err := recordCodec{}.Encode(storedRecords["an ordinary one"])
	is.NoErr(err)
	for n := range stored { // torn anywhere
		_, err := recordCodec{}.Decode(stored[:n])
		is.True(errors.Is(err, errRecord))
	}
	_, err = recordCodec{}.Decode(append(stored, 0))
	is.True(errors.Is(err, errRecord))
	_, err = recordCodec{}.Decode([]byte{1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}) // a huge number of fields
	is.True(errors.Is(err, errRecord))
}
