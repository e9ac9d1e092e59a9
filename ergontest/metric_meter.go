package ergontest

import (
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"
)

// meter makes instruments.
type meter struct {
	embedded.Meter
	metrics *Metrics
	scope   string
}

var _ metric.Meter = (*meter)(nil)

// described is what the options of an instrument say of it.
type described interface {
	Description() string
	Unit() string
}

// told returns the stream of an instrument that is told.
func (m *meter) told(name string, kind InstrumentKind, config described) *stream {
	return m.metrics.stream(MetricPoint{Name: name, Kind: kind, Unit: config.Unit(), Description: config.Description(), Scope: m.scope})
}

// asked returns the stream of an instrument that is observed.
func (m *meter) asked(name string, kind InstrumentKind, config described) observable {
	return observable{stream: m.metrics.stream(MetricPoint{
		Name: name, Kind: kind, Observed: true, Unit: config.Unit(), Description: config.Description(), Scope: m.scope,
	})}
}

func (m *meter) Int64Counter(name string, o ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return int64Counter{stream: m.told(name, KindCounter, metric.NewInt64CounterConfig(o...))}, nil
}

func (m *meter) Int64UpDownCounter(name string, o ...metric.Int64UpDownCounterOption) (metric.Int64UpDownCounter, error) {
	return int64UpDownCounter{stream: m.told(name, KindUpDownCounter, metric.NewInt64UpDownCounterConfig(o...))}, nil
}

func (m *meter) Int64Histogram(name string, o ...metric.Int64HistogramOption) (metric.Int64Histogram, error) {
	return int64Histogram{stream: m.told(name, KindHistogram, metric.NewInt64HistogramConfig(o...))}, nil
}

func (m *meter) Int64Gauge(name string, o ...metric.Int64GaugeOption) (metric.Int64Gauge, error) {
	return int64Gauge{stream: m.told(name, KindGauge, metric.NewInt64GaugeConfig(o...))}, nil
}

func (m *meter) Float64Counter(name string, o ...metric.Float64CounterOption) (metric.Float64Counter, error) {
	return float64Counter{stream: m.told(name, KindCounter, metric.NewFloat64CounterConfig(o...))}, nil
}

func (m *meter) Float64UpDownCounter(name string, o ...metric.Float64UpDownCounterOption) (metric.Float64UpDownCounter, error) {
	return float64UpDownCounter{stream: m.told(name, KindUpDownCounter, metric.NewFloat64UpDownCounterConfig(o...))}, nil
}

func (m *meter) Float64Histogram(name string, o ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return float64Histogram{stream: m.told(name, KindHistogram, metric.NewFloat64HistogramConfig(o...))}, nil
}

func (m *meter) Float64Gauge(name string, o ...metric.Float64GaugeOption) (metric.Float64Gauge, error) {
	return float64Gauge{stream: m.told(name, KindGauge, metric.NewFloat64GaugeConfig(o...))}, nil
}
