package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// calmAndRefused returns the number of a line to which the directory answers at once, and
// of one that it refuses the first time.
func calmAndRefused(t temper) (calm, refused int) {
	for n := 1; calm == 0 || refused == 0; n++ {
		switch a := t.of(requestID(n), 0); {
		case a.refused && t.of(requestID(n), 1) == answer{}:
			refused = n
		case a == answer{}:
			calm = n
		}
	}
	return calm, refused
}

func TestTheDirectoryOnLoopback(t *testing.T) {
	is := is.New(t)
	server, err := serveDirectory(t.Context(), temper{1})
	is.NoErr(err)
	is.True(strings.HasPrefix(server.base, "http://127.0.0.1:"))
	d := newDirectory(server.base, 1)
	calm, refused := calmAndRefused(temper{1})

	o, err := d.enrich(t.Context(), line{Number: calm, Customer: "17850"})
	is.NoErr(err)
	is.Equal(o.Name, "Customer 17850")
	is.Equal(o.Number, calm)

	_, err = d.enrich(t.Context(), line{Number: refused, Customer: "17850"})
	is.True(errors.Is(err, errDirectory)) // refused the first time
	is.True(strings.Contains(err.Error(), "status 503"))
	_, err = d.enrich(t.Context(), line{Number: refused, Customer: "17850"})
	is.NoErr(err) // and answered the second time

	d.close()
	is.NoErr(server.close())
	_, err = d.enrich(t.Context(), line{Number: calm, Customer: "17850"})
	is.True(errors.Is(err, errDirectory)) // nobody is there
	is.True(!strings.Contains(err.Error(), "17850"))
	how, _ := ergon.SteeringOf(err)
	is.Equal(how, ergon.SteerRetry)
}

func TestWhatTheDirectoryAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   error
		how    ergon.Steering
	}{
		{"nobody of that number", http.StatusNotFound, "", errUnknownCustomer, ergon.SteerPermanent},
		{"not now", http.StatusServiceUnavailable, "", errDirectory, ergon.SteerRetry},
		{"a fault of its own", http.StatusInternalServerError, "", errDirectory, ergon.SteerRetry},
		{"a page instead of a customer", http.StatusOK, "<html>secret</html>", errDirectory, ergon.SteerRetry},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				is.Equal(r.URL.EscapedPath(), "/customers/17850%2F..%2F%3Fx") // one element, whatever a line says
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			d := newDirectory(server.URL, 1)
			defer d.close()
			_, err := d.enrich(t.Context(), line{Customer: "17850/../?x"})
			is.True(errors.Is(err, c.want))
			is.True(!strings.Contains(err.Error(), "secret"))
			how, _ := ergon.SteeringOf(err)
			is.Equal(how, c.how)
		})
	}
}

func TestADirectoryThatDawdlesIsNotWaitedFor(t *testing.T) {
	is := is.New(t)
	arrived, leave := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-leave
	}))
	defer server.Close()
	defer close(leave)
	d := newDirectory(server.URL, 1)
	defer d.close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := d.enrich(ctx, line{Customer: "17850"})
	is.True(errors.Is(err, context.Canceled))
}
