package ergontest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Place is a boundary of a pipeline at which something goes wrong, and for which
// transactions. At makes one; each of its methods returns a Fault there.
type Place struct {
	name string
	nth  []int // of the transactions of a case; none: of all
}

// At returns the place of a name: of a stage, of a sink or a fake of the World,
// or "fetch" and "settle", which are the source's. Given numbers, it is the place
// as those transactions of the case come to it, counted from 0; what comes of a
// transaction, its children and the group it is in, counts as the transaction.
//
// A sink may also be named as the stage it is. A fake's name hides a stage of the
// same name. A fetch is for no transaction in particular.
func At(name string, nth ...int) Place { return Place{name: name, nth: slices.Clone(nth)} }

// Names of the places that belong to the source.
const (
	fetchPlace  = "fetch"
	settlePlace = "settle"
)

// act is what a Fault does.
type act uint8

const (
	actError act = iota + 1
	actPanic
	actSlow
	actDeaf
	actCrash
	actCrashAfter
	actStop
	actStoredBut
)

// Fault is something that goes wrong in a test, as data. It happens at the first
// attempt of each transaction it is for, or as often as Times says. What a call is
// for more than one transaction, errors are told of one by one; all else happens
// to the call.
//
// A Fault that never comes about fails the test, unless it is marked with Maybe:
// it proves nothing.
type Fault struct {
	place Place
	act   act
	errs  []error // one for each attempt; nil is one that works
	value any     // of a panic
	d     time.Duration
	times int // 0: as the act says; below 0: every time
	maybe bool
}

// Errors fails attempt by attempt with one error after the other, nil standing
// for an attempt that works, and works from then on. A stage, or a sink, is not
// called by an attempt that fails.
func (p Place) Errors(errs ...error) Fault {
	return Fault{place: p, act: actError, errs: slices.Clone(errs), times: len(errs)}
}

// Always fails every attempt.
func (p Place) Always(err error) Fault {
	return Fault{place: p, act: actError, errs: []error{err}, times: -1}
}

// Slow makes a call take so much longer. It returns early, with the cause, when
// its context ends.
func (p Place) Slow(d time.Duration) Fault { return Fault{place: p, act: actSlow, d: d} }

// Deaf makes a call take so much longer and ignore its context: it works all the
// same, when it comes back.
func (p Place) Deaf(d time.Duration) Fault { return Fault{place: p, act: actDeaf, d: d} }

// Panics makes a call panic.
func (p Place) Panics(value any) Fault { return Fault{place: p, act: actPanic, value: value} }

// Crash lets the process die before the call is made: nothing that happens from
// then on has an effect on the source, the sinks and the fakes. The pipeline is
// built anew and run with the same source and sinks, and the source hands out
// again what it was not told of. Functions that run and ignore their context go on
// for a while; the new run begins after them.
func (p Place) Crash() Fault { return Fault{place: p, act: actCrash} }

// CrashAfter is Crash right after the call: what it did is done, and nobody
// knows.
func (p Place) CrashAfter() Fault { return Fault{place: p, act: actCrashAfter} }

// Stop ends the context of the run before the call is made, which then is made.
func (p Place) Stop() Fault { return Fault{place: p, act: actStop} }

// StoredBut lets a call do what it does and fail all the same: a reply that was
// lost.
func (p Place) StoredBut(err error) Fault {
	return Fault{place: p, act: actStoredBut, errs: []error{err}}
}

// Times makes a Fault happen at the first n attempts of each transaction; n below
// 1 stands for every attempt. Of Errors, n is how many of them.
func (f Fault) Times(n int) Fault {
	if n < 1 {
		n = -1
	}
	f.times = n
	return f
}

// Maybe marks a Fault that need not come about.
func (f Fault) Maybe() Fault {
	f.maybe = true
	return f
}

// String says what goes wrong, and where.
func (f Fault) String() string {
	name := map[act]string{
		actError: "Errors", actPanic: "Panics", actSlow: "Slow", actDeaf: "Deaf", actCrash: "Crash",
		actCrashAfter: "CrashAfter", actStop: "Stop", actStoredBut: "StoredBut",
	}[f.act]
	if f.act == actError && f.times < 0 {
		name = "Always"
	}
	return fmt.Sprintf("At(%s).%s(%s)", f.place.arguments(), name, f.argument())
}

func (p Place) arguments() string {
	parts := []string{strconv.Quote(p.name)}
	for _, i := range p.nth {
		parts = append(parts, strconv.Itoa(i))
	}
	return strings.Join(parts, ", ")
}

func (f Fault) argument() string {
	switch f.act {
	case actError, actStoredBut:
		var texts []string
		for _, err := range f.errs {
			texts = append(texts, shownError(err))
		}
		return strings.Join(texts, ", ")
	case actPanic:
		return fmt.Sprint(f.value)
	case actSlow, actDeaf:
		return f.d.String()
	}
	return ""
}

// due reports whether a Fault happens at an attempt, from 1, and with which error.
func (f Fault) due(attempt int) (error, bool) {
	times := f.times
	if times == 0 {
		times = 1
	}
	if f.act == actError && len(f.errs) == 0 || times > 0 && attempt > times {
		return nil, false
	}
	if f.act != actError && f.act != actStoredBut {
		return nil, true
	}
	err := f.errs[min(attempt, len(f.errs))-1]
	return err, err != nil
}
