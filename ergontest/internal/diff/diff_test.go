package diff

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

type line struct {
	Item  string
	Price int
}

type order struct {
	ID    string
	Lines []line
	notes map[string]any
	next  *order
	mu    sync.Mutex
}

type level int

func (l level) String() string { return [...]string{"low", "high"}[l] }

func TestOf(t *testing.T) {
	now, nan := time.Now(), math.NaN()
	ch := make(chan int)
	do := func() {}
	tests := []struct {
		name      string
		want, got any
		shown     string // empty: the same
	}{
		{"the same number", 7, 7, ""},
		{"another number", 7, 8, "value:\n\twant: 7\n\tgot:  8"},
		{"another type of the same number", 7, int64(7), "value:\n\twant: int(7)\n\tgot:  int64(7)"},
		{"nothing", nil, nil, ""},
		{"nothing wanted", nil, 7, "value:\n\twant: nil\n\tgot:  int(7)"},
		{"NaN", nan, nan, ""},
		{"an instant in another zone", now, now.UTC().Round(0), ""},
		{"another instant", time.Unix(0, 0), time.Unix(0, 1), "value:\n\twant: 1970-01-01T00:00:00Z\n\tgot:  1970-01-01T00:00:00.000000001Z"},
		{"a time taken", time.Second, time.Minute, "value:\n\twant: 1s\n\tgot:  1m0s"},
		{"a number with a name", level(0), level(1), "value:\n\twant: low (0)\n\tgot:  high (1)"},
		{"a number whose name panics", level(0), level(2), "value:\n\twant: low (0)\n\tgot:  2"},
		{"a verdict", ergon.Acked, ergon.Returned, "value:\n\twant: acked (0)\n\tgot:  returned (3)"},
		{"functions and channels, identical", []any{do, ch}, []any{do, ch}, ""},
		{"the same context", context.Background(), context.Background(), ""},
		{"nil and empty", []int(nil), []int{}, "value:\n\twant: nil\n\tgot:  []"},
		{"errors", errors.New("a"), context.Canceled, "value:\n\twant: \"a\"\n\tgot:  \"context canceled\""},
		{"an error of another type", errors.New("a"), ergon.Business(errors.New("a")), "value:\n\twant: *errors.errorString(\"a\")\n\tgot:  *ergon.steered(\"a\")"},
		{"errors of one type", errors.New("a"), errors.New("b"), "value:\n\twant: \"a\"\n\tgot:  \"b\""},
		{"deep inside", &order{Lines: []line{{"lamp", 2}, {"vase", 3}}}, &order{Lines: []line{{"lamp", 2}, {"vase", 4}}}, "Lines[1].Price:\n\twant: 3\n\tgot:  4"},
		{"what is not exported", order{notes: map[string]any{"a": 1, "b": 2}}, order{notes: map[string]any{"b": "2", "c": nil}}, "notes[\"a\"]:\n\twant: 1\n\tgot:  nothing\nnotes[\"b\"]:\n\twant: int(2)\n\tgot:  string(\"2\")\nnotes[\"c\"]:\n\twant: nothing\n\tgot:  nil"},
		{"a pointer to nothing", order{next: &order{ID: "7"}}, order{}, "next:\n\twant: &{ID: \"7\", Lines: nil, notes: nil, next: nil}\n\tgot:  nil"},
		{"an element too few", []int{1, 2, 3, 4}, []int{1, 3, 4}, "[1]:\n\twant: 2\n\tgot:  nothing"},
		{"an element too many", []int{1, 3}, []int{1, 2, 3}, "[1]:\n\twant: nothing\n\tgot:  2"},
		{"a change and a move", []int{1, 2, 3, 4, 5}, []int{9, 2, 4, 5, 6}, "[0]:\n\twant: 1\n\tgot:  9\n[2]:\n\twant: 3\n\tgot:  nothing\n[4]:\n\twant: nothing\n\tgot:  6"},
		{"bytes", []byte("{1}"), []byte("{2}"), "value:\n\twant: \"{1}\"\n\tgot:  \"{2}\""},
		{"bytes of a fixed number", [2]byte{1, 2}, [2]byte{1, 3}, "value:\n\twant: 0102\n\tgot:  0103"},
		{"keys of several types", map[any]int{1: 1, "1": 2}, map[any]int{1: 1, "1": 3}, "[string(\"1\")]:\n\twant: 2\n\tgot:  3"},
		{"keys that are not themselves", map[float64]int{nan: 1, math.NaN(): 2}, map[float64]int{nan: 2, math.NaN(): 1}, ""},
		{"lines", "a\nb\nc\n", "a\nB\nc\n", "value:\n\t  a\n\t- b\n\t+ B\n\t  c\n\t  "},
		{"the payload of a transaction", ergon.NewTransaction("7", "a"), ergon.NewTransaction("7", "b"), "payload:\n\twant: \"a\"\n\tgot:  \"b\""},
		{"a long text", strings.Repeat("x", 1000) + "a", strings.Repeat("x", 1000) + "b", "value:\n\twant: \"…" + strings.Repeat("x", 50) + "a\" (from byte 950)\n\tgot:  \"…" + strings.Repeat("x", 50) + "b\" (from byte 950)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(Of(tt.want, tt.got), tt.shown)
			is.Equal(Of(tt.got, tt.got), "")
			is.Equal(Of(tt.want, tt.want), "")
		})
	}
}

// ring returns a list that holds itself, of that many orders.
func ring(ids ...string) *order {
	first := &order{ID: ids[0]}
	last := first
	for _, id := range ids[1:] {
		last.next = &order{ID: id}
		last = last.next
	}
	last.next = first
	first.notes = map[string]any{"me": first}
	return first
}

func TestWhatHoldsItself(t *testing.T) {
	is := is.New(t)
	is.Equal(Of(ring("a", "b"), ring("a", "b")), "")
	is.Equal(Of(ring("a", "b"), ring("a", "c")), "next.ID:\n\twant: \"b\"\n\tgot:  \"c\"")
	is.True(strings.Contains(Of(ring("a"), nil), "(itself)"))
}

func TestALotIsCut(t *testing.T) {
	is := is.New(t)
	shown := Of(make([]int, 2000), []string{})
	is.True(len(shown) < 1000)
	many := make([]int, 2000)
	for i := range many {
		many[i] = i + 1
	}
	shown = Of(make([]int, 2000), many)
	is.Equal(strings.Count(shown, "want:"), mostDifferences)
	is.True(strings.HasSuffix(shown, "and 1988 more"))
}

func TestLines(t *testing.T) {
	long := "1\n2\n3\n4\n5\n6\n7\n8\n9"
	tests := []struct{ name, want, got, shown string }{
		{"the same", long, long, ""},
		{"a line in the middle", long, strings.Replace(long, "5", "five", 1), "  ...\n  3\n  4\n- 5\n+ five\n  6\n  7\n  ..."},
		{"a line more", "a\nc", "a\nb\nc", "  a\n+ b\n  c"},
		{"a line less", "a\nb\nc", "a\nc", "  a\n- b\n  c"},
		{"what is not seen", "a\nb", "a \nb\r", "- a\n- b\n+ a·\n+ b␍"},
		{"the end of the last line", "a\n", "a", "  a\n- "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { is.New(t).Equal(Lines(tt.want, tt.got), tt.shown) })
	}
}

func TestChanges(t *testing.T) {
	tests := []struct {
		name   string
		change func(o *order)
		want   string
	}{
		{"nothing", func(*order) {}, ""},
		{"a lock", func(o *order) { o.mu.Lock() }, ""},
		{"a field", func(o *order) { o.Lines[1].Price = 8 }, "payload.Lines[1].Price:\n\twas: 3\n\tis:  8"},
		{"an entry", func(o *order) { o.notes["me"] = 7 }, "payload.notes[\"me\"]:\n\twas: *diff.order(&{ID: \"a\", Lines: [{Item: \"lamp\", Price: 2}, {Item: \"vase\", Price: 3}], notes: map[\"me\": (itself)], next: (itself)})\n\tis:  int(7)"},
		{"an entry more", func(o *order) { o.notes["new"] = 7 }, "payload.notes[\"new\"]:\n\twas: nothing\n\tis:  7"},
		{"sorted", func(o *order) { o.Lines[0], o.Lines[1] = o.Lines[1], o.Lines[0] }, "payload.Lines[0].Item:\n\twas: \"lamp\"\n\tis:  \"vase\"\npayload.Lines[0].Price:\n\twas: 2\n\tis:  3\npayload.Lines[1].Item:\n\twas: \"vase\"\n\tis:  \"lamp\"\npayload.Lines[1].Price:\n\twas: 3\n\tis:  2"},
		{"appended where there is room", func(o *order) { _ = append(o.Lines, line{"chair", 1}) }, "payload.Lines[2] (behind its end):\n\twas: {Item: \"\", Price: 0}\n\tis:  {Item: \"chair\", Price: 1}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			o := ring("a")
			o.Lines = append(make([]line, 0, 3), line{"lamp", 2}, line{"vase", 3})
			was := Take(o)
			tt.change(o)
			is.Equal(was.Changes("payload", o), tt.want)
		})
	}
}
