package leash

import (
	"context"
	"errors"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// ask asks the context of an attempt something.
func (w *world) ask(a *attempt) {
	switch w.draw.IntN(5) {
	case 0:
		w.known(a)
		w.notef("%p.Err", a.l)
		w.check(a, false)
	case 1:
		w.known(a)
		w.notef("%p.Done", a.l)
		a.l.Done()
		a.fixed = a.fixed || w.ending == nil && time.Now().Before(a.up) && a.ended.IsZero()
		w.check(a, true)
	case 2:
		w.checkDeadline(a)
	case 3:
		w.derive(a)
	case 4:
		if a.l.Value(valueKey{}) != w {
			w.t.Error("not the value of the parent")
		}
	}
}

// askLate asks the context of an attempt that is over. If another has had its
// Leash since, the answer is the last one's.
func (w *world) askLate(a *attempt, since []*attempt) {
	for _, other := range since {
		if a.l == other.l {
			a = other
		}
	}
	w.ask(a)
}

// known notes that an attempt was asked, and so when its time will be up.
func (w *world) known(a *attempt) {
	if a.asked {
		return
	}
	begun := a.begun
	if m := a.moment; m != nil {
		begun = time.Now()
		if over := m.began.Add(span); over.Before(begun) {
			begun = over
		}
	}
	a.asked, a.up = a.ended.IsZero(), begun.Add(w.limit)
}

// reasons returns why the context may have ended by now, nil for not at all. There
// are two where two things have ended since it was asked last: it need not know
// which was the first.
func (w *world) reasons(a *attempt) []*ending {
	if a.told != nil {
		return []*ending{a.told}
	}
	until := time.Now()
	if !a.ended.IsZero() {
		until = a.ended
	}
	var why []*ending
	if !a.asked { // what nobody had asked ends with its attempt
		return []*ending{{a.ended, context.Canceled, context.Canceled}}
	}
	if e := w.ending; e != nil && !e.at.After(until) {
		why = append(why, e)
	}
	if !a.up.After(until) && (w.bound.IsZero() || !w.bound.Before(a.up)) {
		why = append(why, &ending{a.up, context.DeadlineExceeded, errTime})
	}
	if len(why) == 2 && a.fixed {
		if why[0].at.Before(why[1].at) {
			return why[:1]
		}
		return why[1:]
	}
	if len(why) == 0 && !a.ended.IsZero() {
		why = append(why, &ending{a.ended, context.Canceled, context.Canceled})
	}
	return why
}

// check compares what a context says with what is known.
func (w *world) check(a *attempt, done bool) {
	err := a.l.Err()
	var cause error
	if done || err != nil {
		cause = context.Cause(a.l)
		select {
		case <-a.l.Done():
		default:
			if err != nil {
				w.t.Errorf("it says %v, and its channel is open", err)
			}
		}
	}
	why := w.reasons(a)
	fits := err == nil && len(why) == 0
	for _, e := range why {
		if err == e.err && cause == e.cause { //nolint:errorlint // as they are
			fits, a.told = true, e
		}
	}
	if !fits {
		w.t.Errorf("%p says %v because %v, and it should be one of %v", a.l, err, cause, describe(why))
	}
	w.checkDerived(a, err != nil)
}

func describe(why []*ending) (texts []string) {
	for _, e := range why {
		texts = append(texts, e.err.Error()+" because "+e.cause.Error())
	}
	return texts
}

func (w *world) checkDeadline(a *attempt) {
	if !a.ended.IsZero() || w.ending != nil {
		return
	}
	w.known(a)
	w.notef("%p.Deadline", a.l)
	want := a.up
	if !w.bound.IsZero() && w.bound.Before(want) {
		want = w.bound
	}
	if at, bounded := a.l.Deadline(); !bounded || !at.Equal(want) {
		w.t.Errorf("its deadline is %v, and should be %v", at, want)
	}
}

// derive makes contexts of the context, and something that is to happen when it
// ends: they end with it, without anything else being asked.
func (w *world) derive(a *attempt) {
	w.known(a)
	w.notef("derived of %p", a.l)
	ended := len(w.reasons(a)) > 0
	derived, cancel := context.WithTimeout(context.WithValue(a.l, valueKey{}, "another"), time.Hour)
	w.t.Cleanup(cancel)
	a.derived = append(a.derived, derived)
	after := new(atomic.Bool)
	a.after = append(a.after, after)
	context.AfterFunc(a.l, func() { after.Store(true) })
	a.fixed = a.fixed || !ended
	synctest.Wait()
	w.check(a, true)
}

func (w *world) checkDerived(a *attempt, ended bool) {
	synctest.Wait()
	for i, d := range a.derived {
		if (d.Err() != nil) != ended || a.after[i].Load() != ended {
			w.t.Errorf("%p has ended: %v, what is derived of it: %v, what comes after it was called: %v", a.l, ended, d.Err(), a.after[i].Load())
		}
		if ended && !errors.Is(context.Cause(d), context.Cause(a.l)) {
			w.t.Errorf("%p ended because %v, what is derived of it because %v", a.l, context.Cause(a.l), context.Cause(d))
		}
	}
}
