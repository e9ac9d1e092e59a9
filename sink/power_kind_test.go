package sink

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
)

// powerRow is a record whose text is spread over lines and quoted, where that is
// possible, and some of which do not fit into a sector.
type powerRow struct{ ID, Text string }

func powerRowOf(id string) powerRow {
	return powerRow{id, "two\nlines, \"" + id + "\"" + powerPadding}
}

// powerRecordOf is a record whose fields only it can name, so that a file has no
// heading before the first is written.
func powerRecordOf(id string) ergon.Record {
	row := powerRowOf(id)
	return ergon.Record{Header: []string{"ID", "Text"}, Fields: []string{row.ID, row.Text}}
}

var powerPadding = strings.Repeat(" and so on", 25)

// powerKind is a kind of file that is to outlive a loss of power.
type powerKind struct {
	name  string
	whole bool
	sink  func(path string, d disk) powerSink
	read  func(text string) []string // the ids of the records, "?" for what is none
}

// powerSink is a file sink of records that are made of ids.
type powerSink interface {
	ergon.Starter
	ergon.Stopper
	put(ids ...string) error
}

type powerFile[T any] struct {
	*File[T]
	of func(id string) T
}

func (f powerFile[T]) put(ids ...string) error {
	var all []ergon.Transaction[T]
	for _, id := range ids {
		all = append(all, ergon.NewTransaction(id, f.of(id)))
	}
	return f.Dispatch(context.Background(), all)
}

func powerSinkOf[T any](f *File[T], d disk, of func(id string) T) powerSink {
	f.disk = d
	return powerFile[T]{f, of}
}

func powerKinds() []powerKind {
	lines := func(path string) *File[string] { return Lines(path) }
	table := func(path string) *File[powerRow] { return CSV[powerRow](path) }
	line := func(id string) string { return "line of " + id + "." + powerPadding }
	return []powerKind{
		{"lines", false, func(path string, d disk) powerSink { return powerSinkOf(lines(path), d, line) }, powerLines},
		{"JSON lines", false, func(path string, d disk) powerSink {
			return powerSinkOf(JSONLines[powerRow](path), d, powerRowOf)
		}, powerJSON},
		{"CSV", false, func(path string, d disk) powerSink { return powerSinkOf(table(path), d, powerRowOf) }, powerCSV},
		{"CSV of records", false, func(path string, d disk) powerSink {
			return powerSinkOf(CSV[ergon.Record](path), d, powerRecordOf)
		}, powerCSV},
		{"whole lines", true, func(path string, d disk) powerSink { return powerSinkOf(Whole(lines(path)), d, line) }, powerLines},
		{"whole CSV", true, func(path string, d disk) powerSink { return powerSinkOf(Whole(table(path)), d, powerRowOf) }, powerCSV},
	}
}

func powerLines(text string) (ids []string) {
	for line := range strings.Lines(text) {
		id, ended := strings.CutSuffix(line, "."+powerPadding+"\n")
		id, begun := strings.CutPrefix(id, "line of ")
		if !ended || !begun {
			id = "?"
		}
		ids = append(ids, id)
	}
	return ids
}

func powerJSON(text string) (ids []string) {
	for line := range strings.Lines(text) {
		var row powerRow
		if err := json.Unmarshal([]byte(line), &row); err != nil || row != powerRowOf(row.ID) {
			row.ID = "?"
		}
		ids = append(ids, row.ID)
	}
	return ids
}

func powerCSV(text string) (ids []string) {
	r := csv.NewReader(strings.NewReader(text))
	r.LazyQuotes, r.FieldsPerRecord = true, -1 // so that garbage harms itself alone
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], []string{"ID", "Text"}) {
		return []string{"?"}
	}
	for _, row := range rows[1:] {
		if len(row) != 2 || row[1] != powerRowOf(row[0]).Text {
			row[0] = "?"
		}
		ids = append(ids, row[0])
	}
	return ids
}
