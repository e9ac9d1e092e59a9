package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestMisuseIsSaidAndNothingIsDone(t *testing.T) {
	dir := t.TempDir()
	noDatabase := filepath.Join(dir, "note.txt")
	is.New(t).NoErr(os.WriteFile(noDatabase, []byte("this is a note and no database, whoever opens it"), 0o600))
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"an unknown flag", []string{"-frequency", "5"}, []string{"-frequency"}},
		{"a flag that is no number", []string{"-n", "many"}, []string{"-n"}},
		{"several at once", []string{"-n", "0", "-lease", "1ms", "file.csv"}, []string{"-n 0", "-lease 1ms", `"file.csv"`}},
		{"a number of lines for a file", []string{"-n", "5", "-in", "x"}, []string{"-n is for generated lines"}},
		{"no such export", []string{"-in", filepath.Join(dir, "none.csv")}, []string{"none.csv", "no such file"}},
		{"an export that is a folder", []string{"-in", dir}, []string{"is not a regular file"}},
		{"a folder to observe in that is a file", []string{"-n", "5", "-observe", noDatabase}, []string{"-observe", "note.txt"}},
		{"an empty export", []string{"-in", written(t, "")}, []string{"is empty"}},
		{"an export of something else", []string{"-in", written(t, "InvoiceNo,Quantity,Colour\n1,2,red\n")},
			[]string{"has no column StockCode, InvoiceDate, UnitPrice, CustomerID"}},
		{"a heading that is torn", []string{"-in", written(t, "InvoiceNo,\"Stock\n")}, []string{"has no heading"}},
		{"a database in no folder", []string{"-db", filepath.Join(dir, "none", "shop.db")}, []string{"database", "no such file"}},
		{"a database that is none", []string{"-db", noDatabase}, []string{"database", "note.txt"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			o := ran(c.args...)
			is.Equal(o.code, misused)
			is.Equal(o.out, "")
			for _, text := range c.says {
				if !strings.Contains(o.err, text) {
					t.Errorf("%q is not in %q", text, o.err)
				}
			}
		})
	}
}

func TestHelpIsNoMisuse(t *testing.T) {
	is := is.New(t)
	o := ran("-h")
	is.Equal(o.code, done)
	is.True(strings.Contains(o.out, "-in file"))
	is.Equal(o.err, "")
}
