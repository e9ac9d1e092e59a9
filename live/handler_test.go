package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon/live"
)

func ask(v *live.View, host, path string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "http://"+host+path, http.NoBody)
	w := httptest.NewRecorder()
	v.Handler().ServeHTTP(w, r)
	return w.Result()
}

// Only who asks this machine for itself is answered: a name of somebody else's that
// leads here is not.
func TestRequestsForOtherHostsAreRefused(t *testing.T) {
	hosts := map[string]int{
		"localhost": 200, "localhost:7777": 200, "LOCALHOST": 200, "127.0.0.1": 200, "127.8.9.1:80": 200, "[::1]": 200, "[::1]:7777": 200,
		"evil.example": 403, "evil.example:7777": 403, "localhost.evil.example": 403, "192.168.1.7": 403, "0.0.0.0": 403, "[fe80::1]:80": 403, "127.0.0.1.evil.example": 403,
	}
	for host, want := range hosts {
		for _, path := range []string{"/ergon", "/ergon/snapshot", "/ergon/mermaid"} {
			is.New(t).Equal(ask(live.New(greetings()), host, path).StatusCode, want)
		}
	}
}

// Everything the page is made of is here, and every answer says that nothing else is
// to be loaded.
func TestThePageIsWhole(t *testing.T) {
	paths := map[string]string{
		"/ergon": "text/html; charset=utf-8", "/ergon/style.css": "text/css; charset=utf-8", "/ergon/icon.svg": "image/svg+xml",
		"/ergon/main.js": "text/javascript; charset=utf-8", "/ergon/graph.js": "text/javascript; charset=utf-8", "/ergon/layout.js": "text/javascript; charset=utf-8",
		"/ergon/panels.js": "text/javascript; charset=utf-8", "/ergon/figures.js": "text/javascript; charset=utf-8",
		"/ergon/snapshot": "application/json", "/ergon/mermaid": "text/plain; charset=utf-8",
	}
	for path, kind := range paths {
		is := is.New(t)
		got := ask(live.New(greetings()), "localhost", path)
		is.Equal(got.StatusCode, http.StatusOK)
		is.Equal(got.Header.Get("Content-Type"), kind)
		is.Equal(got.Header.Get("X-Content-Type-Options"), "nosniff")
		policy := got.Header.Get("Content-Security-Policy")
		is.True(strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self';"))
		is.True(!strings.Contains(policy, "unsafe"))
		body, err := io.ReadAll(got.Body)
		is.NoErr(err)
		is.True(len(body) > 0)
		for _, scheme := range []string{`src="http`, `href="http`, "url(http", "from \"http"} {
			is.True(!strings.Contains(string(body), scheme))
		}
	}
	is.New(t).Equal(ask(live.New(), "localhost", "/ergon/other").StatusCode, http.StatusNotFound)
	is.New(t).Equal(ask(live.New(), "localhost", "/").Header.Get("Location"), "/ergon")
}

// What only reads is not written to.
func TestOtherMethodsAreRefused(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "http://localhost/ergon/snapshot", http.NoBody)
	w := httptest.NewRecorder()
	live.New().Handler().ServeHTTP(w, r)
	is.New(t).Equal(w.Code, http.StatusMethodNotAllowed)
}

// pictured is what the tests want to know of a picture.
type pictured struct {
	Pipelines []struct {
		Name, State, Limit string
		Ledger             struct{ Fetched, Acked, DeadLettered int64 }
		Nodes              []struct {
			ID, Name string
			Rate     float64
			Limits   bool
		}
		Errors []struct{ Name, Text string }
	}
}

// The picture is one of all pipelines, those that have not begun included.
func TestTheSnapshotIsJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := square(400, 0)
		is.NoErr(p.Run(t.Context()))
		var got pictured
		is.NoErr(json.NewDecoder(ask(live.New(greetings(), p), "localhost", "/ergon/snapshot").Body).Decode(&got))
		is.Equal(len(got.Pipelines), 2)
		is.Equal(got.Pipelines[1].State, "not begun") // what has begun comes first
		is.Equal(got.Pipelines[0].State, "ended")
		is.Equal(got.Pipelines[0].Ledger.Fetched, int64(400))
		is.Equal(got.Pipelines[0].Ledger.DeadLettered, int64(4))
		is.Equal(got.Pipelines[0].Errors[0].Text, `no odd numbers, token=*** \x1b[2J\nplease`)
	})
}

// streaming is a response whose reader is somewhere else.
type streaming struct {
	*io.PipeWriter
	header http.Header
}

func (s streaming) Header() http.Header { return s.header }
func (streaming) WriteHeader(int)       {}
func (streaming) Flush()                {}

// Pictures come every second while a run goes on, with its rates and what limits it, and
// end with the request.
func TestEventsShowARunAsItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := square(100_000, 10*time.Millisecond)
		ctx, stop := context.WithCancel(t.Context())
		var running conc.WaitGroup
		running.Go(func() { _ = p.Run(ctx) })
		in, out := io.Pipe()
		asking, leave := context.WithCancel(t.Context())
		running.Go(func() {
			r := httptest.NewRequest(http.MethodGet, "http://localhost/ergon/events", http.NoBody).WithContext(asking)
			live.New(p).Handler().ServeHTTP(streaming{out, http.Header{}}, r)
			_ = out.Close()
		})
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 1<<20)
		began, pictures := time.Now(), 0
		for pictures < 4 && lines.Scan() {
			data, is1 := strings.CutPrefix(lines.Text(), "data: ")
			if !is1 {
				continue
			}
			var got pictured
			is.NoErr(json.Unmarshal([]byte(data), &got))
			is.Equal(time.Since(began), time.Duration(pictures)*time.Second)
			if pictures++; pictures == 1 {
				continue
			}
			is.Equal(got.Pipelines[0].State, "running")
			is.Equal(got.Pipelines[0].Limit, "n2")
			rate := got.Pipelines[0].Nodes[2].Rate
			is.True(rate >= 190 && rate <= 200) // two workers, ten milliseconds each, some are refused
		}
		is.Equal(pictures, 4)
		leave()
		for lines.Scan() {
		}
		stop()
		running.Wait()
	})
}

// Streams that are open do not keep a server from ending.
func TestServeEndsWithItsContext(t *testing.T) {
	is := is.New(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	l, err := live.Listen(ctx, "127.0.0.1:0")
	is.NoErr(err)
	served := make(chan error, 1)
	var serving conc.WaitGroup
	serving.Go(func() { served <- live.New(greetings()).ServeOn(ctx, l) })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/ergon/events", http.NoBody)
	is.NoErr(err)
	answer, err := http.DefaultClient.Do(r)
	is.NoErr(err)
	defer answer.Body.Close()
	_, err = bufio.NewReader(answer.Body).ReadString('\n')
	is.NoErr(err)
	stop()
	is.NoErr(<-served)
	serving.Wait()
	_, err = io.ReadAll(answer.Body)
	is.NoErr(err)                                               // the stream was ended, not cut off
	_, err = http.Get("http://" + l.Addr().String() + "/ergon") //nolint:noctx,bodyclose // nobody is there
	is.True(err != nil)
}

// An address that others could reach is refused, and so is one that is none.
func TestServeIsForThisMachineAlone(t *testing.T) {
	for _, addr := range []string{":7777", "0.0.0.0:0", "[::]:0", "192.168.1.7:80", "example.com:80"} {
		is.New(t).True(errors.Is(live.New().Serve(t.Context(), addr), live.ErrNotLoopback))
	}
	for _, addr := range []string{"", "localhost", "localhost:nothing"} {
		err := live.New().Serve(t.Context(), addr)
		is.New(t).True(err != nil && strings.HasPrefix(err.Error(), "live: "))
	}
}
