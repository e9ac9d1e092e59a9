package stage_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
	"github.com/matryer/is"
)

func TestEveryFaultOfAStageNamesIt(t *testing.T) {
	const where = `stage 3 Map("price")`
	for _, test := range []struct {
		name    string
		options []stage.SinkOption
		want    []string
	}{
		{"none", []stage.SinkOption{stage.Retry(retry.Policy{Backoff: time.Minute})}, nil},
		{"one of the retry policy", []stage.SinkOption{stage.Retry(retry.Policy{MaxAttempts: -2})}, []string{
			where + ": retry.Policy: MaxAttempts = -2: must be at least 1, or Unlimited",
		}},
		{"several of it", []stage.SinkOption{stage.Retry(retry.Policy{MaxAttempts: -2, AttemptTimeout: -1, Within: -1})}, []string{
			where + ": retry.Policy: MaxAttempts = -2: must be at least 1, or Unlimited",
			where + ": retry.Policy: AttemptTimeout = -1ns: must not be negative",
			where + ": retry.Policy: Within = -1ns: must not be negative",
		}},
		{"and of the stage", []stage.SinkOption{stage.Workers(0), stage.Retry(retry.Policy{Within: -1})}, []string{
			where + ": Workers = 0: must be at least 1; leave it out for the default",
			where + ": retry.Policy: Within = -1ns: must not be negative",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			faults := joined(stage.Resolve(test.options).Validate(where))
			var texts []string
			for _, fault := range faults {
				is.True(errors.Is(fault, ergon.ErrConfig))
				texts = append(texts, fault.Error())
			}
			is.Equal(texts, test.want)
		})
	}
}

func TestAFaultOfARetryPolicySaysWhereAndWhich(t *testing.T) {
	is := is.New(t)
	err := stage.Resolve([]stage.Option{stage.Retry(retry.Policy{Within: -1})}).Validate("sink")
	fault, ok := errors.AsType[*ergon.ConfigError](err)
	is.True(ok)
	is.Equal(*fault, ergon.ConfigError{Where: "sink: retry.Policy", Field: "Within", Value: "-1ns", Why: "must not be negative"})
}
