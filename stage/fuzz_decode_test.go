package stage_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/stage"
)

// What stands for a secret in what is decoded, as text and as a number.
var secretive = strings.NewReplacer("@", "canary7531", "#", "75317531")

// checkSilent holds that an error is a Business error that shows nothing of what
// was decoded, nor does anything that it wraps.
func checkSilent(t *testing.T, err error) {
	t.Helper()
	if steering, _ := ergon.SteeringOf(err); steering != ergon.SteerBusiness {
		t.Fatalf("%v: %v", steering, err)
	}
	checkTree(t, err)
}

func checkTree(t *testing.T, err error) {
	t.Helper()
	text := fmt.Sprintf("%v %+v", err, err)
	insides := fmt.Sprintf("%#v", err) // with addresses, so that a number may stand there by chance
	if strings.Contains(strings.ToLower(text+insides), "canary") || strings.Contains(text, "7531") {
		t.Fatalf("shows what was decoded: %s", text)
	}
	switch e := err.(type) { //nolint:errorlint // the walk through what is joined
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			checkTree(t, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			checkTree(t, inner)
		}
	}
}

// FuzzJSON holds that JSON takes nothing that encoding/json refuses, reads what it
// takes as encoding/json does, and shows nothing of what it refuses.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		"", "@", "#", `"@"`, `{"ID":#}`, `{"ID":"@"}`, `{"full_name":#}`, `{"full_name":"@"}`, `{"full_name":"@","full_name":"@"}`, `{"@":1,"@":2}`, `{"Weight":#e999}`,
		`{"Within":"@"}`, `{"Sent":"@"}`, `{"Sent":"2026-01-02T03:04:05.#Z"}`, `{"Counts":{"@":"@"}}`, `{"Counts":{"@":#,"@":#}}`, `{"Code":"@"}`, `{"Inside":{"ID":[#]}}`,
		"{\"full_name\":\"@\xff\"}", `{"id":7} @`, `{"ID":`, `{"@`, `null`, `[{"@":#}]`, strings.Repeat(`{"Inside":`, 60) + "#" + strings.Repeat("}", 60), `{"Counts":null,"Inside":null}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, template string) {
		text := secretive.Replace(template)
		if len(text) > 3000 { // the number of a byte could be that of the secret
			return
		}
		got, err := stage.JSON[parcel](t.Context(), []byte(text))
		var want parcel
		wantErr := json.Unmarshal([]byte(text), &want)
		switch {
		case err != nil:
			checkSilent(t, err)
			if !reflect.DeepEqual(got, parcel{}) {
				t.Fatalf("refused, and yet %+v", got)
			}
		case wantErr != nil || !reflect.DeepEqual(got, want):
			t.Fatalf("%q: %+v, not %+v, %v", text, got, want, wantErr)
		}
	})
}

// row is what records are read into.
type row struct {
	Name  string  `csv:"name"`
	Count int32   `csv:"count,required"`
	Small uint8   `csv:"small,optional"`
	Share float64 `csv:"share,optional"`
	Fine  bool    `csv:"fine,optional"`
	Took  *int    `csv:"took,optional"`
	Wait  time.Duration
	At    time.Time `layout:"2006-01-02"`
}

// same reports whether a text is what was made of it.
func (r row) same(header, fields []string) bool {
	text := func(name string) (string, bool) {
		i := slices.Index(header, name)
		if i < 0 || i >= len(fields) {
			return "", false
		}
		return strings.TrimSpace(fields[i]), true
	}
	if i := slices.Index(header, "name"); i < 0 || i >= len(fields) || fields[i] != r.Name {
		return false
	}
	if count, ok := text("count"); !ok || number(count) != int64(r.Count) {
		return false
	}
	if small, ok := text("small"); ok && number(small) != int64(r.Small) {
		return false
	}
	if took, ok := text("took"); ok && took != "" && (r.Took == nil || number(took) != int64(*r.Took)) {
		return false
	}
	if at, ok := text("At"); ok && r.At.Format(time.DateOnly) != at {
		return false
	}
	return true
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1 << 40
	}
	return n
}

// FuzzInto holds that a record either becomes a struct that says the same, or is
// refused with nothing of its fields shown, each fault with its line.
func FuzzInto(f *testing.F) {
	const all = "name|count|small|share|fine|took|Wait|At"
	for _, fields := range []string{
		"lamp|7|8|1.5|true|3|1m|2026-01-02", "@|#|#|#|@|#|@|@", "@|@", "", "||||||| ", "lamp|2147483648|256|NaN|yes|x|1|2026-13-01", " lamp | 7 | 8 | 0x1p-2 | T |  | 1h2m | 2026-01-02 ",
		"@|-#|-1|1e999|#|@|#s|2026-01-#", "a|+7|٣|∞|1|07|-1ns|0000-01-01", "lamp|7|8|1.5|true|3|1m|2026-01-02|more",
	} {
		f.Add(all, fields)
		f.Add("name|count", fields)
		f.Add("-", fields)
		f.Add("COUNT|Name|at|at|WAIT", fields)
	}
	f.Fuzz(func(t *testing.T, header, fields string) {
		r := ergon.Record{Line: 12, Raw: "canary7531", Fields: strings.Split(secretive.Replace(fields), "|")}
		if header != "-" {
			r.Header = strings.Split(header, "|")
		}
		before := slices.Clone(r.Fields)
		got, err := stage.Into[row](t.Context(), r)
		if !slices.Equal(before, r.Fields) {
			t.Fatalf("%q became %q", before, r.Fields)
		}
		if strings.Contains(strings.ToLower(header), "canary") || strings.Contains(header, "7531") {
			return // names of columns are shown
		}
		switch {
		case err != nil:
			checkSilent(t, err)
			if got != (row{}) || strings.Count(err.Error(), "line 12") == 0 {
				t.Fatalf("%+v, %v", got, err)
			}
		case r.Header != nil && !got.same(r.Header, r.Fields):
			t.Fatalf("%q, %q became %+v", r.Header, r.Fields, got)
		}
	})
}
