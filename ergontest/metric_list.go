package ergontest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// MetricPoint is what one instrument has measured with one set of attributes.
type MetricPoint struct {
	Name        string
	Kind        InstrumentKind
	Observed    bool // it is asked, and not told
	Unit        string
	Description string
	Scope       string // the name of its meter
	Attributes  attribute.Set
	// Values are what it was told, one for each call, in order; of an instrument that
	// is observed, what it says now. Integers are exact up to 2^53.
	Values []float64
}

// Sum returns the sum of the values; of a gauge, the last of them.
func (p MetricPoint) Sum() float64 {
	if p.Kind == KindGauge {
		return p.Last()
	}
	sum := 0.0
	for _, v := range p.Values {
		sum += v
	}
	return sum
}

// Last returns the last of the values, or 0.
func (p MetricPoint) Last() float64 {
	if len(p.Values) == 0 {
		return 0
	}
	return p.Values[len(p.Values)-1]
}

// String is the point on one line, with its attributes in the order of their keys:
//
//	ergon.retries{stage="price"} 3
//
// A histogram has the number of its values and their sum.
func (p MetricPoint) String() string {
	line := p.Name + p.labels()
	if p.Kind == KindHistogram {
		line += fmt.Sprintf(" %d values,", len(p.Values))
	}
	line += " " + strconv.FormatFloat(p.Sum(), 'f', -1, 64)
	if p.Unit != "" {
		line += " " + p.Unit
	}
	return line
}

// labels shows the attributes.
func (p MetricPoint) labels() string {
	var attrs []string
	for _, a := range p.Attributes.ToSlice() {
		attrs = append(attrs, shownAttribute(a))
	}
	if len(attrs) == 0 {
		return ""
	}
	return "{" + strings.Join(attrs, ",") + "}"
}

// compare orders points by name, attributes and scope.
func (p MetricPoint) compare(other MetricPoint) int {
	return cmp.Or(
		strings.Compare(p.Name, other.Name),
		strings.Compare(p.labels(), other.labels()),
		strings.Compare(p.Scope, other.Scope),
		cmp.Compare(p.Kind, other.Kind),
	)
}

// utterances returns what a point says, part by part.
func (p MetricPoint) utterances() []utterance {
	all := []utterance{
		{"the name of an instrument", []string{p.Name}},
		{fmt.Sprintf("the description of the instrument %q", p.Name), []string{p.Description, p.Unit}},
	}
	for _, a := range p.Attributes.ToSlice() {
		all = append(all, utterance{fmt.Sprintf("the attribute %q of the instrument %q", a.Key, p.Name), []string{string(a.Key), a.Value.String()}})
	}
	return all
}

// MetricList is some of what was measured, in order.
type MetricList []MetricPoint

// Named returns what instruments of one of these names have measured.
func (l MetricList) Named(names ...string) MetricList {
	return l.where(func(p MetricPoint) bool { return slices.Contains(names, p.Name) })
}

// With returns what was measured with all of these attributes, and maybe others.
func (l MetricList) With(attrs ...attribute.KeyValue) MetricList {
	return l.where(func(p MetricPoint) bool {
		return !slices.ContainsFunc(attrs, func(a attribute.KeyValue) bool {
			value, ok := p.Attributes.Value(a.Key)
			return !ok || value != a.Value
		})
	})
}

func (l MetricList) where(wanted func(MetricPoint) bool) MetricList {
	var part MetricList
	for _, p := range l {
		if wanted(p) {
			part = append(part, p)
		}
	}
	return part
}

// Sum returns the sum of all points' sums.
func (l MetricList) Sum() float64 {
	sum := 0.0
	for _, p := range l {
		sum += p.Sum()
	}
	return sum
}

// Values returns the values of all points, point by point: those of a histogram,
// for one.
func (l MetricList) Values() []float64 {
	var all []float64
	for _, p := range l {
		all = append(all, p.Values...)
	}
	return all
}

// String is a line for each point, to be compared.
func (l MetricList) String() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}
