package heavy_test

import (
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/heavy"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

func TestEveryHeavyPeerDoesTheSameWork(t *testing.T) {
	items := work.Items(3000)
	for _, p := range heavy.All() {
		for _, s := range peers.Shapes() {
			if !p.Can(s) {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", p.Name, s), func(t *testing.T) {
				is := is.New(t)
				is.NoErr(p.Check(t.Context(), s, items[:len(items)/p.Slow], work.Trivial))
			})
		}
	}
}
