package ergontest

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/pipeline"
)

func TestWhatIsNilIsNamed(t *testing.T) {
	for want, f := range map[string]func(t *testing.T){
		"Run: build is nil":           func(t *testing.T) { Run(t, nil) },
		"Table: build is nil":         func(t *testing.T) { Table(t, nil, Case[int]{}) },
		"Sim: build is nil":           func(t *testing.T) { Sim(t, nil, SimConfig[int]{}) },
		"Func: fn is nil":             func(t *testing.T) { Func[int, int](t, nil) },
		"FuncWith: build is nil":      func(t *testing.T) { FuncWith[int, int](t, nil) },
		"TestSource: fresh is nil":    func(t *testing.T) { TestSource[int](t, Traits{}, nil) },
		"TestSink: fresh is nil":      func(t *testing.T) { TestSink[int](t, Traits{}, nil) },
		"TestConnector: fresh is nil": func(t *testing.T) { TestConnector[int](t, Traits{}, nil) },
		"came to a sink of the World": func(t *testing.T) {
			Sim(t, func(w *World[int]) pipeline.Pipeline { return pipeline.From(w.Source).To(&Sink[int]{}) }, SimConfig[int]{})
		},
	} {
		t.Run(want, func(t *testing.T) {
			is := is.New(t)
			passed, printed := judged(is, f)
			is.True(!passed)
			is.True(strings.Contains(printed, want))
		})
	}
}
