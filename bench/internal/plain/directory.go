package plain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// How the directory is asked.
const (
	mostAttempts   = 8
	attemptTimeout = 150 * time.Millisecond
	firstWait      = 5 * time.Millisecond
	longestWait    = 200 * time.Millisecond
	longestAnswer  = 1 << 16 // bytes
)

// directory asks the customer directory over HTTP. Safe for concurrent use.
type directory struct {
	url    string
	client *http.Client
}

func newDirectory(base string) *directory {
	return &directory{url: base, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}}
}

func (d *directory) close() { d.client.CloseIdleConnections() }

// name returns the name of the customer of a line. It tries again where that may
// help, with waits that grow.
func (d *directory) name(ctx context.Context, l line) (name string, err error) {
	for attempt := range mostAttempts {
		if attempt > 0 && !rest(ctx, min(longestWait, firstWait<<(attempt-1))) {
			return "", errors.Join(err, ctx.Err())
		}
		if name, err = d.ask(ctx, l); err == nil || errors.Is(err, errUnknownCustomer) {
			return name, err
		}
	}
	return "", err
}

// rest waits for a part of d that is drawn at random, unless ctx ends.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(rand.N(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ask asks once.
func (d *directory) ask(ctx context.Context, l line) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/customers/"+url.PathEscape(l.customer), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("X-Request-Id", strconv.Itoa(l.number))
	response, err := d.client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // it was read
	body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return "", err
	}
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return "", errUnknownCustomer
	default:
		return "", fmt.Errorf("plain: directory: status %d", response.StatusCode)
	}
	var c customer
	if err := json.Unmarshal(body, &c); err != nil {
		return "", fmt.Errorf("plain: directory: %w", err)
	}
	return c.Name, nil
}

// customer is what the directory knows.
type customer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
