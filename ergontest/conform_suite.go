package ergontest

import (
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// SourceSuite is what TestSource has to know of a source and of the place that it
// takes from. Open and Publish are required, Payload and Text unless T is string
// or []byte; what else is needed depends on what the source can do, and a failure
// says what to give. Its functions are called by one goroutine.
type SourceSuite[T any] struct {
	// Open returns a source of what was published, as a process does that has just
	// begun. It is called many times, and may return the same source again where
	// that can be started anew. The suite starts and stops it, where it can be.
	Open func(t *testing.T) ergon.Source[T]
	// Publish puts transactions where the source finds them.
	Publish func(t *testing.T, txs ...ergon.Transaction[T])

	// Payload returns a payload that stands for a text, or false where there is none:
	// texts are numbers, and also empty, binary or large. Text returns the text.
	Payload func(text string) (T, bool)
	Text    func(payload T) string

	// Pass lets time pass, for leases and delays: with an injected clock it is put
	// forward. nil stands for time.Sleep.
	Pass func(d time.Duration)
	// Restart ends the process and what is open, without stopping it first, or the
	// system behind it, so that only what is durable is left. nil: there is nothing
	// durable.
	Restart func(t *testing.T)
	// Cut cuts the connection of the open source, which finds another by itself.
	// nil: it has none.
	Cut func(t *testing.T)
	// Down takes the system away until up is called. nil: it cannot be away.
	Down func(t *testing.T) (up func())
	// Unreachable returns a source of what is not there, whose Start or Fetch fails.
	Unreachable func(t *testing.T) ergon.Source[T]
	// Secret is a text that no error may contain: a password that Open uses.
	Secret string

	// Pending returns how many transactions are not settled, without the source.
	Pending func(t *testing.T) int
	// Dead returns the texts of what was set aside. It is needed where the source
	// accepts DeadLettered.
	Dead func(t *testing.T) []string
	// Revoke takes all partitions away from the open source, with what is in flight;
	// Rebalance hands the partitions out anew to whoever is open.
	Revoke, Rebalance func(t *testing.T)
}

// SinkSuite is what TestSink has to know of a sink and of the place that it stores
// in. Open and Stored are required, Payload and Text unless T is string or []byte.
type SinkSuite[T any] struct {
	// Open returns a sink to the place, as a process does that has just begun. It is
	// called many times, and may return the same sink again where that can be started
	// anew. The suite starts and stops it, where it can be.
	Open func(t *testing.T) ergon.Sink[T]
	// Stored returns what is in the place, in order, without the sink. Ids and
	// metadata count where the traits say that they are kept.
	Stored func(t *testing.T) []ergon.Transaction[T]

	// Payload, Text, Pass, Restart, Down, Unreachable and Secret are as in
	// SourceSuite.
	Payload     func(text string) (T, bool)
	Text        func(payload T) string
	Pass        func(d time.Duration)
	Restart     func(t *testing.T)
	Down        func(t *testing.T) (up func())
	Unreachable func(t *testing.T) ergon.Sink[T]
	Secret      string

	// Refused are transactions that the sink will never store: too large, of the
	// wrong form. None: it stores everything.
	Refused []ergon.Transaction[T]
}

// ConnectorSuite is what TestConnector has to know of a connector and of the place
// behind it. Open and Stored are required, Payload and Text unless T is string or
// []byte.
type ConnectorSuite[T any] struct {
	// Open returns a connector to the place, as in SourceSuite.
	Open func(t *testing.T) ergon.Connector[T]
	// Stored returns what is in the place and not settled for good, in order, without
	// the connector.
	Stored func(t *testing.T) []ergon.Transaction[T]
	// Publish puts transactions where the connector finds them. nil: Dispatch of a
	// connector that was opened for it does.
	Publish func(t *testing.T, txs ...ergon.Transaction[T])

	// The others are as in SourceSuite and SinkSuite.
	Payload           func(text string) (T, bool)
	Text              func(payload T) string
	Pass              func(d time.Duration)
	Restart           func(t *testing.T)
	Cut               func(t *testing.T)
	Down              func(t *testing.T) (up func())
	Unreachable       func(t *testing.T) ergon.Connector[T]
	Secret            string
	Pending           func(t *testing.T) int
	Dead              func(t *testing.T) []string
	Revoke, Rebalance func(t *testing.T)
	Refused           []ergon.Transaction[T]
}
