package scenarios

import (
	"math"
	"testing"

	"github.com/matryer/is"
)

// Every scenario checks its variants as it opens: the count, the sum and the order
// of what comes out.
func TestEveryScenarioMeasuresWhatItSays(t *testing.T) {
	for _, m := range All() {
		if m.Name == "orders" { // has a test of its own, which builds both programs only once
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			is := is.New(t)
			s, err := m.Open(t.Context(), Settings{Size: Tiny, Dir: t.TempDir()})
			is.NoErr(err)
			o, err := s.Measure(t.Context(), 1)
			is.NoErr(err)
			is.True(len(o.Results) > 0)
			for _, r := range o.Results {
				if math.IsNaN(r.Median) {
					t.Errorf("%s: is not a number: a variant that it is of is missing", r.What)
				}
			}
			is.True(s.Profile == "" || s.Variant(s.Profile) != nil)
			is.True(s.Base == "" || s.Variant(s.Base) != nil)
		})
	}
}
