package durable

import (
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

func TestBothOrdersProgramsWriteTheSameRows(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	o := &programs{dir: dir, export: filepath.Join(dir, "orders.csv")}
	is.NoErr(o.build(t.Context(), "-race"))
	is.NoErr(o.check(t.Context(), 500))
}
