package live_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon/live"
)

// Where there is no terminal, a line comes every five seconds, and the last picture.
func TestWithoutATerminalThereAreLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := square(2400, 10*time.Millisecond) // twelve seconds
		ctx, stop := context.WithCancel(t.Context())
		var running conc.WaitGroup
		running.Go(func() {
			_ = p.Run(t.Context())
			stop()
		})
		var out strings.Builder
		is.NoErr(live.New(greetings(), p).Terminal(ctx, &out))
		running.Wait()
		lines := strings.Split(out.String(), "\n")
		is.Equal(lines[1], "greetings  not begun")
		is.True(strings.HasPrefix(lines[0], "squares  running  5s  "))
		is.True(strings.Contains(lines[0], "▶ limits: square (100% busy, "))
		is.True(strings.HasPrefix(lines[2], "squares  draining  10s  ")) // everything is fetched
		is.True(strings.Contains(out.String(), "squares  ended  12s"))
		is.True(strings.Contains(out.String(), `square: no odd numbers, token=*** \x1b[2J\nplease`))
		is.True(strings.Contains(out.String(), "fetched 2,400  acked 2,376  dead-lettered 24"))
		is.True(!strings.Contains(out.String(), "\x1b"))
	})
}

// Where there is a page as well, the terminal says where.
func TestTheTerminalSaysWhereThePageIs(t *testing.T) {
	is := is.New(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	l, err := live.Listen(ctx, "localhost:0")
	is.NoErr(err)
	view := live.New(greetings())
	var serving conc.WaitGroup
	serving.Go(func() { is.NoErr(view.ServeOn(ctx, l)) })
	_, err = http.Get("http://" + l.Addr().String() + "/ergon/mermaid") //nolint:noctx,bodyclose // that it is there is enough
	is.NoErr(err)
	seen := func() string {
		ended, end := context.WithCancel(t.Context())
		end()
		var out strings.Builder
		is.NoErr(view.Terminal(ended, &out))
		return out.String()
	}
	is.True(strings.HasSuffix(seen(), "as a page: http://"+l.Addr().String()+"/ergon\n"))
	stop()
	serving.Wait()
	is.True(!strings.Contains(seen(), "as a page"))
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space") }

// What cannot be written is an error.
func TestWhatCannotBeWrittenIsReported(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := live.New().Terminal(ctx, broken{})
	is.New(t).Equal(err.Error(), "live: drawing: no space")
}
