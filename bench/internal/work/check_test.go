package work_test

import (
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/work"
)

func TestACheckFindsWhatIsMissingDoubledAlteredOrMixed(t *testing.T) {
	items := work.Items(10)
	want := work.WantOf(items, 2, work.Trivial, true)
	done := make([]work.Item, len(items))
	for i, v := range items {
		done[i] = work.Trivial(work.Trivial(v))
	}
	altered := slices.Clone(done)
	altered[3] = work.Trivial(altered[3])
	for _, c := range []struct {
		name string
		got  []work.Item
		ok   bool
	}{
		{"all of it", done, true},
		{"one is missing", done[:9], false},
		{"one is there twice instead of another", append(slices.Clone(done[:9]), done[8]), false},
		{"one went through a stage too many", altered, false},
		{"two have changed places", append([]work.Item{done[1], done[0]}, done[2:]...), false},
		{"nothing", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var check work.Check
			for _, v := range c.got {
				check.See(v)
			}
			is.New(t).Equal(check.Err(want) == nil, c.ok)
		})
	}
}
