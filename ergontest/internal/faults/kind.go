package faults

// Kind is one way in which something can go wrong.
type Kind uint8

// What can go wrong. Those of a source come first, then those of stages,
// handlers, sinks, dead letters, and of a whole process.
const (
	FetchError    Kind = iota // nothing is handed out
	FetchPanic                // Fetch panics
	FetchGoexit               // Fetch ends its goroutine
	FetchSlow                 // it takes its time
	FetchHang                 // it blocks until its context ends
	FetchEmpty                // it hands out nothing, though there is something
	FetchOverfull             // it hands out more than it was asked for
	FetchPartial              // it hands something out together with an error
	FetchOutage               // for a while, no call of the source works
	CountError                // nobody can say how much is left
	Disconnect                // the receipts of the old connection are stale
	Twice                     // the same receipt, twice in a batch
	EmptyID                   // a transaction without an id
	TwinID                    // two transactions of one id
	LeaseExpiry               // a lease ends early
	ExtendError               // no lease is extended
	ExtendRefused             // a lease is not extended, and is lost
	ExtendPanic               // Extend panics
	ExtendSlow                // it takes its time
	Revoke                    // a partition goes to somebody else, and comes back
	SettleError               // nothing is stored
	SettleItem                // one settlement is not stored
	SettleLost                // all is stored, and the reply is lost
	SettlePanic               // Settle panics
	SettleHang                // it blocks until its context ends
	SettleReport              // it reports on another number than it was given
	StartError                // the source cannot be started

	StageError      // an error before the work
	StageLate       // an error after the work
	StagePanic      // a panic
	StageGoexit     // the goroutine is ended
	StageHang       // it blocks until its context ends
	StageDeaf       // it goes on, whatever its context says
	StageSlow       // it takes its time
	StageItem       // one item of a bulk call fails
	StageReport     // a bulk call reports on another number than it was given
	StagePoison     // one transaction can never succeed
	StageBusiness   // the data is at fault
	StageCanceled   // context.Canceled, though nobody has cancelled anything
	StageReturn     // it asks for the transaction to be given back
	StageRetryAfter // it asks for a wait
	StageHold       // it asks the whole stage to wait
	StageDrop       // the transaction is not wanted
	StageFatal      // the pipeline is to stop

	HandlerError // OnError fails
	HandlerPanic // it panics
	HandlerHang  // it blocks until its context ends
	SuccessError // OnSuccess fails
	SuccessPanic // it panics

	SinkError  // nothing is stored
	SinkPanic  // Dispatch panics
	SinkGoexit // it ends its goroutine
	SinkHang   // it blocks until its context ends
	SinkDeaf   // it stores, after a long while
	SinkSlow   // it takes its time
	SinkItem   // one item is not stored
	SinkReject // one item is rejected for good
	SinkReport // it reports on another number than it was given
	SinkStored // all is stored, and the reply is lost
	SinkHold   // it asks for a wait
	SinkOutage // for a while, nothing is stored

	DeadError  // no dead letter is stored
	DeadPanic  // the dead-letter sink panics
	DeadItem   // one dead letter is not stored
	DeadStored // all is stored, and the reply is lost
	DeadReject // one dead letter is rejected for good

	Stop   // the process is told to stop
	Freeze // it is told to stop, and nothing in flight comes to an end in time
	Crash  // the process dies

	Kinds // how many there are
)

var names = [Kinds]string{
	"fetch error", "fetch panic", "fetch goexit", "fetch slow", "fetch hang", "fetch empty", "fetch more than asked",
	"fetch items and error", "source outage", "count error", "disconnect", "receipt twice in a batch", "empty id", "duplicate id",
	"lease expiry", "extend error", "extension refused", "extend panic", "extend slow", "rebalance", "settle error",
	"settle item error", "settle reply lost", "settle panic", "settle hang", "settle wrong report", "start error",
	"stage error", "stage error after the work", "stage panic", "stage goexit", "stage hang", "stage deaf", "stage slow",
	"stage item error", "stage wrong report", "poison", "business error", "canceled", "return", "retry after", "hold", "drop", "fatal",
	"handler error", "handler panic", "handler hang", "success error", "success panic",
	"sink error", "sink panic", "sink goexit", "sink hang", "sink deaf", "sink slow", "sink item error", "sink rejects",
	"sink wrong report", "stored but error", "sink hold", "sink outage",
	"dead-letter error", "dead-letter panic", "dead-letter item error", "dead letter stored but error", "dead letter rejected",
	"stop", "stop and drain deadline", "crash",
}

// String says what goes wrong.
func (k Kind) String() string {
	if k >= Kinds {
		return "nothing"
	}
	return names[k]
}

// often is how often something of a kind goes wrong where its weight is 1.
var often = [Kinds]float64{
	FetchError: .05, FetchPanic: .02, FetchGoexit: .02, FetchSlow: .05, FetchHang: .01, FetchEmpty: .05, FetchOverfull: .04,
	FetchPartial: .03, FetchOutage: .02, CountError: .02, Disconnect: .01, Twice: .03, EmptyID: .01, TwinID: .02,
	LeaseExpiry: .01, ExtendError: .06, ExtendRefused: .02, ExtendPanic: .03, ExtendSlow: .05, Revoke: .04,
	SettleError: .02, SettleItem: .02, SettleLost: .02, SettlePanic: .01, SettleHang: .004, SettleReport: .01, StartError: .03,
	StageError: .02, StageLate: .01, StagePanic: .01, StageGoexit: .005, StageHang: .003, StageDeaf: .002, StageSlow: .02,
	StageItem: .03, StageReport: .01, StagePoison: .003, StageBusiness: .002, StageCanceled: .004, StageReturn: .003,
	StageRetryAfter: .004, StageHold: .003, StageDrop: .002, StageFatal: .0004,
	HandlerError: .06, HandlerPanic: .04, HandlerHang: .01, SuccessError: .02, SuccessPanic: .01,
	SinkError: .03, SinkPanic: .02, SinkGoexit: .01, SinkHang: .005, SinkDeaf: .004, SinkSlow: .03, SinkItem: .03,
	SinkReject: .003, SinkReport: .015, SinkStored: .03, SinkHold: .01, SinkOutage: .02,
	DeadError: .08, DeadPanic: .04, DeadItem: .06, DeadStored: .05, DeadReject: .03,
	Stop: 1, Freeze: 1, Crash: 1,
}
