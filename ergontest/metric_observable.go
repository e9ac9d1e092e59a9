package ergontest

import (
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"
)

// The instruments that are observed, one type for each that the API has.
type (
	int64ObservableCounter struct {
		embedded.Int64ObservableCounter
		metric.Int64Observable
		observable
	}
	int64ObservableUpDownCounter struct {
		embedded.Int64ObservableUpDownCounter
		metric.Int64Observable
		observable
	}
	int64ObservableGauge struct {
		embedded.Int64ObservableGauge
		metric.Int64Observable
		observable
	}
	float64ObservableCounter struct {
		embedded.Float64ObservableCounter
		metric.Float64Observable
		observable
	}
	float64ObservableUpDownCounter struct {
		embedded.Float64ObservableUpDownCounter
		metric.Float64Observable
		observable
	}
	float64ObservableGauge struct {
		embedded.Float64ObservableGauge
		metric.Float64Observable
		observable
	}
)

// observable is what every one of them is.
type observable struct{ stream *stream }

func (o observable) observed() *stream { return o.stream }

func (m *meter) Int64ObservableCounter(name string, o ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	config := metric.NewInt64ObservableCounterConfig(o...)
	i := int64ObservableCounter{observable: m.asked(name, KindCounter, config)}
	m.metrics.askInt64(i.stream, config.Callbacks())
	return i, nil
}

func (m *meter) Int64ObservableUpDownCounter(name string, o ...metric.Int64ObservableUpDownCounterOption) (metric.Int64ObservableUpDownCounter, error) {
	config := metric.NewInt64ObservableUpDownCounterConfig(o...)
	i := int64ObservableUpDownCounter{observable: m.asked(name, KindUpDownCounter, config)}
	m.metrics.askInt64(i.stream, config.Callbacks())
	return i, nil
}

func (m *meter) Int64ObservableGauge(name string, o ...metric.Int64ObservableGaugeOption) (metric.Int64ObservableGauge, error) {
	config := metric.NewInt64ObservableGaugeConfig(o...)
	i := int64ObservableGauge{observable: m.asked(name, KindGauge, config)}
	m.metrics.askInt64(i.stream, config.Callbacks())
	return i, nil
}

func (m *meter) Float64ObservableCounter(name string, o ...metric.Float64ObservableCounterOption) (metric.Float64ObservableCounter, error) {
	config := metric.NewFloat64ObservableCounterConfig(o...)
	i := float64ObservableCounter{observable: m.asked(name, KindCounter, config)}
	m.metrics.askFloat64(i.stream, config.Callbacks())
	return i, nil
}

func (m *meter) Float64ObservableUpDownCounter(name string, o ...metric.Float64ObservableUpDownCounterOption) (metric.Float64ObservableUpDownCounter, error) {
	config := metric.NewFloat64ObservableUpDownCounterConfig(o...)
	i := float64ObservableUpDownCounter{observable: m.asked(name, KindUpDownCounter, config)}
	m.metrics.askFloat64(i.stream, config.Callbacks())
	return i, nil
}

func (m *meter) Float64ObservableGauge(name string, o ...metric.Float64ObservableGaugeOption) (metric.Float64ObservableGauge, error) {
	config := metric.NewFloat64ObservableGaugeConfig(o...)
	i := float64ObservableGauge{observable: m.asked(name, KindGauge, config)}
	m.metrics.askFloat64(i.stream, config.Callbacks())
	return i, nil
}
