//go:build unix

package sink

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/matryer/is"
)

func TestAPipeIsRefusedAndNotWaitedFor(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "pipe")
	is.NoErr(syscall.Mkfifo(path, 0o600))
	is.True(errors.Is(Lines(path).Start(t.Context()), errIrregular))
}
