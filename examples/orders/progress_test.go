package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestPlainProgressSaysHowManyHowFastAndHowLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out pages
		phase, end := plain{&out}.begin("consume", 10_000)
		time.Sleep(plainEvery + time.Millisecond)
		phase.done(2500)
		time.Sleep(3*time.Second - time.Millisecond) // 5 s: a line at 4 s
		phase.done(7500)
		end()
		is.New(t).Equal(out.String(), `consume  0 of 10,000
consume  2,500 of 10,000  625/s  12s left
consume  10,000 of 10,000  2,000/s
`)
	})
}

func TestABarEndsWhereItIs(t *testing.T) {
	for name, lines := range map[string]int{"complete": 10, "interrupted": 4, "of nothing": 0} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var out pages
			phase, end := bars{&notices{plain: &out}}.begin("consume", 10)
			phase.done(lines)
			end()
			is.True(strings.Contains(out.String(), "consume"))
			is.True(strings.Contains(out.String(), []string{0: "0 of 10", 4: "4 of 10", 10: "10 of 10"}[lines]))
		})
	}
}

func TestNoticesStandAboveTheBar(t *testing.T) {
	is := is.New(t)
	var out pages
	n := &notices{plain: &out}
	fmt.Fprintln(n, "before")
	_, end := bars{n}.begin("consume", 10)
	fmt.Fprintln(n, "meanwhile")
	end()
	fmt.Fprintln(n, "afterwards")
	text := out.String()
	is.True(strings.HasPrefix(text, "before\n"))
	is.True(strings.Contains(text, "meanwhile\n"))
	is.True(strings.Index(text, "meanwhile") < strings.LastIndex(text, "consume"))
	is.True(strings.HasSuffix(text, "afterwards\n"))
}

func TestProgressIsABarOnATerminalOnly(t *testing.T) {
	is := is.New(t)
	file, err := os.Create(filepath.Join(t.TempDir(), "progress"))
	is.NoErr(err)
	defer file.Close()
	for _, n := range []*notices{{plain: file}, {plain: &pages{}}} {
		is.Equal(progressOn(n, false), plain{n})
		is.Equal(progressOn(n, true), silence{})
	}
	phase, end := silence{}.begin("consume", 1)
	phase.done(1)
	end()
}

// counted counts what it is told.
type counted int

func (c *counted) done(lines int) { *c += counted(lines) }

func TestOnlyWhatCameToItsEndIsCounted(t *testing.T) {
	for _, c := range []struct {
		name string
		e    ergon.Event
		want counted
	}{
		{"acked", ergon.Event{Kind: ergon.KindTransaction, Verdict: ergon.Acked}, 1},
		{"set aside", ergon.Event{Kind: ergon.KindTransaction, Verdict: ergon.DeadLettered}, 1},
		{"given back", ergon.Event{Kind: ergon.KindTransaction, Verdict: ergon.Returned}, 0},
		{"left behind", ergon.Event{Kind: ergon.KindTransaction, Verdict: ergon.Released}, 0},
		{"an attempt", ergon.Event{Kind: ergon.KindAttempt}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n counted
			watch := counting{&n}
			watch.End(watch.Begin(t.Context(), &c.e), &c.e)
			is.New(t).Equal(n, c.want)
		})
	}
}
