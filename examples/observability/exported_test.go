package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// exported is what ergon exports when everything happens that the stack looks at.
type exported struct {
	metrics map[string]map[string]map[string]bool // metric, label, values
	records map[string]bool                       // attributes of records
	spans   map[string]bool                       // attributes of spans
}

// export runs what makes it export everything.
func export(t *testing.T) exported {
	t.Helper()
	is := is.New(t)
	var logs ergontest.Logs
	var spans ergontest.Spans
	telemetry, err := setup.New(t.Context(), setup.Config{Service: "shop", Prometheus: "localhost:0", Console: io.Discard, Routes: []setup.Route{{To: &logs}}})
	is.NoErr(err)
	defer func() { is.NoErr(telemetry.Shutdown(context.Background())) }()
	synctest.Test(t, func(t *testing.T) {
		observed := pipeline.Observe(ergonotel.All(ergonotel.Tracing(&spans), telemetry.Observer()))
		everything(t, observed)
	})
	return exported{scraped(t, telemetry.PrometheusAddr()), recorded(logs.All()), attributed(&spans)}
}

// everything makes all happen that is measured: retries, dead letters, what best effort
// loses, leases that are extended and that are not, a stop that drains.
func everything(t *testing.T, observed pipeline.Option) {
	is := is.New(t)
	fetched := &shaky{leased: leasedOf(ergontest.NewSource(order{1}, order{97}, order{3}).Leased(time.Minute))}
	tried := 0
	slowly := func(_ context.Context, o order) (order, error) {
		if tried++; tried == 1 {
			return o, errAway
		}
		time.Sleep(2 * time.Minute)
		return o, nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	type flow = pipeline.Flow[order, order]
	err := pipeline.From[order](fetched, observed, pipeline.Named("orders"), pipeline.With(pipeline.Policy{Drain: time.Hour})).
		Map(check, stage.Named("check")).
		Map(slowly, stage.Named("slow"), stage.Retry(retry.Policy{MaxAttempts: 2, AttemptTimeout: time.Hour})).
		DeadLetter(sink.Discard[order]()).
		Fork(
			func(f flow) pipeline.Pipeline { return f.To(sink.Discard[order]()) },
			func(f flow) pipeline.Pipeline {
				return f.To(sink.Each(func(context.Context, order) error { return ergon.Business(errNoItem) }), stage.Named("live"), stage.BestEffort())
			},
		).Stream(ctx)
	is.NoErr(err)
}

// leased is a source of leases.
type leased interface {
	ergon.Source[order]
	ergon.Settler[order]
	ergon.Extender[order]
}

func leasedOf(s ergon.Source[order]) leased { return s.(leased) }

// shaky is a source that fails to extend leases once.
type shaky struct {
	leased

	asked int
}

func (s *shaky) Extend(ctx context.Context, txs []ergon.Transaction[order]) error {
	if s.asked++; s.asked == 1 {
		return errors.New("away")
	}
	return s.leased.Extend(ctx, txs)
}

var (
	sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? `)
	label  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"`)
)

// scraped returns metrics as Prometheus writes them.
func scraped(t *testing.T, addr string) map[string]map[string]map[string]bool {
	t.Helper()
	is := is.New(t)
	resp, err := http.Get("http://" + addr + "/metrics") //nolint:noctx // a test
	is.NoErr(err)
	body, err := io.ReadAll(resp.Body)
	is.NoErr(errors.Join(err, resp.Body.Close()))
	all := map[string]map[string]map[string]bool{}
	for line := range strings.Lines(string(body)) {
		m := sample.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if all[m[1]] == nil {
			all[m[1]] = map[string]map[string]bool{}
		}
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if all[m[1]][l[1]] == nil {
				all[m[1]][l[1]] = map[string]bool{}
			}
			all[m[1]][l[1]][l[2]] = true
		}
	}
	return all
}

func recorded(all ergontest.LogList) map[string]bool {
	names := map[string]bool{}
	for _, r := range all {
		for _, a := range r.Attrs {
			names[a.Key] = true
		}
	}
	return names
}

func attributed(spans *ergontest.Spans) map[string]bool {
	names := map[string]bool{}
	for _, s := range spans.All() {
		for _, a := range s.Attributes {
			names[string(a.Key)] = true
		}
	}
	return names
}

// The program itself runs, and ends when it is told to.
func TestOrders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		slog.SetDefault(slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		p := orders(arriving(), rows())
		is.NoErr(p.Stream(ctx))
		l := p.Ledger()
		is.True(l.Succeeded > 900 && l.DeadLettered >= 10 && l.Retries > 10)
		is.Equal(l.Fetched, l.Succeeded+l.DeadLettered)
	})
}
