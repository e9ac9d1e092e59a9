package sink

import (
	"encoding/csv"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// shout is text in its own way, if asked by pointer.
type shout string

func (s *shout) MarshalText() ([]byte, error) {
	if *s == "" {
		return nil, errSecret
	}
	return []byte(strings.ToUpper(string(*s))), nil
}

type place2 struct {
	Town string `csv:"town"`
}

type everything struct {
	Number   string `csv:"number,required"`
	Quantity int8
	Weight   float32 `csv:"weight"`
	Code     uint16  `csv:"code"`
	Paid     bool    `csv:"paid"`
	Took     time.Duration
	At       time.Time  `csv:"at"`
	Day      *time.Time `csv:"day" layout:"2006-01-02"`
	Word     shout      `csv:"word"`
	Note     *string    `csv:"note"`
	Skipped  string     `csv:"-"`
	place2
	hidden int
}

func TestCSVOfAStruct(t *testing.T) {
	is := is.New(t)
	at := time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)
	note := "a,b"
	got, err := written(t, func(path string) *File[everything] { return CSV[everything](path) },
		everything{"A1", -2, 1.5, 7, true, time.Minute, at, &at, "hey", &note, "x", place2{"Ulm"}, 1},
		everything{Word: "w"},
	)
	is.NoErr(err)
	is.Equal(got, "number,Quantity,weight,code,paid,Took,at,day,word,note,town\n"+
		"A1,-2,1.5,7,true,1m0s,2026-02-03T04:05:06.000007Z,2026-02-03,HEY,\"a,b\",Ulm\n"+
		",0,0,0,false,0s,0001-01-01T00:00:00Z,,W,,\n")
}

func TestCSVRefusesARowThatHasNoText(t *testing.T) {
	is := is.New(t)
	got, err := written(t, func(path string) *File[*everything] { return CSV[*everything](path) },
		nil, &everything{Word: "w"}, &everything{Number: "secret"})
	is.Equal(strings.Count(got, "\n"), 2)
	items := err.(ergon.ItemErrors)
	is.Equal(items[0].Error(), "sink: it is a nil pointer")
	is.Equal(items[1], nil)
	is.Equal(items[2].Error(), "sink: field word has no form as text")
	is.True(errors.Is(items[2], errSecret))
	is.Equal(ergon.CategoryOf(items[2]), ergon.CategoryBusiness)
}

func TestCSVIsReadBackAsItWas(t *testing.T) {
	is := is.New(t)
	rows := [][]string{
		{"plain", "two words"},
		{"", ""},
		{""},
		{`a "quoted" word`, `"`},
		{"a,b;c", "line\nbreak"},
		{" space", "\ttab"},
		{`\.`},
		{"ünïcode", "\x00\xff"},
	}
	for _, comma := range []rune{',', ';', '\t', ' ', '|'} {
		got, err := written(t, func(path string) *File[[]string] { return CSV[[]string](path, Comma(comma), nil) }, rows...)
		is.NoErr(err)
		r := csv.NewReader(strings.NewReader(got))
		r.Comma, r.FieldsPerRecord = comma, -1
		back, err := r.ReadAll()
		is.NoErr(err)
		is.Equal(back, rows)
	}
}

func TestCSVHeadsAnEmptyFileOnce(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := CSV[[]string](path, Header("a", "b"))
	is.NoErr(s.Start(t.Context()))
	is.Equal(content(t, path), "a,b\n")
	for range 2 {
		is.NoErr(s.Start(t.Context()))
		is.NoErr(s.Dispatch(t.Context(), txs([]string{"1", "2"})))
		is.NoErr(s.Stop(t.Context()))
	}
	is.Equal(content(t, path), "a,b\n1,2\n1,2\n")
	err := s.Dispatch(t.Context(), nil)
	is.True(err != nil) // stopped
	is.NoErr(s.Start(t.Context()))
	items := s.Dispatch(t.Context(), txs([]string{"1"}, []string{"1", "2", "3"}, []string{"3", "4"})).(ergon.ItemErrors)
	is.Equal(items[0].Error(), "sink: it has 1 fields and not 2")
	is.Equal(items[1].Error(), "sink: it has 3 fields and not 2")
	is.Equal(items[2], nil)
	is.NoErr(s.Stop(t.Context()))
}

func TestCSVIsNotAddedToAFileOfOtherFields(t *testing.T) {
	tests := []struct {
		name, before string
		want         error
	}{
		{"the same", "a,b\n1,2\n", nil},
		{"the same, from elsewhere", "\ufeff\"a\",b\r\n1,2\r\n", nil},
		{"other names", "a,c\n1,2\n", ErrHeading},
		{"another order", "b,a\n", ErrHeading},
		{"no heading at all", "secret,2\n", ErrHeading},
		{"empty lines", "\n\n", ErrHeading},
		{"a heading without an end", "a,b", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			put(t, path, tt.before)
			s := CSV[[]string](path, Header("a", "b"))
			err := s.Start(t.Context())
			is.True(errors.Is(err, tt.want))
			if tt.want != nil {
				is.True(strings.Contains(err.Error(), path))
				is.True(!strings.Contains(err.Error(), "secret"))
				steering, _ := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerFatal)
				is.Equal(content(t, path), tt.before)
			}
			is.NoErr(s.Stop(t.Context()))
		})
	}
}

func TestCSVOfRecords(t *testing.T) {
	one, other := []string{"a", "b"}, []string{"a", "c"}
	tests := []struct {
		name, before string
		records      []ergon.Record
		want         string
		errs         []string // nil: none
	}{
		{"with names", "", []ergon.Record{
			{Header: one, Fields: []string{"1", "2"}}, {Header: []string{"a", "b"}, Fields: []string{"3", "4"}},
		}, "a,b\n1,2\n3,4\n", nil},
		{"to a file with these", "a,b\n", []ergon.Record{{Header: one, Fields: []string{"1", "2"}}}, "a,b\n1,2\n", nil},
		{"to a file of which a loss of power took the beginning", "\x00\x00,b\n1,2\n", []ergon.Record{
			{Header: one, Fields: []string{"3", "4"}},
		}, "a,b\n3,4\n", nil},
		{"without names", "", []ergon.Record{{Fields: []string{"1", "2"}}}, "1,2\n", nil},
		{"names that change", "", []ergon.Record{
			{Header: one, Fields: []string{"1", "2"}}, {Header: other, Fields: []string{"3", "4"}},
		}, "a,b\n1,2\n", []string{"", "sink: its fields are not those of the file"}},
		{"names that come too late", "", []ergon.Record{
			{Fields: []string{"1", "2"}}, {Header: one, Fields: []string{"3", "4"}},
		}, "1,2\n", []string{"", "sink: its fields are not those of the file"}},
		{"other names than the file", "a,c\n", []ergon.Record{
			{Header: one, Fields: []string{"1", "2"}},
		}, "a,c\n", []string{"sink: its fields are not those of the file"}},
		{"a first one at fault does not name the fields", "", []ergon.Record{
			{Header: other, Fields: []string{"1"}}, {Header: one, Fields: []string{"3", "4"}},
		}, "a,b\n3,4\n", []string{"sink: it has 1 fields and not 2", ""}},
		{"one that could not be read", "", []ergon.Record{
			{Header: one, Fields: []string{"1", "2"}, Err: errors.New("line 7: bare quote")},
		}, "", []string{"sink: not a record: line 7: bare quote"}},
		{"one without a field", "", []ergon.Record{{}}, "", []string{errNoField.Error()}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			put(t, path, tt.before)
			s := CSV[ergon.Record](path)
			is.NoErr(s.Start(t.Context()))
			err := s.Dispatch(t.Context(), txs(tt.records...))
			is.NoErr(s.Stop(t.Context()))
			is.Equal(content(t, path), tt.want)
			if tt.errs == nil {
				is.NoErr(err)
				return
			}
			for i, item := range err.(ergon.ItemErrors) {
				is.Equal(item == nil, tt.errs[i] == "")
				is.True(item == nil || item.Error() == tt.errs[i])
			}
		})
	}
}

func TestCSVHeadsAFileWithTheRecordsThatCouldBeWritten(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := CSV[ergon.Record](path)
	disk := breakable(s)
	is.NoErr(s.Start(t.Context()))
	disk.write = disk.torn(errBroken)
	is.True(errors.Is(s.Dispatch(t.Context(), txs(ergon.Record{Header: []string{"x"}, Fields: []string{"1"}})), errBroken))
	is.Equal(content(t, path), "")
	disk.write = nil
	is.NoErr(s.Dispatch(t.Context(), txs(ergon.Record{Header: []string{"y"}, Fields: []string{"2"}})))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "y\n2\n")
}

func TestCSVThatAnotherBatchHeadsMeanwhile(t *testing.T) {
	tests := []struct {
		name  string
		names []string // of the other batch
		want  error
		file  string
	}{
		{"with the same fields", []string{"a"}, nil, "a\n1\n2\n"},
		{"with others", []string{"b"}, errHeadedMeanwhile, "b\n1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			s := CSV[ergon.Record](path)
			encode := s.kind.encode
			s.kind.encode = func(dst []byte, r ergon.Record) ([]byte, error) {
				s.kind.encode = encode
				is.NoErr(s.Dispatch(t.Context(), txs(ergon.Record{Header: tt.names, Fields: []string{"1"}})))
				return encode(dst, r)
			}
			late := txs(ergon.Record{Header: []string{"a"}, Fields: []string{"2"}})
			err := s.Dispatch(t.Context(), late)
			is.True(errors.Is(err, tt.want))
			is.Equal(content(t, path), tt.file)
			if tt.want != nil { // tried again, it is refused for good
				items := s.Dispatch(t.Context(), late).(ergon.ItemErrors)
				is.True(errors.Is(items[0], errForeignFields))
			}
			is.NoErr(s.Stop(t.Context()))
		})
	}
}
