package sink

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

// A file whose first field begins with a zero is none of which a loss of power took
// the beginning: what was confirmed stays in it.
func TestAFirstFieldThatBeginsWithAZeroIsKept(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	for range 2 { // two runs
		s := CSV[[]string](path)
		is.NoErr(s.Dispatch(t.Context(), txs([]string{"\x00a", "b"})))
		is.NoErr(s.Stop(t.Context()))
	}
	is.Equal(content(t, path), "\"\x00a\",b\n\"\x00a\",b\n")
	_, err := os.Stat(path + ".torn")
	is.True(errors.Is(err, fs.ErrNotExist))
}
