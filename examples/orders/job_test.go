package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"
)

const smallSummary = `
              lines  13
           invoiced   5  £12,543.04 over 3 invoices
           rejected   8
          cancelled   2
         unreadable   2
   amount too large   1
        no customer   1
           no price   1
        no quantity   1
  left in the queue   0  0 ready, 0 delayed, 0 leased
`

// trimmed is a text without the blanks at the ends of its lines.
func trimmed(text string) string { return regexp.MustCompile(`(?m) +$`).ReplaceAllString(text, "") }

func TestAnExportBecomesInvoicesOnceHoweverOftenItIsGiven(t *testing.T) {
	is := is.New(t)
	in, db := written(t, small), filepath.Join(t.TempDir(), "shop.db")
	first := ran("-in", in, "-db", db, "-quiet")
	is.Equal(first.code, done)
	is.True(strings.HasPrefix("\n"+trimmed(first.out), smallSummary))
	is.True(strings.Contains(first.out, "produce  fetched 13 = succeeded 13 +"))
	is.True(strings.Contains(first.out, "consume  fetched 13 = succeeded 5 + dropped 0 + handled 0 + dead-lettered 8 +"))
	is.Equal(first.err, "")

	renamed := written(t, small)
	for _, args := range [][]string{{"-in", in}, {"-in", renamed}, nil} {
		again := ran(append(args, "-db", db, "-quiet")...)
		is.Equal(again.code, done)
		is.True(strings.HasPrefix("\n"+trimmed(again.out), smallSummary))
		is.True(strings.Contains(again.out, "consume  fetched 0 ="))
	}
}

func TestWhatIsKeptOfARejectedLineIsItsTextByteForByte(t *testing.T) {
	is := is.New(t)
	in, db := written(t, small), filepath.Join(t.TempDir(), "shop.db")
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	s := shopAt(t, db)
	var text []byte
	var stage, detail, id string
	row := s.db.Reader().QueryRow("SELECT id, stage, detail, text FROM rejected WHERE reason = 'unreadable' ORDER BY line DESC")
	is.NoErr(row.Scan(&id, &stage, &detail, &text))
	is.Equal(string(text), "536374,22745,\xa3 SHORT,6")
	is.Equal(stage, "parse")
	is.True(!strings.Contains(detail, "SHORT")) // why, never what
	is.True(strings.HasSuffix(id, ":12"))       // its position in the export
}

func TestTomorrowsExportMayComeUnderTodaysName(t *testing.T) {
	is := is.New(t)
	in, db := written(t, small), filepath.Join(t.TempDir(), "shop.db")
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	is.NoErr(os.WriteFile(in, []byte(exportHeading+"536400,1,TOY,1,12/2/10 9:00,1,17850,United Kingdom\n"), 0o600))
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	f := figuresAt(t, db)
	is.Equal(f.Invoiced, 6)
	is.Equal(f.Total, pence(1254304+100))
}

func TestWithoutAnExportLinesAreGenerated(t *testing.T) {
	is := is.New(t)
	db := filepath.Join(t.TempDir(), "shop.db")
	for range 2 { // the second time they are the same
		o := ran("-n", "500", "-seed", "7", "-db", db, "-quiet")
		is.Equal(o.code, done)
		is.Equal(figuresAt(t, db), expected(t, 7, 500))
	}
}

func TestGeneratedLinesDoNotGetAmongThoseOfAnExport(t *testing.T) {
	is := is.New(t)
	in, db := written(t, small), filepath.Join(t.TempDir(), "shop.db")
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	is.Equal(ran("-db", db, "-quiet").code, done)
	is.Equal(figuresAt(t, db).lines(), 13)
}

func TestNothingIsLeftOfATemporaryDatabase(t *testing.T) {
	is := is.New(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	is.Equal(ran("-n", "10", "-quiet").code, done)
	left, err := os.ReadDir(temp)
	is.NoErr(err)
	is.Equal(len(left), 0)
}

func TestProgressIsShownAsLinesWhereThereIsNoTerminal(t *testing.T) {
	is := is.New(t)
	o := ran("-n", "50")
	is.Equal(o.code, done)
	is.True(strings.Contains(o.err, "produce  50 of 50"))
	is.True(strings.Contains(o.err, "consume  50 of 50"))
}
