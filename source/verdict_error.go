package source

import (
	"time"

	"github.com/ergon-go/ergon"
)

// VerdictError says that a pushed transaction was not Acked.
type VerdictError struct {
	Verdict ergon.Verdict
	Delay   time.Duration // with Returned: bring it again no sooner than this
	Cause   error         // why; may be nil
}

// Error names the verdict and the cause.
func (e *VerdictError) Error() string {
	text := "source: push: " + e.Verdict.String()
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *VerdictError) Unwrap() error { return e.Cause }

// verdictError is the answer that a verdict is.
func verdictError(v ergon.Verdict, delay time.Duration, cause error) error {
	if v == ergon.Acked {
		return nil
	}
	return &VerdictError{Verdict: v, Delay: delay, Cause: cause}
}
