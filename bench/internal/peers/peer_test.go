package peers_test

import (
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

func TestEveryPeerDoesTheSameWork(t *testing.T) {
	items := work.Items(3000)
	for _, p := range peers.All() {
		for _, s := range peers.Shapes() {
			if !p.Can(s) {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", p.Name, s), func(t *testing.T) {
				is := is.New(t)
				is.NoErr(p.Check(t.Context(), s, items, work.Trivial))
			})
		}
	}
}
