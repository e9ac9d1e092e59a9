package ergontest

import (
	"context"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

type basketLine struct {
	Item  string
	Price int
}

type basket struct {
	ID    string
	Lines []basketLine
	total map[string]int
	self  *basket
	do    func()
}

func newBasket() *basket {
	b := &basket{ID: "7", Lines: append(make([]basketLine, 0, 4), basketLine{"lamp", 2}, basketLine{"vase", 3}, basketLine{"vase", 1}), total: map[string]int{"net": 6}, do: func() {}}
	b.self = b
	return b
}

func TestCheckImmutable(t *testing.T) {
	tests := []struct {
		name string
		do   func(b *basket)
		want string // empty: nothing is changed
	}{
		{"nothing", func(*basket) {}, ""},
		{"a copy", func(b *basket) {
			lines := slices.Clone(b.Lines)
			lines[0].Price = 9
			b = &basket{ID: "8"}
		}, ""},
		{"appended to what has no room", func(b *basket) { _ = append(b.Lines[:3:3], basketLine{}) }, ""},
		{"a price", func(b *basket) { b.Lines[2].Price = 7 }, "payload.Lines[2].Price:\n\t\t\twas: 1\n\t\t\tis:  7"},
		{"by a way round", func(b *basket) { b.self.self.ID = "8" }, "payload.ID:\n\t\t\twas: \"7\"\n\t\t\tis:  \"8\""},
		{"what is not exported", func(b *basket) { b.total["gross"] = 7 }, "payload.total[\"gross\"]:\n\t\t\twas: nothing\n\t\t\tis:  7"},
		{"sorted", func(b *basket) {
			sort.Slice(b.Lines, func(i, j int) bool { return b.Lines[i].Price < b.Lines[j].Price })
		}, "payload.Lines[0].Item:"},
		{"appended to what has room", func(b *basket) { _ = append(b.Lines, basketLine{"chair", 4}) }, "payload.Lines[3] (behind its end):"},
		{"a function", func(b *basket) { b.do = func() { _ = b } }, "payload.do:"},
		{"before a panic", func(b *basket) {
			b.ID = ""
			panic("no")
		}, "payload.ID:"},
		{"before the end of its goroutine", func(b *basket) {
			b.ID = ""
			runtime.Goexit()
		}, "payload.ID:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			ofMap := func(_ context.Context, b *basket) (*basket, error) {
				tt.do(b)
				return b, nil
			}
			ofTransform := func(_ context.Context, tx ergon.Transaction[*basket]) (ergon.Transaction[*basket], error) {
				tt.do(tx.Payload())
				return tx, nil
			}
			for form, call := range map[string]func(t *testing.T){
				"Map": func(t *testing.T) {
					checked := CheckImmutable(t, ofMap)
					<-async(func() error { _, err := checked(t.Context(), newBasket()); return err })
				},
				"Transform": func(t *testing.T) {
					checked := CheckImmutableTransform(t, ofTransform)
					<-async(func() error { _, err := checked(t.Context(), ergon.NewTransaction("7", newBasket())); return err })
				},
				"values": func(t *testing.T) {
					b := newBasket()
					CheckUnchanged(t, "another", "and another")
					CheckUnchanged(t, b)
					<-async(func() error { tt.do(b); return nil })
				},
			} {
				passed, printed := judged(is, call)
				want := tt.want
				if form == "values" {
					want = strings.Replace(want, "payload", "value", 1)
				}
				if passed != (want == "") || !strings.Contains(unindented(printed), want) {
					t.Errorf("%s: %q is missing in:\n%s", form, want, unindented(printed))
				}
			}
		})
	}
}

func TestAChangeAfterReturn(t *testing.T) {
	is := is.New(t)
	var meetings sync.Map // by basket: so that nobody looks at it while it is changed
	late := func(_ context.Context, b *basket) (*basket, error) {
		meet := make(chan struct{})
		meetings.Store(b, meet)
		go func() {
			<-meet
			b.ID = "8"
			meet <- struct{}{}
		}()
		return b, nil
	}
	passed, printed := judged(is, func(t *testing.T) {
		Run(t, func(t *testing.T) pipeline.Pipeline {
			wait := func(_ context.Context, b *basket) (*basket, error) {
				meet, _ := meetings.Load(b)
				meet.(chan struct{}) <- struct{}{}
				<-meet.(chan struct{})
				return b, nil
			}
			return pipeline.From(NewSource(newBasket(), newBasket())).Map(CheckImmutable(t, late)).Map(wait).To(&Sink[*basket]{})
		})
	})
	is.True(!passed)
	is.True(strings.Contains(printed, "ergontest.TestAChangeAfterReturn.func1 was given changed after it had returned"))
	is.True(strings.Contains(printed, "payload.ID:"))
	is.True(strings.Contains(printed, "the payloads of 2 calls of ergontest.TestAChangeAfterReturn.func1 changed after it had returned"))
}

func TestManyChanges(t *testing.T) {
	is := is.New(t)
	baskets := make([]*basket, 100)
	for i := range baskets {
		baskets[i] = newBasket()
	}
	odd := func(_ context.Context, b *basket) (*basket, error) {
		if b.Lines[0].Price++; slices.Index(baskets, b)%2 == 0 {
			b.Lines[0].Price--
		}
		return b, nil
	}
	passed, printed := judged(is, func(t *testing.T) {
		CheckUnchanged(t, baskets[:2]...)
		Run(t, func(t *testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(baskets...)).Map(CheckImmutable(t, odd), stage.Workers(8)).To(&Sink[*basket]{})
		})
	})
	is.True(!passed)
	is.Equal(strings.Count(printed, "payload.Lines[0].Price:"), 1)
	is.True(strings.Contains(printed, "changed the payload in 50 of 100 calls"))
	is.True(strings.Contains(unindented(printed), "what must stay as it is was changed:\n\t\tvalue 1.Lines[0].Price:"))
}

func TestCheckImmutableIsUsedWrongly(t *testing.T) {
	is := is.New(t)
	passed, printed := judged(is, func(t *testing.T) {
		is.True(CheckImmutable[int, int](t, nil) == nil)
		is.True(CheckImmutableTransform[int, int](t, nil) == nil)
	})
	is.True(!passed)
	is.True(strings.Contains(printed, "CheckImmutable: the function is nil"))
	is.True(strings.Contains(printed, "CheckImmutableTransform: the function is nil"))
}

// A call that outlives its test tells nobody, and does not panic.
func TestACallOutlivesItsTest(t *testing.T) {
	is := is.New(t)
	var outlives func(context.Context, *basket) (*basket, error)
	passed, _ := judged(is, func(t *testing.T) {
		outlives = CheckImmutable(t, func(_ context.Context, b *basket) (*basket, error) {
			b.ID = ""
			return b, nil
		})
	})
	is.True(passed)
	_, err := outlives(t.Context(), newBasket())
	is.NoErr(err)
}

func TestNameOf(t *testing.T) {
	is := is.New(t)
	is.Equal(nameOf(TestNameOf), "ergontest.TestNameOf")
	is.Equal(nameOf((&Sink[int]{}).Start), "ergontest.(*Sink[...]).Start")
}
