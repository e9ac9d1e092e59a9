package setup_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/otel/setup"
)

// Spans are in the file, a line of JSON each, whether they are exported as well or not.
func TestTracesInAFile(t *testing.T) {
	for _, exported := range []bool{false, true} {
		quiet(t)
		is := is.New(t)
		path := filepath.Join(t.TempDir(), "traces", "shop.jsonl")
		config := setup.Config{Traces: path, Console: io.Discard}
		if exported {
			config.Endpoint = (&receiver{}).overHTTP(t)
		}
		telemetry, err := setup.New(t.Context(), config)
		is.NoErr(err)
		shop(t, telemetry)
		is.NoErr(telemetry.Shutdown(t.Context()))
		written, err := os.ReadFile(path)
		is.NoErr(err)
		is.True(!strings.Contains(string(written), canary))
		names := map[string]int{}
		for lines := bufio.NewScanner(bytes.NewReader(written)); lines.Scan(); {
			var span struct{ Name string }
			is.NoErr(json.Unmarshal(lines.Bytes(), &span))
			names[span.Name]++
		}
		is.Equal(names["run shop"], 1)
		is.Equal(names["process shop"], 2)
		is.Equal(names["price"], 3)
	}
}
