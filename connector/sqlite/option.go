package sqlite

import (
	"strconv"
	"time"
)

// Option is an option of Open.
type Option func(*settings)

type settings struct {
	readers int
	now     func() time.Time
	faults  []error
}

// Readers sets how many connections read at once: 4 unless set. Writing always
// takes one.
func Readers(n int) Option {
	return func(s *settings) {
		if n < 1 {
			s.faults = append(s.faults, fault("sqlite.Open", "Readers", strconv.Itoa(n), "must be at least 1"))
			return
		}
		s.readers = n
	}
}

// clock sets where the time comes from, for tests.
func clock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

func settingsOf(opts []Option) *settings {
	s := &settings{readers: 4, now: time.Now}
	for _, opt := range opts {
		if opt == nil {
			s.faults = append(s.faults, fault("sqlite.Open", "option", "", "is nil"))
			continue
		}
		opt(s)
	}
	return s
}

// QueueOption is an option of Queue.
type QueueOption func(*queueSettings)

type queueSettings struct {
	lease, retention time.Duration
	where            string
	faults           []error
}

// Lease sets for how long a fetched transaction is kept from other consumers,
// unless it is extended: 1 minute unless set.
func Lease(d time.Duration) QueueOption {
	return func(s *queueSettings) { s.duration("Lease", d, &s.lease) }
}

// Retention sets for how long the id of an acked transaction is remembered, so
// that the same id is not queued again: 7 days unless set.
func Retention(d time.Duration) QueueOption {
	return func(s *queueSettings) { s.duration("Retention", d, &s.retention) }
}

func (s *queueSettings) duration(field string, d time.Duration, into *time.Duration) {
	if d <= 0 {
		s.faults = append(s.faults, fault(s.where, field, d.String(), "must be above 0"))
		return
	}
	*into = d
}

// TableOption is an option of Table.
type TableOption func(*tableSettings)

type tableSettings struct {
	key    string
	create bool
}

func tableSettingsOf(where string, opts []TableOption) (*tableSettings, []error) {
	s := &tableSettings{key: "id"}
	var faults []error
	for i, opt := range opts {
		if opt == nil {
			faults = append(faults, fault(where, "option "+strconv.Itoa(i+1), "", "is nil"))
			continue
		}
		opt(s)
	}
	return s, faults
}

// Key names the column that holds the id of the transaction: id unless set. It
// must be the table's primary key or unique.
func Key(column string) TableOption { return func(s *tableSettings) { s.key = column } }

// Create makes the table, where there is none of that name, before the first
// write.
func Create() TableOption { return func(s *tableSettings) { s.create = true } }
