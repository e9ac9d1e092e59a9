package plain

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"
)

// jobOf is a Job on so many lines that break no rule.
func jobOf(t *testing.T, lines int) Job {
	t.Helper()
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString(strings.Join(columns[:], ",") + "\n")
	for i := range lines {
		text.WriteString("500" + strconv.Itoa(i) + ",A,2,1/2/11 10:00,1.5," + strconv.Itoa(i) + "\n")
	}
	in := filepath.Join(dir, "export.csv")
	if err := os.WriteFile(in, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return Job{In: in, DB: filepath.Join(dir, "orders.db"), Seed: 1, Lease: time.Minute}
}

func TestEveryLineIsInvoicedOnceHoweverOftenTheJobRuns(t *testing.T) {
	is := is.New(t)
	j := jobOf(t, 300)
	for range 2 {
		f, err := j.Do(t.Context())
		is.NoErr(err)
		is.Equal(f, Figures{Invoiced: 300, Total: 300 * 300})
	}
}

func TestAJobThatIsToldToStopLeavesTheRestInTheQueue(t *testing.T) {
	is := is.New(t)
	j := jobOf(t, 2000)
	s, err := openStore(t.Context(), j.DB)
	is.NoErr(err)
	is.NoErr(j.produce(t.Context(), s))
	ctx, stop := context.WithCancel(t.Context())
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 100 {
			stop()
		}
		_, _ = w.Write([]byte(`{"name":"Somebody"}`))
	}))
	d := newDirectory(server.URL)
	is.NoErr(newConsumer(s, d, j.Lease).run(ctx))
	d.close()
	server.Close()
	f, err := s.figures(t.Context())
	is.NoErr(err)
	is.NoErr(s.close())
	is.True(f.Invoiced > 0 && f.Left > 0)
	is.Equal(f.Invoiced+f.Left, 2000)
	f, err = j.Do(t.Context())
	is.NoErr(err)
	is.Equal(f, Figures{Invoiced: 2000, Total: 2000 * 300})
}
