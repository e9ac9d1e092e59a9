package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/sourcegraph/conc"
)

// ErrNotLoopback says that an address could be reached from other machines. Whoever
// wants that puts Handler behind something that knows who may look.
var ErrNotLoopback = errors.New("live: the address is not of this machine alone")

// How long a browser may take to say what it wants, and for what was begun to end.
const (
	headerTime = 10 * time.Second
	endTime    = 2 * time.Second
)

// Serve serves the page at an address of this machine alone, such as localhost:7777,
// until ctx ends; then it ends all streams and returns nil. An address that others
// could reach is refused with ErrNotLoopback.
func (v *View) Serve(ctx context.Context, addr string) error {
	l, err := Listen(ctx, addr)
	if err != nil {
		return err
	}
	return v.ServeOn(ctx, l)
}

// Listen listens at an address of this machine alone, for ServeOn. With port 0 the
// address of the listener says which port it has got.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("live: %q is no address such as localhost:7777: %w", addr, err)
	}
	if !loopback(host) {
		return nil, fmt.Errorf("%w: %q; use localhost", ErrNotLoopback, addr)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("live: %w", err)
	}
	return l, nil
}

// ServeOn is Serve for a listener that is there already. It closes it.
func (v *View) ServeOn(ctx context.Context, l net.Listener) error {
	if tcp, ok := l.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("%w: %v; use localhost", ErrNotLoopback, l.Addr()), l.Close())
	}
	gone := v.serves("http://" + l.Addr().String() + "/ergon")
	defer gone()
	serving, end := context.WithCancel(ctx) // of every request, so that streams end first
	server := &http.Server{
		Handler: v.Handler(), ReadHeaderTimeout: headerTime,
		BaseContext: func(net.Listener) context.Context { return serving },
	}
	var closing conc.WaitGroup
	closing.Go(func() {
		<-serving.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close() // what has not ended is cut off
		}
	})
	err := server.Serve(l)
	end()
	closing.Wait()
	if ctx.Err() != nil && errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("live: %w", err)
}
