package ergon_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// destination is a slice to append to.
type destination struct {
	name string
	make func() []ergon.Transaction[string]
}

// destinations are slices with all kinds of memory behind them. What was used
// before is full of everything that must not be left over.
func destinations() []destination {
	used := func(n int) []ergon.Transaction[string] {
		tx := ergon.Numbered("used before", 99, "old").WithMeta("k", "old").WithReceipt("old").WithDeliveries(99)
		return slices.Repeat([]ergon.Transaction[string]{tx}, n)
	}
	return []destination{
		{"nil", func() []ergon.Transaction[string] { return nil }},
		{"empty", func() []ergon.Transaction[string] { return []ergon.Transaction[string]{} }},
		{"memory that is new", func() []ergon.Transaction[string] { return make([]ergon.Transaction[string], 0, 8) }},
		{"memory that was used before", func() []ergon.Transaction[string] { return used(8)[:0] }},
		{"too little of it", func() []ergon.Transaction[string] { return used(2)[:1] }},
		{"behind others", func() []ergon.Transaction[string] { return used(8)[:3] }},
		{"full", func() []ergon.Transaction[string] { return used(3) }},
	}
}

func TestAppendWithAppendsWhatWithReturns(t *testing.T) {
	for _, test := range []struct {
		name string
		tx   ergon.Transaction[int]
	}{
		{"zero", ergon.Transaction[int]{}},
		{"an id", ergon.NewTransaction("order-7", 1)},
		{"a position", ergon.Numbered("orders.csv", math.MinInt64, 1)},
		{"a position in nothing", ergon.Numbered("", 0, 1)},
		{"a child", ergon.Numbered("orders.csv", 12, 1).Child(3, 1)},
		{"a receipt, which stays behind", ergon.NewTransaction("order-7", 1).WithReceipt(4711)},
		{"metadata and deliveries", ergon.NewTransaction("order-7", 1).WithMeta("k", "v").WithMeta("n", 1).WithDeliveries(3)},
	} {
		for _, dst := range destinations() {
			t.Run(test.name+" to "+dst.name, func(t *testing.T) {
				is := is.New(t)
				payload, before := "new", test.tx
				got := ergon.AppendWith(dst.make(), &test.tx, &payload)
				is.Equal(got, append(dst.make(), test.tx.With("new"))) // with what stood before it
				is.Equal(got[len(got)-1].Receipt(), nil)
				is.Equal(got[len(got)-1].ID(), test.tx.ID())
				is.Equal(test.tx, before) // as it was
			})
		}
	}
}

func TestAppendNumberedAppendsWhatNumberedReturns(t *testing.T) {
	for _, test := range []struct {
		name     string
		source   string
		first    int64
		payloads []string
	}{
		{"none", "orders.csv", 5, nil},
		{"one", "orders.csv", 0, []string{"a"}},
		{"several", "orders.csv", 5, []string{"a", "b", "c"}},
		{"many", "orders.csv", 1 << 40, slices.Repeat([]string{"a", "b"}, 50)},
		{"from below zero", "orders.csv", -1, []string{"a", "b", "c"}},
		{"up to the last position", "orders.csv", math.MaxInt64 - 1, []string{"a", "b"}},
		{"of nothing", "", 5, []string{""}},
	} {
		for _, dst := range destinations() {
			t.Run(test.name+" to "+dst.name, func(t *testing.T) {
				is := is.New(t)
				want := dst.make()
				for i, payload := range test.payloads {
					want = append(want, ergon.Numbered(test.source, test.first+int64(i), payload))
				}
				got := ergon.AppendNumbered(dst.make(), test.source, test.first, test.payloads)
				is.Equal(got, want) // with what stood before them, and no receipt left over
				for i := range got {
					is.Equal(got[i].ID(), want[i].ID())
				}
			})
		}
	}
}

// appenders append one and two.
func appenders() map[string]func([]ergon.Transaction[int]) []ergon.Transaction[int] {
	tx, payload, two := ergon.NewTransaction("order-7", "x"), 1, []int{1, 2}
	return map[string]func([]ergon.Transaction[int]) []ergon.Transaction[int]{
		"AppendWith": func(dst []ergon.Transaction[int]) []ergon.Transaction[int] {
			return ergon.AppendWith(dst, &tx, &payload)
		},
		"AppendNumbered": func(dst []ergon.Transaction[int]) []ergon.Transaction[int] {
			return ergon.AppendNumbered(dst, "a", 0, two)
		},
	}
}

// What grows has room for more than one, as with append: otherwise n of them would
// be copied n times.
func TestWhatIsAppendedToGrowsAsAppendDoes(t *testing.T) {
	for name, grow := range appenders() {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var dst, plain []ergon.Transaction[int]
			grown, plainly := 0, 0
			for range 5000 {
				before, plainBefore := cap(dst), cap(plain)
				dst = grow(dst)
				for len(plain) < len(dst) {
					plain = append(plain, ergon.Transaction[int]{})
				}
				grown, plainly = grown+b2i(cap(dst) > before), plainly+b2i(cap(plain) > plainBefore)
			}
			is.True(grown <= plainly+1) // the first steps may differ
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Where there is room, it is used, and nothing else is touched.
func TestWhatIsAppendedToStaysWhereItIs(t *testing.T) {
	for name, grow := range appenders() {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			memory := make([]ergon.Transaction[int], 5)
			memory[0], memory[4] = ergon.NewTransaction("before", 8), ergon.NewTransaction("behind", 9)
			got := grow(memory[:1:4])
			is.True(&got[0] == &memory[0]) // no other memory
			is.Equal([]string{memory[0].ID(), memory[4].ID()}, []string{"before", "behind"})
			is.Equal(testing.AllocsPerRun(100, func() { got = grow(memory[:1:4]) }), 0.0)

			full := grow(memory[:1:1])
			full[0] = ergon.NewTransaction("another", 8)
			is.Equal(memory[0].ID(), "before") // which has grown out of it
		})
	}
}

// The payloads themselves are shared, as everywhere; nothing else is.
func TestWhatWasAppendedDoesNotChangeWithItsOrigin(t *testing.T) {
	is := is.New(t)
	tx, payload := ergon.NewTransaction("order-7", 1).WithMeta("k", "old"), "old"
	got := ergon.AppendWith(nil, &tx, &payload)
	tx, payload = tx.WithID("other").WithMeta("k", "new"), "new"
	is.Equal(describe(got[0]), fmt.Sprint(`order-7 old old `, nil, ` 0 1`))
	payloads := []string{"old"}
	got = ergon.AppendNumbered(got[:0], "orders", 1, payloads)
	payloads[0] = "new"
	is.Equal(describe(got[0]), fmt.Sprint(`orders:1 old  `, nil, ` 0 0`))
	_, _ = tx, payload
}
