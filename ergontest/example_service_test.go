package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// A service behind a stage, on a network in memory that belongs to the bubble: its
// retries take no time.
func ExampleTable_service() {
	test(func(t *testing.T) {
		build := func(w *ergontest.World[string]) pipeline.Pipeline {
			calls := 0
			server := httptest.NewTestServer(w.T, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if calls++; calls < 3 {
					http.Error(rw, "busy", http.StatusServiceUnavailable)
					return
				}
				_, _ = fmt.Fprintf(rw, "%s costs 7", r.URL.Query().Get("thing"))
			}))
			ask := func(ctx context.Context, thing string) (string, error) {
				return get(ctx, server.Client(), "http://prices.example/?thing="+thing)
			}
			patiently := retry.Policy{MaxAttempts: 5, Backoff: time.Hour, BackoffCap: 24 * time.Hour}
			return pipeline.From(w.Source).Map(ask, stage.Named("ask"), stage.Retry(patiently)).To(w.Sink[string]("prices"))
		}
		ergontest.Table(t, build, ergontest.Case[string]{
			Name: "the service is busy at first", In: []string{"lamp"},
			Want: []ergontest.Want{ergontest.Got("prices", "lamp costs 7"), ergontest.Attempts(0, "ask", 3)},
			Took: (1 + 2) * time.Hour,
		})
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}

func get(ctx context.Context, client *http.Client, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", ergon.Permanent(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return string(body), err
}
