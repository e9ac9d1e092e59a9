package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

const exportHeading = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"

// small is an export with one line of every kind. What comes of it is known:
// five lines invoiced, over three invoices; eight rejected.
const small = exportHeading +
	"536365,85123A,WHITE HANGING HEART,6,12/1/10 8:26,2.55,17850,United Kingdom\n" + // £15.30
	"536365,71053,\"LANTERN, \"\"WHITE\"\"\",6,12/1/10 8:26,3.39,17850,United Kingdom\n" + // £20.34
	"536366,22633,HAND WARMER,2,12/1/10 8:28,1.85,13047,France\n" + // £3.70
	"536366,22633,HAND WARMER,2,12/1/10 8:28,1.85,13047,France\n" + // £3.70 again
	"536367,22745,\"TWO\nLINES\",1000,12/1/10 8:34,12.5,13048,France\n" + // £12,500.00
	"C536368,22745,BACK AGAIN,-6,12/1/10 8:34,2.1,13047,France\n" + // cancelled
	"C536369,22745,BACK AGAIN,-6,12/1/10 8:34,0,,France\n" + // cancelled comes first
	"536370,22745,WHOSE,6,12/1/10 8:34,0,,France\n" + // no customer comes before no price
	"536371,22745,FREE,0,12/1/10 8:34,0,13047,France\n" + // no price comes before no quantity
	"536372,22745,NONE,0,12/1/10 8:34,2.1,13047,France\n" + // no quantity
	"536373,22745,WORDS,six,12/1/10 8:34,2.1,13047,France\n" + // unreadable
	"536374,22745,\xa3 SHORT,6\n" + // unreadable, and not UTF-8
	"536375,22745,LOTS,9223372036854775807,12/1/10 8:34,0.02,13047,France\n" // amount too large

// written returns the path of a file with a text.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	is.New(t).NoErr(os.WriteFile(path, []byte(text), 0o600))
	return path
}

// generatedFile returns the path of an export of generated lines.
func generatedFile(t *testing.T, seed uint64, n int) string {
	t.Helper()
	var b bytes.Buffer
	is.New(t).NoErr(generate(&b, seed, n))
	return written(t, b.String())
}

// pages is a writer for several goroutines, which can be waited for.
type pages struct {
	mu    sync.Mutex
	text  strings.Builder
	waits map[string]chan struct{}
}

func (p *pages) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.Write(b)
	for text, came := range p.waits {
		if strings.Contains(p.text.String(), text) {
			close(came)
			delete(p.waits, text)
		}
	}
	return len(b), nil
}

func (p *pages) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// wait returns once a text was written.
func (p *pages) wait(text string) {
	came := make(chan struct{})
	p.mu.Lock()
	if p.waits == nil {
		p.waits = map[string]chan struct{}{}
	}
	if strings.Contains(p.text.String(), text) {
		close(came)
	} else {
		p.waits[text] = came
	}
	p.mu.Unlock()
	<-came
}

// settling is an observer that calls itself with the number of lines settled.
type settling func(lines int)

func (settling) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

func (s settling) End(_ context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindSettle && e.Err == nil {
		s(e.N)
	}
}

// outcome is what a run of the job left behind.
type outcome struct {
	code     int
	out, err string
}

// ran runs the job in this process, undisturbed.
func ran(args ...string) outcome {
	var out, err pages
	code := surroundings{args: args, out: &out, err: &notices{plain: &err}, exit: os.Exit}.run()
	return outcome{code, out.String(), err.String()}
}

// shopAt opens a database as the job does, until the test ends.
func shopAt(t *testing.T, path string) *shop {
	t.Helper()
	f, err := parseFlags(nil, nil)
	is := is.New(t)
	is.NoErr(err)
	s, err := openShop(t.Context(), path, f)
	is.NoErr(err)
	t.Cleanup(func() { is.NoErr(s.db.Close()) })
	return s
}

// figuresAt are the figures of a database.
func figuresAt(t *testing.T, path string) figures {
	t.Helper()
	is := is.New(t)
	f, err := parseFlags(nil, nil)
	is.NoErr(err)
	s, err := openShop(t.Context(), path, f)
	is.NoErr(err)
	defer s.db.Close()
	found, err := s.figures(t.Context())
	is.NoErr(err)
	return found
}
