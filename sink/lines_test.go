package sink

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestLinesStandByteForByte(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	is.NoErr(s.Dispatch(t.Context(), txs("a", "", "b\r", "\xff\x00", strings.Repeat("x", 1<<20))))
	is.NoErr(s.Dispatch(t.Context(), nil))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "a\n\nb\r\n\xff\x00\n"+strings.Repeat("x", 1<<20)+"\n")
}

func TestALineThatWouldBeTwoIsRefusedAlone(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	err := s.Dispatch(t.Context(), txs("a", "secret\nb", "c"))
	items := err.(ergon.ItemErrors)
	is.Equal(len(items), 3)
	is.True(items[0] == nil && items[2] == nil)
	is.Equal(ergon.CategoryOf(items[1]), ergon.CategoryBusiness)
	is.True(!strings.Contains(err.Error(), "secret"))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "a\nc\n")
}

func TestWhatIsRefusedStaysSoWhenTheRestCannotBeWritten(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	disk := breakable(s)
	is.NoErr(s.Start(t.Context()))
	disk.write = disk.torn(errBroken)
	items := s.Dispatch(t.Context(), txs("a", "b\nb", "c")).(ergon.ItemErrors)
	is.Equal(ergon.CategoryOf(items[0]), ergon.CategorySystem)
	is.Equal(ergon.CategoryOf(items[1]), ergon.CategoryBusiness)
	is.Equal(ergon.CategoryOf(items[2]), ergon.CategorySystem)
	disk.write = nil
	is.NoErr(s.Dispatch(t.Context(), txs("a", "c")))
	is.Equal(content(t, path), "a\nc\n")
}

func TestABatchOfNothingButRefusedLinesWritesNothing(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	disk := breakable(s)
	items := s.Dispatch(t.Context(), txs("a\n", "\n")).(ergon.ItemErrors)
	is.True(items[0] != nil && items[1] != nil)
	is.Equal(len(disk.calls), 0)
	is.NoErr(s.Stop(t.Context()))
}
