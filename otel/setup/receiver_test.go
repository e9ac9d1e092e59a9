package setup_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	logscol "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	metricscol "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracecol "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

// receiver is what a backend gets through OTLP.
type receiver struct {
	tracecol.UnimplementedTraceServiceServer

	mu        sync.Mutex
	resources []*resource.Resource
	spans     []*traces.Span
	metrics   []*metrics.Metric
	records   []*logs.LogRecord
	headers   []string
	all       string // everything, as text
}

// overHTTP returns the URL of a receiver.
func (r *receiver) overHTTP(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", receive(r, &tracecol.ExportTraceServiceRequest{}, r.takeSpans))
	mux.HandleFunc("POST /v1/metrics", receive(r, &metricscol.ExportMetricsServiceRequest{}, r.takeMetrics))
	mux.HandleFunc("POST /v1/logs", receive(r, &logscol.ExportLogsServiceRequest{}, r.takeRecords))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func receive[M proto.Message](r *receiver, form M, take func(M)) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		m := proto.Clone(form).(M)
		if err == nil {
			err = proto.Unmarshal(body, m)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.headers = append(r.headers, req.Header.Get("authorization"))
		take(m)
	}
}

// overGRPC returns the URL of a receiver.
func (r *receiver) overGRPC(t *testing.T) string {
	server := grpc.NewServer()
	tracecol.RegisterTraceServiceServer(server, r)
	metricscol.RegisterMetricsServiceServer(server, metricsServer{of: r})
	logscol.RegisterLogsServiceServer(server, logsServer{of: r})
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return "http://" + listener.Addr().String()
}

func (r *receiver) Export(_ context.Context, req *tracecol.ExportTraceServiceRequest) (*tracecol.ExportTraceServiceResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.takeSpans(req)
	return &tracecol.ExportTraceServiceResponse{}, nil
}

type metricsServer struct {
	metricscol.UnimplementedMetricsServiceServer
	of *receiver
}

func (s metricsServer) Export(_ context.Context, req *metricscol.ExportMetricsServiceRequest) (*metricscol.ExportMetricsServiceResponse, error) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.takeMetrics(req)
	return &metricscol.ExportMetricsServiceResponse{}, nil
}

type logsServer struct {
	logscol.UnimplementedLogsServiceServer
	of *receiver
}

func (s logsServer) Export(_ context.Context, req *logscol.ExportLogsServiceRequest) (*logscol.ExportLogsServiceResponse, error) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.takeRecords(req)
	return &logscol.ExportLogsServiceResponse{}, nil
}

func (r *receiver) takeSpans(req *tracecol.ExportTraceServiceRequest) {
	r.all += prototext.Format(req)
	for _, of := range req.ResourceSpans {
		r.resources = append(r.resources, of.Resource)
		for _, scope := range of.ScopeSpans {
			r.spans = append(r.spans, scope.Spans...)
		}
	}
}

func (r *receiver) takeMetrics(req *metricscol.ExportMetricsServiceRequest) {
	r.all += prototext.Format(req)
	for _, of := range req.ResourceMetrics {
		r.resources = append(r.resources, of.Resource)
		for _, scope := range of.ScopeMetrics {
			r.metrics = append(r.metrics, scope.Metrics...)
		}
	}
}

func (r *receiver) takeRecords(req *logscol.ExportLogsServiceRequest) {
	r.all += prototext.Format(req)
	for _, of := range req.ResourceLogs {
		r.resources = append(r.resources, of.Resource)
		for _, scope := range of.ScopeLogs {
			r.records = append(r.records, scope.LogRecords...)
		}
	}
}

// text returns an attribute as text; "" where there is none.
func text(attributes []*common.KeyValue, key string) string {
	for _, a := range attributes {
		if a.Key == key {
			return a.Value.GetStringValue()
		}
	}
	return ""
}
