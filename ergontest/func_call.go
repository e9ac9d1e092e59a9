package ergontest

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// Call is one call of a function, and what is wanted of it. What is zero is not
// checked, but for one thing: where nothing is said of an error there must be
// none.
type Call[In, Out any] struct {
	Name     string
	In       In
	ID       string         // of the transaction; "test:" and the call's index unless set
	Metadata ergon.Metadata // of the transaction

	Faults []Fault      // at fakes, which FuncWith gives to the function
	Retry  retry.Policy // as stage.Retry would have it; the zero value is one attempt

	Want         Out            // compared by what is in it
	WantMetadata ergon.Metadata // all of this is in the transaction that FuncTransform gets back
	Took         time.Duration  // of virtual time, exactly
	Attempts     int            // of the function
	Calls        map[string]int // of fakes, by name

	Fails    bool           // any error
	Err      error          // found by errors.Is
	Steering ergon.Steering // what the error asks for
	Category ergon.Category // of the error
	Verdict  ergon.Verdict  // what the error comes to where nobody steers and nothing is tried again
}

// wantsError reports whether anything is said of an error.
func (c Call[In, Out]) wantsError() bool {
	return c.Fails || c.Err != nil || c.Steering != 0 || c.Category != 0 || c.Verdict != 0
}

// answer compares the error of a call.
func (c Call[In, Out]) answer(got fed[ergon.Transaction[Out]]) []difference {
	if c.wantsError() != (got.err != nil) {
		want := "no error"
		if c.wantsError() {
			want = c.wanted()
		}
		return []difference{{"error", want, shownError(got.err)}}
	}
	if got.err == nil {
		return nil
	}
	var all []difference
	if c.Err != nil && !errors.Is(got.err, c.Err) {
		all = append(all, difference{"error", shownError(c.Err), shownError(got.err)})
	}
	if steering, _ := ergon.SteeringOf(got.err); c.Steering != 0 && steering != c.Steering {
		all = append(all, difference{"steering", c.Steering.String(), steering.String()})
	}
	if category := ergon.CategoryOf(got.err); c.Category != 0 && category != c.Category {
		all = append(all, difference{"category", c.Category.String(), category.String()})
	}
	if verdict := verdictOf(got.err); c.Verdict != 0 && verdict != c.Verdict {
		all = append(all, difference{"verdict", c.Verdict.String(), verdict.String()})
	}
	return all
}

// wanted says which error a call is to return that got none.
func (c Call[In, Out]) wanted() string {
	switch {
	case c.Err != nil:
		return shownError(c.Err)
	case c.Steering != 0:
		return fmt.Sprintf("an error that asks for %v", c.Steering)
	case c.Category != 0:
		return fmt.Sprintf("an error of category %v", c.Category)
	case c.Verdict != 0:
		return fmt.Sprintf("an error that ends %v", c.Verdict)
	}
	return "an error"
}

// result compares what a call returned beside its error.
func (c Call[In, Out]) result(got fed[ergon.Transaction[Out]]) []difference {
	var all []difference
	if c.Took != 0 && got.took != c.Took {
		all = append(all, difference{"time taken", c.Took.String(), got.took.String()})
	}
	if got.err != nil {
		return all
	}
	if value := got.out.Payload(); !reflect.ValueOf(&c.Want).Elem().IsZero() && !alike(c.Want, value) {
		all = append(all, difference{"value", shown(c.Want), shown(value) + within(c.Want, value)})
	}
	return append(all, missing(c.WantMetadata, got.out.Metadata())...)
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

// difference is something that is not as a call wants it.
type difference struct{ what, want, got string }
