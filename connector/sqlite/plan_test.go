package sqlite

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestStatementsFindTheirRowsByIndex(t *testing.T) {
	db := opened(t)
	tests := []struct {
		name, query string
		args        []any
	}{
		{"enqueue", enqueue, []any{"q", "id", []byte{}, []byte{}, 1}},
		{"any ready", anyReady, []any{"q", 1}},
		{"wake", wake, []any{"q", 1}},
		{"lease", lease, []any{"q", 100, 1}},
		{"remember", remember, []any{"[]", "q", 1}},
		{"remove", remove, []any{"[]", "q"}},
		{"release", release, []any{"[]", "q"}},
		{"delay", delay, []any{"[]", "q"}},
		{"extend", extend, []any{"[]", "q", 1}},
		{"forget", forget, []any{"q", 1, 10}},
		{"count", count, []any{"q"}},
		{"stats", stats, []any{"q", 1}},
		{"find", find, []any{"q", "id"}},
		{"dead letters", deadAfter, []any{"q", 1}},
		{"revive", revive, []any{"q", "id"}},
		{"unbury", unbury, []any{"q", "id"}},
		{"die", die, []any{1, 1, "q", 1, false, ""}},
		{"bury", bury, []any{1, 1, "q"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			err := db.read(t.Context(), func(r *sql.Rows) error {
				var id, parent, unused int
				var step string
				err := r.Scan(&id, &parent, &unused, &step)
				t.Log(step)
				scan := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "CONSTANT ROW") &&
					!strings.HasPrefix(step, "SCAN j ")
				is.True(!scan)                                                  // reads a whole table
				is.True(!strings.HasSuffix(step, "ergon_messages_1 (queue=?)")) // reads a whole queue
				is.True(!strings.Contains(step, "ORDER BY"))                    // sorts all there is
				return err
			}, "EXPLAIN QUERY PLAN "+tt.query, tt.args...)
			is.NoErr(err)
		})
	}
}
