package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleFiles() {
	files := fstest.MapFS{
		"in/b.csv":   {Data: []byte("1,2\n")},
		"in/a.csv":   {Data: []byte("1,2\n3,4\n")},
		"in/log.txt": {},
	}
	txs, err := source.Files("in/*.csv", source.In(files)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		fmt.Println(tx.ID(), tx.Payload().Path, tx.Payload().Size)
	}
	fmt.Println(err)
	// Output:
	// in:a.csv in/a.csv 8
	// in:b.csv in/b.csv 4
	// EOF
}

func ExampleFile_Open() {
	files := fstest.MapFS{"in/a.txt": {Data: []byte("hello")}}
	txs, _ := source.Files("in", source.In(files)).Fetch(context.Background(), 10)
	f, err := txs[0].Payload().Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	text, _ := io.ReadAll(f)
	fmt.Printf("%s\n", text)
	// Output: hello
}

// tree is what Files searches in the tests.
var tree = []string{
	"in/b.csv", "in/a.csv", "in/c.txt", "in/.hidden.csv", "in/.dir/a.csv",
	"in/sub/a.csv", "in/other/a.csv", "top.csv",
}

func TestFilesAreFoundInOrder(t *testing.T) {
	tests := []struct {
		pattern string
		want    []string
	}{
		{"in", []string{"in:a.csv", "in:b.csv", "in:c.txt"}},
		{"in/", []string{"in:a.csv", "in:b.csv", "in:c.txt"}},
		{"in/*.csv", []string{"in:a.csv", "in:b.csv"}},
		{"in/[bc].*", []string{"in:b.csv", "in:c.txt"}},
		{"in/?.txt", []string{"in:c.txt"}},
		{"in/*/a.csv", []string{"in:other/a.csv", "in:sub/a.csv"}},
		{"in/.*", []string{"in:.hidden.csv"}},
		{"in/none*", []string{}},
		{"top.*", []string{"files:top.csv"}},
	}
	memory, dir := fstest.MapFS{}, t.TempDir()
	for _, name := range tree {
		memory[name] = &fstest.MapFile{Data: []byte(name)}
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, tt := range tests {
		for where, opts := range map[string][]source.FileOption{"machine": nil, "memory": {source.In(memory)}} {
			t.Run(tt.pattern+" "+where, func(t *testing.T) {
				is := is.New(t)
				s := source.Files(tt.pattern, opts...)
				is.Equal(count(t, s), len(tt.want))
				txs := drain(t, s, 2)
				is.Equal(ids(txs), tt.want)
				is.Equal(count(t, s), 0)
				for _, tx := range txs {
					checkFile(t, tx.Payload())
				}
			})
		}
	}
}

// checkFile holds that a file of the tree can be opened where it says.
func checkFile(t *testing.T, file source.File) {
	t.Helper()
	is := is.New(t)
	f, err := file.Open()
	is.NoErr(err)
	text, err := io.ReadAll(f)
	is.NoErr(err)
	is.NoErr(f.Close())
	is.Equal(string(text), file.Path)
	is.Equal(file.Size, int64(len(text)))
}

func TestFilesLeaveOutWhatLeadsOutOfTheDirectory(t *testing.T) {
	is := is.New(t)
	secret := write(t, "secret", "x")
	dir := filepath.Dir(write(t, "a", "x"))
	is.NoErr(os.Symlink(secret, filepath.Join(dir, "link")))
	is.NoErr(os.Symlink("a", filepath.Join(dir, "z"))) // stays inside
	s := source.Files(dir, source.Named("n"))
	is.Equal(ids(drain(t, s, 10)), []string{"n:a", "n:z"})
}

func TestFilesLookAgainAtStartOnlyAfterStop(t *testing.T) {
	is := is.New(t)
	dir := filepath.Dir(write(t, "a", "x"))
	s := source.Files(dir, source.Named("n"))
	is.NoErr(s.Start(t.Context()))
	is.NoErr(os.WriteFile(filepath.Join(dir, "b"), nil, 0o600))
	is.NoErr(s.Start(t.Context())) // changes nothing
	is.Equal(ids(drain(t, s, 10)), []string{"n:a"})
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(s.Start(t.Context()))
	is.Equal(ids(drain(t, s, 10)), []string{"n:a", "n:b"})
}

func TestAFileThatIsGoneIsAPermanentError(t *testing.T) {
	is := is.New(t)
	path := write(t, "a", "x")
	txs := drain(t, source.Files(filepath.Dir(path)), 10)
	is.NoErr(os.Remove(path))
	_, err := txs[0].Payload().Open()
	is.True(errors.Is(err, fs.ErrNotExist))
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerPermanent)
	_, err = source.File{}.Open()
	is.True(err != nil)
}

func TestADirectoryThatIsMissingEndsTheRun(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no", "*.csv")
	for pattern, opts := range map[string][]source.FileOption{missing: nil, "no/*.csv": {source.In(fstest.MapFS{})}} {
		is := is.New(t)
		s := source.Files(pattern, opts...)
		_, fetch := s.Fetch(t.Context(), 1)
		_, count := s.Count(t.Context())
		for _, err := range []error{s.Start(t.Context()), fetch, count} {
			steering, _ := ergon.SteeringOf(err)
			is.Equal(steering, ergon.SteerPermanent)
			is.True(errors.Is(err, fs.ErrNotExist))
			is.True(strings.Contains(err.Error(), pattern))
		}
	}
}

func TestFilesFaultsOfArguments(t *testing.T) {
	checkFaults(t, source.Files(""), "source.Files: pattern: is empty")
	checkFaults(t, source.Files("in/[a"), "source.Files: pattern = in/[a: is malformed")
	_, err := source.Files("").Count(t.Context())
	is.New(t).True(errors.Is(err, ergon.ErrConfig))
}
