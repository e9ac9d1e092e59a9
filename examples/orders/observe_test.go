package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
)

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/ergon`)

// What is observed changes nothing of what comes of the job: it can be watched as long
// as it goes on, and its logs and traces are in files afterwards.
func TestTheJobCanBeObserved(t *testing.T) {
	is := is.New(t)
	dir := filepath.Join(t.TempDir(), "observed")
	db := filepath.Join(t.TempDir(), "shop.db")
	var out, err pages
	var once sync.Once
	page := ""
	watch := settling(func(int) {
		once.Do(func() {
			page = address.FindString(err.String())
			answer, fault := http.Get(page + "/snapshot") //nolint:noctx // the server is ours, and there
			is.NoErr(fault)
			defer answer.Body.Close()
			text, fault := io.ReadAll(answer.Body)
			is.NoErr(fault)
			is.True(strings.Contains(string(text), `"name":"produce","state":"ended"`))
			is.True(strings.Contains(string(text), `"name":"consume","state":"`))
		})
	})
	code := surroundings{
		args: []string{"-in", generatedFile(t, 3, 800), "-db", db, "-observe", dir}, out: &out, err: &notices{plain: &err}, exit: os.Exit,
		watch: []ergon.Observer{watch},
	}.run()
	is.Equal(code, done)
	is.Equal(figuresAt(t, db), expected(t, 3, 800))
	_, fault := http.Get(page) //nolint:noctx,bodyclose // nobody is there any more
	is.True(fault != nil)
	for name, want := range map[string]string{"log.jsonl": "run ended", "traces.jsonl": "process orders"} {
		path := filepath.Join(dir, name)
		is.True(strings.Contains(err.String(), path+", "))
		file, fault := os.Open(path)
		is.NoErr(fault)
		defer file.Close()
		seen := false
		lines := bufio.NewScanner(file)
		for lines.Buffer(nil, 1<<20); lines.Scan(); {
			var line map[string]any
			is.NoErr(json.Unmarshal(lines.Bytes(), &line))
			seen = seen || line["msg"] == want || line["Name"] == want
		}
		is.True(seen)
	}
}

// Of transactions one in so many is kept, always the same, and everything above and
// below follows.
func TestOneTransactionInSoManyIsKept(t *testing.T) {
	is := is.New(t)
	above := func(sampled bool) sdktrace.SamplingParameters {
		flags := trace.TraceFlags(0).WithSampled(sampled)
		c := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: flags})
		return sdktrace.SamplingParameters{ParentContext: trace.ContextWithSpanContext(t.Context(), c)}
	}
	keeps := func(p sdktrace.SamplingParameters) bool {
		return oneIn(10).ShouldSample(p).Decision == sdktrace.RecordAndSample
	}
	is.True(keeps(sdktrace.SamplingParameters{ParentContext: t.Context()})) // a root
	is.True(keeps(above(true)))
	is.True(!keeps(above(false)))
	kept := 0
	for i := range 1000 {
		p := above(true)
		p.Kind, p.Attributes = trace.SpanKindConsumer, []attribute.KeyValue{attribute.String("messaging.message.id", fmt.Sprintf("export:%d", i))}
		if keeps(p) {
			is.True(keeps(p))
			kept++
		}
	}
	is.True(kept > 50 && kept < 200)
	is.Equal(oneIn(10).Description(), "one transaction in 10")
}

// While a view has the terminal, notices wait.
func TestNoticesAreHeldWhileSomethingElseHasTheTerminal(t *testing.T) {
	is := is.New(t)
	var out pages
	n := &notices{plain: &out}
	is.Equal(n.hold(), io.Writer(&out))
	fmt.Fprintln(n, "meanwhile")
	is.Equal(out.String(), "")
	n.release()
	fmt.Fprintln(n, "afterwards")
	is.Equal(out.String(), "meanwhile\nafterwards\n")
}
