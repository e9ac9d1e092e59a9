package ergontest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/embedded"
)

// Metrics is an OpenTelemetry metric.MeterProvider that keeps every measurement of
// the instruments of its meters. Those that are observed are asked each time
// somebody looks.
//
// The zero value is empty and ready to use, in a testing/synctest bubble and
// outside; it must not be copied once it is in use. All methods, those of its
// meters and instruments too, may be called by any goroutine.
type Metrics struct {
	embedded.MeterProvider

	mu        sync.Mutex
	streams   []*stream
	callbacks []*callback
	faults    []string
}

var _ metric.MeterProvider = (*Metrics)(nil)

// InstrumentKind is what an instrument measures.
type InstrumentKind uint8

const (
	// KindCounter is an instrument that sums up, and never falls.
	KindCounter InstrumentKind = iota + 1
	// KindUpDownCounter is an instrument that sums up.
	KindUpDownCounter
	// KindHistogram is an instrument of values that are counted and summed up.
	KindHistogram
	// KindGauge is an instrument whose last value counts.
	KindGauge
)

var instrumentKindNames = [...]string{"", "counter", "up-down counter", "histogram", "gauge"}

// String returns the kind in lower case.
func (k InstrumentKind) String() string {
	if k > 0 && int(k) < len(instrumentKindNames) {
		return instrumentKindNames[k]
	}
	return fmt.Sprintf("instrument(%d)", uint8(k))
}

// Meter returns a meter whose measurements are kept.
func (m *Metrics) Meter(name string, _ ...metric.MeterOption) metric.Meter {
	return &meter{metrics: m, scope: name}
}

// All returns everything that was measured, by the names of the instruments and
// then by attributes. It calls the callbacks of instruments that are observed.
func (m *Metrics) All() MetricList {
	all := m.observed()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.streams {
		all = append(all, s.points()...)
	}
	slices.SortStableFunc(all, MetricPoint.compare)
	return all
}

// Sum returns the sum of what an instrument measured with all of these attributes,
// whatever others there were: that of a counter, or of the values of a histogram;
// of a gauge, of the last value for each set of attributes. It is 0 where nothing
// was.
func (m *Metrics) Sum(name string, attrs ...attribute.KeyValue) float64 {
	return m.All().Named(name).With(attrs...).Sum()
}

// Check fails the test if an instrument was used as it must not be, which a real one
// would hardly notice: a counter that fell, a name given to instruments that differ,
// a callback that failed.
func (m *Metrics) Check(t testing.TB) {
	t.Helper()
	_ = m.All() // callbacks too
	m.mu.Lock()
	faults := slices.Clone(m.faults)
	m.mu.Unlock()
	for _, fault := range faults {
		t.Errorf("ergontest: %s", fault)
	}
}

// NoSecret fails the test if any of these texts is in the name of an instrument, in
// what describes it, or in an attribute.
func (m *Metrics) NoSecret(t testing.TB, secrets ...string) {
	t.Helper()
	var said []utterance
	for _, p := range m.All() {
		said = append(said, p.utterances()...)
	}
	noSecret(t, said, secrets)
}

// stream returns the stream of an instrument, which is one for all instruments of
// one name, kind and unit in one scope.
func (m *Metrics) stream(of MetricPoint) *stream {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.streams {
		if s.of.Scope == of.Scope && s.of.Name == of.Name {
			if s.of.Kind == of.Kind && s.of.Unit == of.Unit && s.of.Observed == of.Observed {
				return s
			}
			m.fault("the instrument %q is a %v of unit %q, and a %v of unit %q", of.Name, s.of.Kind, s.of.Unit, of.Kind, of.Unit)
		}
	}
	s := &stream{metrics: m, of: of, values: map[attribute.Distinct]*MetricPoint{}}
	m.streams = append(m.streams, s)
	return s
}

// fault notes that something was used as it must not be, once. The caller has the
// lock.
func (m *Metrics) fault(format string, args ...any) {
	fault := fmt.Sprintf(format, args...)
	if len(m.faults) < mostViolations && !slices.Contains(m.faults, fault) {
		m.faults = append(m.faults, fault)
	}
}

// stream is what one instrument measures.
type stream struct {
	metrics *Metrics
	of      MetricPoint // without attributes and values
	values  map[attribute.Distinct]*MetricPoint
}

// record keeps a measurement.
func (s *stream) record(value float64, attrs attribute.Set) {
	s.metrics.mu.Lock()
	defer s.metrics.mu.Unlock()
	if s.of.Kind == KindCounter && value < 0 {
		s.metrics.fault("the counter %q was told to fall by %v", s.of.Name, -value)
	}
	p := s.values[attrs.Equivalent()]
	if p == nil {
		point := s.of
		point.Attributes = attrs
		p = &point
		s.values[attrs.Equivalent()] = p
	}
	p.Values = append(p.Values, value)
}

// points returns copies of what was measured.
func (s *stream) points() MetricList {
	var all MetricList
	for _, p := range s.values {
		point := *p
		point.Values = slices.Clone(p.Values)
		all = append(all, point)
	}
	return all
}
