package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

type audit struct {
	By string `db:"by"`
}

type invoice struct {
	audit
	*Extra
	Number   string     `db:"number"`
	Quantity int        `db:"quantity"`
	Pence    uint64     `db:"pence"`
	Rate     float64    `db:"rate"`
	Paid     bool       `db:"paid"`
	Raw      []byte     `db:"raw"`
	At       time.Time  `db:"at"`
	Note     *string    `db:"note"`
	Money    money      `db:"money"`
	Ignored  string     // not mapped
	Dashed   chan int   `db:"-"`
	Due      *time.Time `db:"due"`
}

// Extra is embedded by pointer.
type Extra struct {
	Depth int `db:"depth"`
}

// money stores itself.
type money struct{ pence int64 }

func (m money) Value() (driver.Value, error) {
	if m.pence < 0 {
		return nil, errors.New("no money")
	}
	return m.pence, nil
}

func TestFieldsAreStoredAndComeBack(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	table := Table(db, "invoices", Fields[invoice](), Create(), Key("line"))
	is.NoErr(table.Validate())
	at := time.Date(2026, 11, 23, 12, 0, 0, 123, time.FixedZone("CET", 3600))
	in := invoice{audit{"me"}, &Extra{3}, "A1", -2, 1 << 62, 0.5, true, []byte{0, 255}, at, nil, money{7}, "x", nil, &at}
	is.NoErr(table.Dispatch(t.Context(), []ergon.Transaction[invoice]{ergon.NewTransaction("one", in)}))
	var line, by, number, text string
	var depth, quantity, pence, cash int64
	var rate float64
	var paid bool
	var raw []byte
	var when, due time.Time
	var note *string
	is.NoErr(db.Reader().QueryRow(`SELECT line, by, depth, number, quantity, pence, rate, paid, raw, at, note, money, due, at || ''
		FROM invoices`).Scan(&line, &by, &depth, &number, &quantity, &pence, &rate, &paid, &raw, &when, &note, &cash, &due, &text))
	is.Equal([]any{line, by, depth, number, quantity, pence, rate, paid, note, cash},
		[]any{"one", "me", int64(3), "A1", int64(-2), int64(1 << 62), 0.5, true, (*string)(nil), int64(7)})
	is.Equal(raw, in.Raw)
	is.True(when.Equal(at))
	is.True(due.Equal(at))
	is.Equal(text, "2026-11-23T11:00:00.000000123Z")
}

// lines maps a text "number:pence" to two columns.
func lines(db *DB, opts ...TableOption) *TableSink[string] {
	return Table(db, "lines", Columns(func(s string) []any {
		number, pence, _ := strings.Cut(s, ":")
		if pence == "" {
			return []any{number, nil}
		}
		return []any{number, pence}
	}, "number", "pence"), opts...)
}

func rowsOf(t *testing.T, db *DB) string {
	t.Helper()
	var rows string
	query := "SELECT coalesce(group_concat(id || '=' || number || ':' || pence, ' ' ORDER BY id), '') FROM lines"
	if err := db.Reader().QueryRow(query).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestRowIsWrittenOnce(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	table := lines(db, Create())
	is.NoErr(table.Dispatch(t.Context(), []ergon.Transaction[string]{ergon.NewTransaction("a", "1:10"), ergon.NewTransaction("a", "1:11")}))
	is.NoErr(table.Dispatch(t.Context(), []ergon.Transaction[string]{ergon.NewTransaction("a", "1:12"), ergon.NewTransaction("b", "1:10")}))
	is.Equal(rowsOf(t, db), "a=1:10 b=1:10") // the first stays
	is.NoErr(table.Dispatch(t.Context(), nil))
}

func TestOnlyTheRowThatIsRefusedFails(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	_, err := db.Exec(t.Context(), `CREATE TABLE lines (id TEXT PRIMARY KEY, number TEXT UNIQUE, pence INTEGER NOT NULL CHECK (pence > 0)) STRICT`)
	is.NoErr(err)
	table := lines(db)
	err = table.Dispatch(t.Context(), []ergon.Transaction[string]{
		ergon.NewTransaction("a", "1:10"),
		ergon.NewTransaction("b", "2"),      // NULL
		ergon.NewTransaction("c", "3:0"),    // CHECK
		ergon.NewTransaction("d", "1:10"),   // UNIQUE, but not the id
		ergon.NewTransaction("e", "4:text"), // type
		ergon.NewTransaction("", "5:10"),    // no id
		ergon.NewTransaction("f", "6:10"),
	})
	items := ergon.ItemErrorsOf(err, 7)
	for i, bad := range []bool{false, true, true, true, true, true, false} {
		steering, _ := ergon.SteeringOf(items[i])
		is.Equal(items[i] != nil, bad)
		is.Equal(steering == ergon.SteerBusiness, bad)
	}
	is.Equal(rowsOf(t, db), "a=1:10 f=6:10")
}

func TestTriggerThatFailsHalfwayIsUndone(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	table := lines(db, Create())
	is.NoErr(table.Start(t.Context()))
	_, err := db.Exec(t.Context(), `CREATE TRIGGER half AFTER INSERT ON lines WHEN new.number = 'bad'
		BEGIN SELECT RAISE(FAIL, 'after the insert'); END`)
	is.NoErr(err)
	err = table.Dispatch(t.Context(), []ergon.Transaction[string]{
		ergon.NewTransaction("a", "1:1"), ergon.NewTransaction("b", "bad:1"), ergon.NewTransaction("c", "3:1"),
	})
	items := ergon.ItemErrorsOf(err, 3)
	is.True(items[0] == nil && items[1] != nil && items[2] == nil)
	is.Equal(rowsOf(t, db), "a=1:1 c=3:1")
}

func TestMappingThatFailsSpoilsItsRowAlone(t *testing.T) {
	tests := []struct {
		name   string
		values []any
		says   string
	}{
		{"too few values", []any{}, "0 values for 1 columns"},
		{"too many values", []any{1, 2}, "2 values for 1 columns"},
		{"no value of the database", []any{map[string]string{"canary": "canary"}}, "unsupported type"},
		{"too large for a whole number", []any{uint64(1) << 63}, "high bit"},
		{"a value that fails", []any{money{-1}}, "no money"},
		{"a panic", nil, "panic"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			table := Table(db, "t", Columns(func(values []any) []any {
				if values == nil {
					panic("mapping")
				}
				return values
			}, "a"), Create())
			err := table.Dispatch(t.Context(), []ergon.Transaction[[]any]{
				ergon.NewTransaction("bad", tt.values), ergon.NewTransaction("good", []any{1}),
			})
			items := ergon.ItemErrorsOf(err, 2)
			is.True(items[0] != nil && strings.Contains(items[0].Error(), tt.says))
			is.True(!strings.Contains(items[0].Error(), "canary"))
			is.NoErr(items[1])
		})
	}
	is := is.New(t)
	table := Table(opened(t), "t", Fields[invoice](), Create())
	items := ergon.ItemErrorsOf(table.Dispatch(t.Context(), []ergon.Transaction[invoice]{ergon.NewTransaction("a", invoice{})}), 1)
	is.True(errors.Is(items[0], errFields))
}

func TestTableThatDoesNotFit(t *testing.T) {
	tests := []struct{ name, ddl string }{
		{"is not there", "CREATE TABLE other (id)"},
		{"lacks a column", "CREATE TABLE lines (id TEXT PRIMARY KEY, number)"},
		{"does not know an id twice", "CREATE TABLE lines (id TEXT, number, pence)"},
		{"has no id", "CREATE TABLE lines (key TEXT PRIMARY KEY, number, pence)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			_, err := db.Exec(t.Context(), tt.ddl)
			is.NoErr(err)
			table := lines(db)
			isConfig(t, "start", table.Start(t.Context()))
			isConfig(t, "health", table.Health(t.Context()))
			isConfig(t, "dispatch", table.Dispatch(t.Context(), texts("a")))
			is.NoErr(table.Validate()) // it cannot know
		})
	}
}

func TestTableIsHealthyBeforeAndAfterItsFirstWrite(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	table := lines(db, Create())
	is.NoErr(table.Health(t.Context()))
	is.NoErr(table.Start(t.Context()))
	is.NoErr(table.Start(t.Context()))
	is.NoErr(table.Health(t.Context()))
	_, err := db.Exec(t.Context(), "DROP TABLE lines")
	is.NoErr(err)
	isConfig(t, "health", table.Health(t.Context()))
}

func TestTableWithWrongSettings(t *testing.T) {
	db := opened(t)
	one := func(names ...string) Mapping[string] {
		return Columns(func(s string) []any { return []any{s} }, names...)
	}
	type unexported struct {
		a string `db:"a"`
	}
	_ = unexported{}.a
	tests := []struct {
		name  string
		table interface {
			Validate() error
			Start(context.Context) error
			Health(context.Context) error
		}
		faults int
	}{
		{"no database", Table(nil, "t", one("a")), 1},
		{"no name", Table(db, "", one("a")), 1},
		{"injection by the table", Table(db, `t"; DROP TABLE ergon_messages; --`, one("a")), 1},
		{"injection by a column", Table(db, "t", one(`a") VALUES (1); --`)), 1},
		{"injection by the key", Table(db, "t", one("a"), Key(`id"`)), 1},
		{"another schema", Table(db, "main.t", one("a")), 1},
		{"a name too long", Table(db, strings.Repeat("a", 64), one("a")), 1},
		{"a table of SQLite", Table(db, "SQLite_x", one("a")), 1},
		{"a table of the queue", Table(db, "ergon_messages", one("a")), 1},
		{"no columns", Table(db, "t", one()), 1},
		{"a column twice", Table(db, "t", one("a", "A")), 1},
		{"the id as a column", Table(db, "t", one("ID")), 1},
		{"no function", Table(db, "t", Columns[string](nil, "a")), 1},
		{"no mapping", Table(db, "t", Mapping[string]{}), 1},
		{"not a struct", Table(db, "t", Fields[string]()), 1},
		{"a pointer", Table(db, "t", Fields[*invoice]()), 1},
		{"no fields", Table(db, "t", Fields[struct{ A int }]()), 1},
		{"a field that is not exported", Table(db, "t", Fields[unexported]()), 1},
		{"a tag that is no name", Table(db, "t", Fields[struct {
			A int `db:"a b"`
		}]()), 1},
		{"everything", Table(nil, "1", one("2", "2"), Key(""), nil), 7},
		{"zero value", &TableSink[string]{}, 0},
		{"nil", (*TableSink[string])(nil), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			err := tt.table.Validate()
			is.True(errors.Is(err, ergon.ErrConfig))
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				is.Equal(len(joined.Unwrap()), tt.faults)
			}
			isConfig(t, "start", tt.table.Start(t.Context()))
			isConfig(t, "health", tt.table.Health(t.Context()))
		})
	}
	isConfig(t, "dispatch", Table(nil, "t", one("a")).Dispatch(t.Context(), texts("a")))
}

func TestManyRowsAtOnce(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	table := lines(db, Create())
	is.NoErr(table.Start(t.Context()))
	before := db.writer.commits.Load()
	for batch := range 5 {
		var txs []ergon.Transaction[string]
		for i := range 1000 {
			txs = append(txs, ergon.NewTransaction(fmt.Sprint(batch, "/", i), "1:3"))
		}
		is.NoErr(table.Dispatch(t.Context(), txs))
	}
	is.Equal(db.writer.commits.Load()-before, int64(5))
	var n, sum int
	is.NoErr(db.Reader().QueryRow("SELECT count(*), sum(pence) FROM lines").Scan(&n, &sum))
	is.Equal(n, 5000)
	is.Equal(sum, 15000)
}
