package ergontest

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ergon-go/ergon"
)

// Row is one call of a function, and what is wanted of it. What is zero is not
// checked, but for one thing: where nothing is said of an error there must be
// none.
type Row[In, Out any] struct {
	Name     string
	In       In
	ID       string         // of the transaction; "test:" and the row's index unless set
	Metadata ergon.Metadata // of the transaction

	Want         Out            // compared with reflect.DeepEqual
	WantMetadata ergon.Metadata // all of this is in the transaction that TestTransform gets back
	Took         time.Duration  // of virtual time, exactly

	Fails    bool           // any error
	Err      error          // found by errors.Is
	Steering ergon.Steering // what the error asks for
	Category ergon.Category // of the error
	Verdict  ergon.Verdict  // what the error comes to where nobody steers and nothing is tried again
}

// wantsError reports whether anything is said of an error.
func (r Row[In, Out]) wantsError() bool {
	return r.Fails || r.Err != nil || r.Steering != 0 || r.Category != 0 || r.Verdict != 0
}

// answer compares the error of a call.
func (r Row[In, Out]) answer(call fed[ergon.Transaction[Out]]) []difference {
	if r.wantsError() != (call.err != nil) {
		want := "no error"
		if r.wantsError() {
			want = r.wanted()
		}
		return []difference{{"error", want, shownError(call.err)}}
	}
	if call.err == nil {
		return nil
	}
	var all []difference
	if r.Err != nil && !errors.Is(call.err, r.Err) {
		all = append(all, difference{"error", shownError(r.Err), shownError(call.err)})
	}
	if steering, _ := ergon.SteeringOf(call.err); r.Steering != 0 && steering != r.Steering {
		all = append(all, difference{"steering", r.Steering.String(), steering.String()})
	}
	if category := ergon.CategoryOf(call.err); r.Category != 0 && category != r.Category {
		all = append(all, difference{"category", r.Category.String(), category.String()})
	}
	if verdict := verdictOf(call.err); r.Verdict != 0 && verdict != r.Verdict {
		all = append(all, difference{"verdict", r.Verdict.String(), verdict.String()})
	}
	return all
}

// wanted says which error a row wants that got none.
func (r Row[In, Out]) wanted() string {
	switch {
	case r.Err != nil:
		return shownError(r.Err)
	case r.Steering != 0:
		return fmt.Sprintf("an error that asks for %v", r.Steering)
	case r.Category != 0:
		return fmt.Sprintf("an error of category %v", r.Category)
	case r.Verdict != 0:
		return fmt.Sprintf("an error that ends %v", r.Verdict)
	}
	return "an error"
}

// result compares what a call returned beside its error.
func (r Row[In, Out]) result(call fed[ergon.Transaction[Out]]) []difference {
	var all []difference
	if r.Took != 0 && call.took != r.Took {
		all = append(all, difference{"time taken", r.Took.String(), call.took.String()})
	}
	if call.err != nil {
		return all
	}
	if got := call.out.Payload(); !reflect.ValueOf(&r.Want).Elem().IsZero() && !reflect.DeepEqual(got, r.Want) {
		all = append(all, difference{"value", shown(r.Want), shown(got)})
	}
	return append(all, missing(r.WantMetadata, call.out.Metadata())...)
}

// missing returns the metadata that is not as wanted.
func missing(want, got ergon.Metadata) []difference {
	have := map[string]any{}
	for key, value := range got.All() {
		have[key] = value
	}
	var all []difference
	for key, value := range want.All() {
		actual, ok := have[key]
		switch {
		case !ok:
			all = append(all, difference{fmt.Sprintf("metadata %q", key), shown(value), "none"})
		case !sameValue(value, actual):
			all = append(all, difference{fmt.Sprintf("metadata %q", key), shown(value), shown(actual)})
		}
	}
	return all
}

// sameValue compares metadata values; an instant is the same in any zone.
func sameValue(a, b any) bool {
	if at, ok := a.(time.Time); ok {
		bt, ok := b.(time.Time)
		return ok && at.Equal(bt)
	}
	return reflect.DeepEqual(a, b)
}

// verdictOf returns what an error of a stage comes to by itself.
func verdictOf(err error) ergon.Verdict {
	steering, _ := ergon.SteeringOf(err)
	switch steering {
	case ergon.SteerBusiness, ergon.SteerPermanent, ergon.SteerDeadLetter:
		return ergon.DeadLettered
	case ergon.SteerDrop:
		return ergon.Acked
	case ergon.SteerFatal:
		return ergon.Released
	}
	return ergon.Returned
}

func shown(v any) string {
	switch v := v.(type) {
	case string, []byte:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprintf("%+v", v)
}

func shownError(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}
