package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/files"
)

func TestOpenErrorsNameThePathAsGiven(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		want       error // nil: any
	}{
		{"missing file", filepath.Join(dir, "missing"), fs.ErrNotExist},
		{"missing directory", filepath.Join(dir, "no", "missing"), fs.ErrNotExist},
		{"empty", "", fs.ErrInvalid},
		{"a directory", dir, nil},
		{"a link that leaves the directory", filepath.Join(dir, "link"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, err := files.Open(tt.path)
			var pe *fs.PathError
			is.True(errors.As(err, &pe))
			is.Equal(pe.Path, tt.path)
			is.True(tt.want == nil || errors.Is(err, tt.want))
		})
	}
}

func TestAppendCreatesForItsOwnerAndKeepsWhatIsThere(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "log")
	for _, text := range []string{"one\n", "two\n"} {
		f, err := files.Append(path)
		is.NoErr(err)
		_, err = io.WriteString(f, text)
		is.NoErr(err)
		is.NoErr(f.Close())
	}
	is.Equal(read(t, path), "one\ntwo\n")
	info, err := os.Stat(path)
	is.NoErr(err)
	is.Equal(info.Mode().Perm(), fs.FileMode(0o600))
}

func TestAppendIntoAMissingDirectoryIsAnError(t *testing.T) {
	is := is.New(t)
	_, err := files.Append(filepath.Join(t.TempDir(), "no", "log"))
	is.True(errors.Is(err, fs.ErrNotExist))
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
