package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestOpenSetsTheFileUp(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "a b%20c#d.db")
	db := openedAt(t, path)
	enqueued(t, Queue(db, "q", String()), texts("a")...)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		is.NoErr(err)
		is.Equal(info.Mode().Perm(), os.FileMode(0o600)) // its owner's alone
	}
	var journal string
	is.NoErr(db.Reader().QueryRow("PRAGMA journal_mode").Scan(&journal))
	is.Equal(journal, "wal")
	var synchronous, keys int
	is.NoErr(db.write(t.Context(), &write{stay: true, do: func(x *tx) error {
		return errors.Join(x.conn.QueryRowContext(context.Background(), "PRAGMA synchronous").Scan(&synchronous),
			x.conn.QueryRowContext(context.Background(), "PRAGMA foreign_keys").Scan(&keys))
	}}))
	is.Equal(synchronous, 2) // FULL
	is.Equal(keys, 1)
}

func TestOpenAgainFindsEverything(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path)
	is.NoErr(err)
	enqueued(t, Queue(db, "q", String()), texts("a")...)
	is.NoErr(db.Close())
	is.Equal(idsOf(fetched(t, Queue(openedAt(t, path), "q", String()), 1)), []string{"a"})
}

func TestManyOpenANewFileAtOnce(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	wait := asked(8, func(int) error {
		db, err := Open(context.Background(), path)
		if err != nil {
			return err
		}
		return errors.Join(db.Health(context.Background()), db.Close())
	})
	for _, err := range wait() {
		is.NoErr(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	var none context.Context
	ended, end := context.WithCancel(t.Context())
	end()
	const secret = "canary-7531"
	tests := []struct {
		name   string
		ctx    context.Context
		path   func(dir string) string
		opts   []Option
		config bool   // a ConfigError
		says   string // part of the error
	}{
		{"no path", t.Context(), func(string) string { return "" }, nil, true, "path: is empty"},
		{"a DSN", t.Context(), func(string) string { return "file:" + secret + "?mode=rw" }, nil, true, "not a DSN"},
		{"a path with pragmas", t.Context(), func(d string) string { return d + "/a.db?_pragma=" + secret }, nil, true, "not a DSN"},
		{"memory", t.Context(), func(string) string { return ":memory:" }, nil, true, "in memory"},
		{"no context", none, func(d string) string { return d + "/a.db" }, nil, true, "context is nil"},
		{"no readers, and no option", t.Context(), func(string) string { return "" }, []Option{Readers(0), nil, Readers(-1)}, true, "Readers = 0"},
		{"ended context", ended, func(d string) string { return d + "/a.db" }, nil, false, "context canceled"},
		{"a directory", t.Context(), func(d string) string { return d }, nil, false, "is a directory"},
		{"no such directory", t.Context(), func(d string) string { return d + "/" + secret + "/a.db" }, nil, false, "no such file or directory"},
		{"a device", t.Context(), func(string) string { return os.DevNull }, nil, false, "is not a regular file"},
		{"not a database", t.Context(), func(d string) string {
			return written(t, d+"/a.db", strings.Repeat(secret, 1000))
		}, nil, false, "not a database"},
		{"a newer schema", t.Context(), func(d string) string {
			return altered(t, d+"/a.db", "UPDATE ergon_schema SET version = 99")
		}, nil, false, "newer schema: version 99, known up to 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db, err := Open(tt.ctx, tt.path(t.TempDir()), tt.opts...)
			is.True(db == nil)
			is.True(err != nil)
			var config *ergon.ConfigError
			is.Equal(errors.As(err, &config), tt.config)
			is.Equal(errors.Is(err, ErrSchema), strings.Contains(tt.name, "schema"))
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v: says nothing of %q", err, tt.says)
			}
			is.True(!strings.Contains(err.Error(), "7531"))
			is.True(!strings.Contains(err.Error(), "_pragma"))
		})
	}
}

func TestOpenSaysAllThatIsWrong(t *testing.T) {
	is := is.New(t)
	_, err := Open(t.Context(), "", Readers(0), nil)
	is.Equal(len(err.(interface{ Unwrap() []error }).Unwrap()), 3)
}

func TestOpenOfAFileThatCannotBeWritten(t *testing.T) {
	is := is.New(t)
	path := written(t, filepath.Join(t.TempDir(), "a.db"), "")
	is.NoErr(os.Chmod(path, 0o400))
	db, err := Open(t.Context(), path)
	if os.Geteuid() == 0 { // root may write everything
		is.NoErr(err)
		is.NoErr(db.Close())
		return
	}
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "permission denied"))
}

func TestNewerSchemaIsLeftAsItIs(t *testing.T) {
	is := is.New(t)
	path := altered(t, filepath.Join(t.TempDir(), "a.db"), "UPDATE ergon_schema SET version = 99")
	before, err := os.ReadFile(path)
	is.NoErr(err)
	_, err = Open(t.Context(), path)
	is.True(errors.Is(err, ErrSchema))
	after, err := os.ReadFile(path)
	is.NoErr(err)
	is.Equal(len(before), len(after))
	is.True(string(before) == string(after))
}

func TestDatabaseNeverOpened(t *testing.T) {
	is := is.New(t)
	for _, db := range []*DB{nil, {}} {
		is.True(errors.Is(db.Health(t.Context()), ErrClosed))
		_, err := db.Exec(t.Context(), "SELECT 1")
		is.True(errors.Is(err, ErrClosed))
		is.NoErr(db.Close())
		is.True(db.Reader() == nil)
	}
	_, err := Queue(&DB{}, "q", String()).Fetch(t.Context(), 1)
	is.True(errors.Is(err, ErrClosed))
}

func TestExecRefuses(t *testing.T) {
	db := opened(t)
	var none context.Context
	tests := []struct {
		name, query string
		ctx         context.Context
		args        []any
		config      bool
	}{
		{"nothing", "", t.Context(), nil, true},
		{"the end of the transaction of others", " commit;", t.Context(), nil, true},
		{"the same, in lines", "\n\tEND;\n", t.Context(), nil, true},
		{"a savepoint", "SAVEPOINT x", t.Context(), nil, true},
		{"a pragma", "PRAGMA synchronous = OFF", t.Context(), nil, true},
		{"no context", "SELECT 1", none, nil, true},
		{"a value that is none", "SELECT ?", t.Context(), []any{map[string]int{"canary": 1}}, false},
		{"what is not SQL", "nonsense", t.Context(), nil, false},
		{"too few values", "SELECT ?", t.Context(), nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, err := db.Exec(tt.ctx, tt.query, tt.args...)
			is.True(err != nil)
			is.Equal(errors.Is(err, ergon.ErrConfig), tt.config)
			is.True(!strings.Contains(err.Error(), "canary"))
			is.NoErr(db.Health(t.Context()))
		})
	}
}

func TestSize(t *testing.T) {
	is := is.New(t)
	is.NoErr(sized(mostBytes))
	is.Equal(sized(mostBytes+1), errSize)
}

func written(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// altered is a database of this package in which something was changed.
func altered(t *testing.T, path, statement string) string {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
