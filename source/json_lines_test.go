package source_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/source"
)

func ExampleJSONLines() {
	files := fstest.MapFS{"orders.jsonl": {Data: []byte("{\"id\": 1}\n\n{\"id\": 2}\n")}}
	txs, _ := source.JSONLines("orders.jsonl", source.In(files)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		fmt.Printf("%s %s\n", tx.ID(), tx.Payload())
	}
	// Output:
	// orders.jsonl:1 {"id": 1}
	// orders.jsonl:3 {"id": 2}
}

func TestJSONLinesAreHandedOutAsTheyStandThere(t *testing.T) {
	is := is.New(t)
	s := source.JSONLines("f", file("f", "\ufeff{\"a\":1}\r\n \t\r\nnot json\n\n [1] \n2"))
	is.Equal(count(t, s), 4)
	txs := drain(t, s, 3)
	var got []string
	for _, tx := range txs {
		got = append(got, string(tx.Payload()))
	}
	is.Equal(got, []string{`{"a":1}`, "not json", " [1] ", "2"})
	is.Equal(ids(txs), []string{"f:1", "f:3", "f:5", "f:6"})
}

func TestPayloadsOfJSONLinesDoNotShareMemory(t *testing.T) {
	is := is.New(t)
	txs := drain(t, source.JSONLines("f", file("f", "[1]\n[2]\n")), 10)
	_ = append(txs[0].Payload(), "!!!!!!"...)
	clear(txs[0].Payload())
	is.Equal(string(txs[1].Payload()), "[2]")
}

func TestAJSONLineThatIsTooLongIsNeverValidWhereverItIsCut(t *testing.T) {
	for _, line := range []string{`1234567890`, `{"a":"b","c":[1,2,{"d":null}]}`, `"…………"`, `[1]            `, `true     x`} {
		for longest := 1; longest < len(line); longest++ {
			is := is.New(t)
			s := source.JSONLines("f", file("f", line+"\n[2]"), source.Longest(longest))
			txs := drain(t, s, 10)
			is.Equal(len(txs), 2)
			is.True(!json.Valid(txs[0].Payload()))
			is.True(strings.HasPrefix(string(txs[0].Payload()), line[:longest]))
		}
	}
}
