package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sourcegraph/conc"
)

// directoryServer is a customer directory on loopback that is not always well.
type directoryServer struct {
	temper temper
	server *http.Server
	base   string
	serve  conc.WaitGroup

	mu   sync.Mutex
	came map[string]int // how often a request came
}

// serveDirectory begins to serve on a port of this machine that is free, until
// close.
func serveDirectory(ctx context.Context, t temper) (*directoryServer, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("orders: directory: %w", err)
	}
	s := &directoryServer{temper: t, base: "http://" + listener.Addr().String(), came: map[string]int{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /customers/{id}", s.find)
	s.server = &http.Server{Handler: routes, ReadHeaderTimeout: 10 * time.Second}
	s.serve.Go(func() { _ = s.server.Serve(listener) }) // returns at close
	return s, nil
}

// close ends the server and every answer it still owes.
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
	how := s.temper.of(request, s.nth(request))
	if how.delay > 0 {
		select {
		case <-time.After(how.delay):
		case <-r.Context().Done():
			return
		}
	}
	if how.refused {
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

// nth is how often a request came before.
func (s *directoryServer) nth(request string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.came[request]
	s.came[request]++
	return n
}
