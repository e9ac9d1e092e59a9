package sink

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// written returns what a file holds once the payloads are stored in it, and the
// error of Dispatch.
func written[T any](t *testing.T, open func(path string) *File[T], payloads ...T) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	s := open(path)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := s.Dispatch(t.Context(), txs(payloads...))
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	return content(t, path), err
}

// behindPointer encodes itself, if asked by pointer.
type behindPointer struct{ text string }

func (b *behindPointer) MarshalJSON() ([]byte, error) { return json.Marshal("as " + b.text) }

func TestJSONLinesAreOneLineEach(t *testing.T) {
	type order struct {
		Number string `json:"number"`
		Pence  int    `json:"pence"`
	}
	tests := []struct {
		name string
		got  func(t *testing.T) (string, error)
		want string
	}{
		{"structs", func(t *testing.T) (string, error) {
			return written(t, JSONLines[order], order{"A\n1", 1}, order{"<&>", 2})
		}, `{"number":"A\n1","pence":1}` + "\n" + `{"number":"<&>","pence":2}` + "\n"},
		{"JSON over several lines", func(t *testing.T) (string, error) {
			return written(t, JSONLines[json.RawMessage], json.RawMessage("{\n \"a\": [1,\n2]\n}"))
		}, `{"a":[1,2]}` + "\n"},
		{"nothing", func(t *testing.T) (string, error) { return written(t, JSONLines[*order], nil) }, "null\n"},
		{"bytes", func(t *testing.T) (string, error) { return written(t, JSONLines[[]byte], []byte("a")) }, `"YQ=="` + "\n"},
		{"a method of the pointer", func(t *testing.T) (string, error) {
			return written(t, JSONLines[behindPointer], behindPointer{"it likes"})
		}, `"as it likes"` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			got, err := tt.got(t)
			is.NoErr(err)
			is.Equal(got, tt.want)
		})
	}
}

var errSecret = errors.New("secret")

type loud struct{}

func (loud) MarshalJSON() ([]byte, error) { return nil, errSecret }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("secret") }

type wrong struct{}

func (wrong) MarshalJSON() ([]byte, error) { return []byte(`{"secret`), nil }

func TestWhatIsNoJSONIsRefusedAloneAndNotQuoted(t *testing.T) {
	tests := []struct {
		name    string
		payload any
		want    string
		as      error // what errors.Is still finds
	}{
		{"a type that has no JSON", map[string]any{"secret": make(chan int)}, "unsupported type chan int", nil},
		{"a value that has none", map[string]any{"secret": math.NaN()}, "unsupported value", nil},
		{"a method that fails", loud{}, "sink.loud fails to encode itself", errSecret},
		{"a method that panics", panicking{}, "its encoder panicked", nil},
		{"a method that returns something else", wrong{}, "sink.wrong fails to encode itself", nil},
		{"raw text that is not JSON", json.RawMessage(`{"secret`), "fails to encode itself", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			got, err := written(t, JSONLines[any], 1, tt.payload, 3)
			is.Equal(got, "1\n3\n")
			items := err.(ergon.ItemErrors)
			is.True(items[0] == nil && items[2] == nil)
			is.Equal(ergon.CategoryOf(items[1]), ergon.CategoryBusiness)
			if !strings.Contains(items[1].Error(), tt.want) {
				t.Errorf("the error is %q, not %q", items[1], tt.want)
			}
			is.True(!strings.Contains(items[1].Error(), "secret"))
			is.True(tt.as == nil || errors.Is(items[1], tt.as))
		})
	}
}

func TestJSONLinesGoOnBehindATornOne(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	put(t, path, "{\"a\":1}\n{\"a\":")
	s := JSONLines[int](path)
	is.NoErr(s.Dispatch(t.Context(), txs(2)))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "{\"a\":1}\n2\n")
	is.Equal(content(t, path+".torn"), "{\"a\":\n")
}
