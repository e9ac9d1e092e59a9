package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ergon-go/ergon"
)

// directory asks the customer directory over HTTP. Safe for concurrent use.
type directory struct {
	url    string
	client *http.Client
}

// customer is what the directory knows.
type customer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

var (
	errUnknownCustomer = errors.New("unknown customer")
	errDirectory       = errors.New("orders: directory")
)

// longestAnswer bounds what is read of an answer, in bytes.
const longestAnswer = 1 << 16

// newDirectory returns a directory at a base URL, for so many callers at once.
func newDirectory(base string, callers int) *directory {
	return &directory{url: base, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}}
}

// enrich adds the customer's name to a line. A customer that the directory does
// not know is final; any other trouble is worth another attempt.
func (d *directory) enrich(ctx context.Context, l line) (order, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/customers/"+url.PathEscape(l.Customer), nil)
	if err != nil {
		return order{}, ergon.Permanent(fmt.Errorf("%w: cannot be asked", errDirectory))
	}
	request.Header.Set("X-Request-Id", requestID(l.Number))
	response, err := d.client.Do(request)
	if err != nil {
		return order{}, fmt.Errorf("%w: %w", errDirectory, withoutURL(err))
	}
	defer func() { _ = response.Body.Close() }() // it was read
	c, err := customerIn(response)
	if err != nil {
		return order{}, err
	}
	return order{line: l, Name: c.Name}, nil
}

// requestID is how the directory knows a request that comes again.
func requestID(line int) string { return strconv.Itoa(line) }

// withoutURL is the error without the address, which names the customer.
func withoutURL(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}

// customerIn reads an answer, to its end, so that its connection serves again.
func customerIn(response *http.Response) (customer, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return customer{}, fmt.Errorf("%w: %w", errDirectory, err)
	}
	switch {
	case response.StatusCode == http.StatusNotFound:
		return customer{}, ergon.Permanent(errUnknownCustomer)
	case response.StatusCode != http.StatusOK:
		return customer{}, fmt.Errorf("%w: status %d", errDirectory, response.StatusCode)
	}
	var c customer
	if err := json.Unmarshal(body, &c); err != nil {
		return customer{}, fmt.Errorf("%w: is not a customer", errDirectory)
	}
	return c, nil
}

// close ends idle connections.
func (d *directory) close() { d.client.CloseIdleConnections() }
