package ergonotel

import (
	"cmp"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// limit keeps records that repeat from filling a log.
type limit struct {
	every time.Duration

	mu   sync.Mutex
	seen map[kept]*repeated
}

// kept is what makes two records repeat each other. There are few: stages, kinds and
// categories are bounded.
type kept struct {
	pipeline, stage, category string
	kind                      ergon.Kind
	level                     slog.Level
	verdict                   ergon.Verdict
}

// repeated is a record of which more were held back.
type repeated struct {
	level   slog.Level
	message string
	attrs   []slog.Attr // of the last one
	since   time.Time   // when one was written
	held    int         // since then
}

// admit reports whether a record may be written, and how many like it were held back
// before.
func (l *limit) admit(k kept, r repeated) (held int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	last := l.seen[k]
	if last != nil && now.Sub(last.since) < l.every {
		last.held++
		last.attrs = r.attrs
		return 0, false
	}
	if l.seen == nil {
		l.seen = map[kept]*repeated{}
	}
	if last != nil {
		held = last.held
	}
	r.since = now
	l.seen[k] = &r
	return held, true
}

// rest returns what was held back of a pipeline and not told, and forgets it.
func (l *limit) rest(pipeline string) []repeated {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []repeated
	for k, r := range l.seen {
		if k.pipeline != pipeline {
			continue
		}
		if r.held > 0 {
			all = append(all, *r)
		}
		delete(l.seen, k)
	}
	slices.SortFunc(all, func(a, b repeated) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.message, b.message))
	})
	return all
}
