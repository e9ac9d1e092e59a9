package setup

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// scrape is an endpoint at which metrics can be fetched.
type scrape struct {
	server *http.Server
	addr   string
}

// newScrape listens at an address, and serves what the reader it returns collects.
func newScrape(ctx context.Context, addr string) (sdkmetric.Reader, *scrape, error) {
	registry := prometheus.NewRegistry()
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		return nil, nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	s := &scrape{server: &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}, addr: listener.Addr().String()}
	go func() { _ = s.server.Serve(listener) }() // until Shutdown
	return reader, s, nil
}

// PrometheusAddr returns the address at which metrics can be scraped, with the port
// that was chosen where the configuration says 0; "" where there is none.
func (t *Telemetry) PrometheusAddr() string {
	if t.scrape == nil {
		return ""
	}
	return t.scrape.addr
}
