package plain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sourcegraph/conc"
)

// directoryServer is the customer directory of examples/orders, with the same
// faults at the same requests.
type directoryServer struct {
	temper temper
	server *http.Server
	base   string
	serve  conc.WaitGroup

	mu   sync.Mutex
	came map[string]int // how often a request came
}

func serveDirectory(ctx context.Context, t temper) (*directoryServer, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("plain: directory: %w", err)
	}
	s := &directoryServer{temper: t, base: "http://" + listener.Addr().String(), came: map[string]int{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /customers/{id}", s.find)
	s.server = &http.Server{Handler: routes, ReadHeaderTimeout: 10 * time.Second}
	s.serve.Go(func() { _ = s.server.Serve(listener) }) // returns at close
	return s, nil
}

func (s *directoryServer) close() error {
	err := s.server.Close()
	s.serve.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// find answers with a customer, sooner or later or not at all.
func (s *directoryServer) find(w http.ResponseWriter, r *http.Request) {
	request := r.Header.Get("X-Request-Id")
	refused, delay := s.temper.of(request, s.nth(request))
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return
		}
	}
	if refused {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	id := r.PathValue("id")
	body, err := json.Marshal(customer{ID: id, Name: "Customer " + id})
	if err != nil { // the id is no text
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // whoever went away does not want it
}

func (s *directoryServer) nth(request string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.came[request]
	s.came[request]++
	return n
}

// temper decides how the directory behaves, by the seed, the request and how often
// that came.
type temper struct{ seed uint64 }

// of returns the answer to a request that comes for the n-th time, from 0: one in
// twenty is refused, some take their time, and a few longer than anybody waits.
func (t temper) of(request string, nth int) (refused bool, delay time.Duration) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(request)) // never fails
	random := rand.New(rand.NewPCG(t.seed+uint64(nth), hash.Sum64()))
	switch draw := random.Float64(); {
	case draw < 0.05:
		return true, 0
	case draw < 0.05+0.02:
		return false, time.Duration(20+random.IntN(60)) * time.Millisecond
	case draw < 0.05+0.02+0.003:
		return false, time.Second
	}
	return false, 0
}
