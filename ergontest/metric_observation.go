package ergontest

import (
	"fmt"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"
)

// observation is what callbacks say when they are asked.
type observation struct {
	embedded.Observer
	mu     sync.Mutex
	asked  *callback // who is asked; no callback is while another is
	now    map[*stream]map[attribute.Distinct]MetricPoint
	faults []string
}

// ObserveInt64 takes what an instrument measures.
func (o *observation) ObserveInt64(i metric.Int64Observable, value int64, options ...metric.ObserveOption) {
	o.observe(i, float64(value), options)
}

// ObserveFloat64 takes what an instrument measures.
func (o *observation) ObserveFloat64(i metric.Float64Observable, value float64, options ...metric.ObserveOption) {
	o.observe(i, value, options)
}

// observe takes what an instrument measures, if it is one that its callback was
// registered for.
func (o *observation) observe(i any, value float64, options []metric.ObserveOption) {
	own, ok := i.(interface{ observed() *stream })
	if !ok || !slices.Contains(o.asked.about, own.observed()) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.faults = append(o.faults, fmt.Sprintf("a callback spoke of an instrument that it is not registered for: %T", i))
		return
	}
	o.take(own.observed(), value, options)
}

// take takes what an instrument measures: the last for each set of attributes.
func (o *observation) take(s *stream, value float64, options []metric.ObserveOption) {
	attrs := metric.NewObserveConfig(options).Attributes()
	point := s.of
	point.Attributes, point.Values = attrs, []float64{value}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.now[s] == nil {
		o.now[s] = map[attribute.Distinct]MetricPoint{}
	}
	o.now[s][attrs.Equivalent()] = point
}

// int64Observer takes what one instrument measures.
type int64Observer struct {
	embedded.Int64Observer
	observation *observation
	stream      *stream
}

func (o int64Observer) Observe(value int64, options ...metric.ObserveOption) {
	o.observation.take(o.stream, float64(value), options)
}

// float64Observer takes what one instrument measures.
type float64Observer struct {
	embedded.Float64Observer
	observation *observation
	stream      *stream
}

func (o float64Observer) Observe(value float64, options ...metric.ObserveOption) {
	o.observation.take(o.stream, value, options)
}
