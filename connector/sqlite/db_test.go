package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

// opened is a database in a directory of the test's own.
func opened(t *testing.T, opts ...Option) *DB {
	t.Helper()
	return openedAt(t, filepath.Join(t.TempDir(), "test.db"), opts...)
}

func openedAt(t *testing.T, path string, opts ...Option) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestExecWritesAndReaderReads(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	_, err := db.Exec(t.Context(), "CREATE TABLE t (a TEXT)")
	is.NoErr(err)
	n, err := db.Exec(t.Context(), "INSERT INTO t (a) VALUES (?), (?)", "x", "a\x00b\xff")
	is.NoErr(err)
	is.Equal(n, int64(2))
	var a string
	is.NoErr(db.Reader().QueryRow("SELECT a FROM t WHERE a > 'a' AND a < 'b'").Scan(&a))
	is.Equal(a, "a\x00b\xff")
	_, err = db.Reader().Exec("INSERT INTO t (a) VALUES (1)")
	is.True(err != nil) // the readers cannot write
	is.NoErr(db.Health(t.Context()))
}
