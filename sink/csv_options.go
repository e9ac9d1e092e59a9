package sink

import (
	"strconv"

	"github.com/ergon-go/ergon"
)

// CSVOption changes how CSV writes.
type CSVOption func(*table)

// Comma sets what stands between two fields: an ASCII character other than a
// letter, a digit, a quote or the end of a line. It is a comma unless set.
func Comma(comma rune) CSVOption { return func(t *table) { t.comma = comma } }

// Header names the fields of []string, which has no names of its own.
func Header(names ...string) CSVOption {
	return func(t *table) { t.header, t.headed = append([]string{}, names...), true }
}

// tableOf returns what the options make, and what is wrong with them.
func tableOf(opts []CSVOption) (table, []error) {
	t := table{comma: ','}
	for _, opt := range opts {
		if opt != nil {
			opt(&t)
		}
	}
	var faults []error
	if !separates(t.comma) {
		faults = append(faults, &ergon.ConfigError{
			Where: "sink.CSV", Field: "Comma", Value: strconv.QuoteRune(t.comma), Why: "cannot separate fields",
		})
	}
	if t.headed && len(t.header) == 0 {
		faults = append(faults, fault("sink.CSV", "Header", "names no field"))
	}
	return t, append(faults, twice("Header", t.header)...)
}

func separates(r rune) bool {
	switch {
	case r <= 0 || r > 127, r == '"', r == '\r', r == '\n':
		return false
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	default:
		return true
	}
}

// twice returns a fault for each name that is not the only one of its kind.
func twice(field string, names []string) []error {
	var faults []error
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			faults = append(faults, &ergon.ConfigError{
				Where: "sink.CSV", Field: field, Value: strconv.Quote(name), Why: "is used twice",
			})
		}
		seen[name] = true
	}
	return faults
}

// refuseHeader returns the fault of an option Header where payloads have names
// of their own.
func (t table) refuseHeader() []error {
	if !t.headed {
		return nil
	}
	return []error{fault("sink.CSV", "Header", "is for []string: other payloads name their fields")}
}
