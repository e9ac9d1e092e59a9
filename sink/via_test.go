package sink_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

func TestViaMapsTheErrorsOfBothSidesToTheRightItems(t *testing.T) {
	odd := ergon.Business(errors.New("odd"))
	down := errors.New("down")
	tests := []struct {
		name   string
		in     []int
		answer func(n int) error // of the sink behind, given n items
		want   []string          // nil: no error
		handed []string          // what the sink behind got
	}{
		{"all fine", []int{0, 2}, nil, nil, []string{"0", "4"}},
		{"some cannot be converted", []int{0, 1, 2, 3}, nil, []string{"", "odd", "", "odd"}, []string{"0", "4"}},
		{"none can", []int{1, 3}, nil, []string{"odd", "odd"}, nil},
		{"the sink is down", []int{0, 2}, func(int) error { return down }, []string{"down"}, []string{"0", "4"}},
		{"both fail", []int{1, 0, 3, 2}, func(int) error { return down }, []string{"odd", "down", "odd", "down"}, []string{"0", "4"}},
		{"the sink refuses its second", []int{1, 0, 2, 3, 4}, func(int) error {
			return ergon.ItemErrors{nil, down, nil}
		}, []string{"odd", "", "down", "odd", ""}, []string{"0", "4", "8"}},
		{"the sink miscounts", []int{1, 0}, func(n int) error {
			return make(ergon.ItemErrors, n+1)
		}, []string{"odd", ergon.ErrReport.Error() + "\nergon: none of 2 failed"}, []string{"0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var handed []string
			s := sink.Via(func(_ context.Context, n int) (string, error) {
				if n%2 == 1 {
					return "", odd
				}
				return double(n), nil
			}, sink.Func(func(_ context.Context, txs []ergon.Transaction[string]) error {
				for _, tx := range txs {
					handed = append(handed, tx.Payload())
				}
				if tt.answer == nil {
					return nil
				}
				return tt.answer(len(txs))
			}))
			err := s.Dispatch(t.Context(), txs(tt.in...))
			if tt.want == nil {
				is.NoErr(err)
			} else {
				is.Equal(texts(err), tt.want)
			}
			is.Equal(handed, tt.handed)
		})
	}
}

func TestViaKeepsIdMetadataAndSteering(t *testing.T) {
	is := is.New(t)
	var got sink.Collect[string]
	s := sink.Via(func(_ context.Context, n int) (string, error) {
		if n == 1 {
			return "", fmt.Errorf("price: %w", ergon.Drop("too small"))
		}
		return double(n), nil
	}, &got)
	batch := txs(1, 2)
	batch[1] = batch[1].WithMeta("line", 7).WithDeliveries(3)
	err := s.Dispatch(t.Context(), batch)
	steering, _ := ergon.SteeringOf(err.(ergon.ItemErrors)[0])
	is.Equal(steering, ergon.SteerDrop)
	stored := got.Transactions()[0]
	line, _ := stored.Metadata().Get[int]("line")
	is.Equal([]any{stored.ID(), stored.Payload(), line, stored.Deliveries()}, []any{"t:1", "4", 7, 3})
}

func TestViaCatchesThePanicOfOneConversion(t *testing.T) {
	is := is.New(t)
	var got sink.Collect[int]
	s := sink.Via(func(_ context.Context, n int) (int, error) { return 6 / n, nil }, &got)
	err := s.Dispatch(t.Context(), txs(3, 0, 2))
	var caught *ergon.PanicError
	is.True(errors.As(err.(ergon.ItemErrors)[1], &caught))
	is.Equal(got.Payloads(), []int{2, 3})
}

// able is a sink with every ability, which records what it is told.
type able struct {
	sink.Collect[string]
	told  []string
	whole bool
}

func (a *able) Start(context.Context) error    { a.told = append(a.told, "start"); return nil }
func (a *able) Stop(context.Context) error     { a.told = append(a.told, "stop"); return nil }
func (a *able) Health(context.Context) error   { return errors.New("unwell") }
func (a *able) Whole() bool                    { return a.whole }
func (a *able) Destination() ergon.Destination { return ergon.Destination{Name: "here"} }
func (a *able) Abandon()                       { a.told = append(a.told, "abandon") }

func convert(_ context.Context, n int) (string, error) { return double(n), nil }

func TestViaForwardsTheAbilitiesOfTheSinkBehind(t *testing.T) {
	is := is.New(t)
	behind := &able{whole: true}
	s := sink.Via(convert, behind)
	is.NoErr(s.(ergon.Starter).Start(t.Context()))
	s.(interface{ Abandon() }).Abandon()
	is.NoErr(s.(ergon.Stopper).Stop(t.Context()))
	is.Equal(behind.told, []string{"start", "abandon", "stop"})
	is.Equal(s.(ergon.HealthChecker).Health(t.Context()).Error(), "unwell")
	is.True(s.(interface{ Whole() bool }).Whole())
	is.Equal(s.(ergon.Addressed).Destination().Name, "here")
}

func TestViaBeforeASinkOfNoAbilityDoesNothing(t *testing.T) {
	is := is.New(t)
	s := sink.Via(convert, sink.Discard[string]())
	is.NoErr(s.(interface{ Validate() error }).Validate())
	is.NoErr(s.(ergon.Starter).Start(t.Context()))
	s.(interface{ Abandon() }).Abandon()
	is.NoErr(s.(ergon.HealthChecker).Health(t.Context()))
	is.NoErr(s.(ergon.Stopper).Stop(t.Context()))
	is.True(!s.(interface{ Whole() bool }).Whole())
	is.Equal(s.(ergon.Addressed).Destination(), ergon.Destination{})
}

func TestViaRefusesWhatIsNilAndWhatTheSinkBehindRefuses(t *testing.T) {
	is := is.New(t)
	var typed *able
	refused(t, sink.Via[int, string](nil, nil), "convert: is nil", "to: is nil")
	refused(t, sink.Via(convert, sink.Func[string](nil)), "sink.Func: store: is nil")
	s := sink.Via[int, string](convert, typed)
	refused(t, s, "sink.Via: to: is nil")
	is.NoErr(s.(ergon.Stopper).Stop(t.Context()))
	is.True(!s.(interface{ Whole() bool }).Whole())
	is.True(errors.Is(s.(ergon.HealthChecker).Health(t.Context()), ergon.ErrConfig))
}

func ExampleVia() {
	type order struct {
		Number string
		Pence  int
	}
	var lines sink.Collect[string]
	s := sink.Via(func(_ context.Context, o order) (string, error) {
		return fmt.Sprintf("%s;%d.%02d", o.Number, o.Pence/100, o.Pence%100), nil
	}, &lines)
	_ = s.Dispatch(context.Background(), []ergon.Transaction[order]{
		ergon.NewTransaction("1", order{"A-17", 250}),
	})
	fmt.Println(lines.Payloads())
	// Output: [A-17;2.50]
}
