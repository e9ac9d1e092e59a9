package ergontest

import (
	"context"
	"fmt"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"

	"github.com/ergon-go/ergon"
)

// callback is asked what instruments measure now.
type callback struct {
	embedded.Registration
	metrics *Metrics
	ask     func(ctx context.Context, o *observation) error
	about   []*stream // what it may speak of
}

// RegisterCallback has a callback asked for several instruments.
func (m *meter) RegisterCallback(f metric.Callback, instruments ...metric.Observable) (metric.Registration, error) {
	c := &callback{metrics: m.metrics, ask: func(ctx context.Context, o *observation) error { return f(ctx, o) }}
	for _, i := range instruments {
		own, ok := i.(interface{ observed() *stream })
		if !ok || own.observed().metrics != m.metrics {
			return nil, fmt.Errorf("ergontest: RegisterCallback: an instrument of another provider: %T", i)
		}
		c.about = append(c.about, own.observed())
	}
	m.metrics.register(c)
	return c, nil
}

// Unregister lets the callback be asked no more.
func (c *callback) Unregister() error {
	c.metrics.mu.Lock()
	defer c.metrics.mu.Unlock()
	c.metrics.callbacks = slices.DeleteFunc(c.metrics.callbacks, func(other *callback) bool { return other == c })
	return nil
}

func (m *Metrics) register(c *callback) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.callbacks = append(m.callbacks, c)
}

func (m *Metrics) askInt64(s *stream, callbacks []metric.Int64Callback) {
	for _, f := range callbacks {
		m.register(&callback{metrics: m, about: []*stream{s}, ask: func(ctx context.Context, o *observation) error {
			return f(ctx, int64Observer{observation: o, stream: s})
		}})
	}
}

func (m *Metrics) askFloat64(s *stream, callbacks []metric.Float64Callback) {
	for _, f := range callbacks {
		m.register(&callback{metrics: m, about: []*stream{s}, ask: func(ctx context.Context, o *observation) error {
			return f(ctx, float64Observer{observation: o, stream: s})
		}})
	}
}

// observed asks all callbacks. They are not ours, and are called without the lock.
func (m *Metrics) observed() MetricList {
	m.mu.Lock()
	callbacks := slices.Clone(m.callbacks)
	m.mu.Unlock()
	o := &observation{now: map[*stream]map[attribute.Distinct]MetricPoint{}}
	for _, c := range callbacks {
		o.asked = c
		if err := c.answer(o); err != nil {
			o.faults = append(o.faults, fmt.Sprintf("the callback of the instrument %s failed: %v", c.names(), err))
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fault := range o.faults {
		m.fault("%s", fault)
	}
	var all MetricList
	for _, points := range o.now {
		for _, p := range points {
			all = append(all, p)
		}
	}
	return all
}

// answer calls the callback; a panic is an error.
func (c *callback) answer(o *observation) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &ergon.PanicError{Value: p}
		}
	}()
	return c.ask(context.Background(), o)
}

func (c *callback) names() string {
	var names []string
	for _, s := range c.about {
		names = append(names, s.of.Name)
	}
	return some(names)
}
