package peers_test

import (
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

func TestEveryPeerDoesTheSameWork(t *testing.T) {
	shapes := []peers.Shape{
		{Stages: 1, Workers: 1}, {Stages: 3, Workers: 1}, {Stages: 3, Workers: 4}, {Stages: 1, Workers: 256},
		{Stages: 1, Workers: 1, Ordered: true}, {Stages: 3, Workers: 4, Ordered: true}, {Stages: 2, Workers: 9, Ordered: true},
	}
	items := work.Items(3000)
	for _, p := range peers.All() {
		for _, s := range shapes {
			if !p.Can(s) {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", p.Name, s), func(t *testing.T) {
				is := is.New(t)
				some := items[:len(items)/max(1, p.Slow)]
				is.NoErr(p.Check(t.Context(), s, some, work.Trivial))
			})
		}
	}
}
