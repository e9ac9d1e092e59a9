package ergontest

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// pictured returns a pipeline of some stages.
func pictured(stages ...string) pipeline.Pipeline {
	flow := pipeline.From(NewSource(1))
	for _, name := range stages {
		flow = flow.Map(func(_ context.Context, v int) (int, error) { return v, nil }, stage.Named(name))
	}
	return flow.To(&Sink[int]{})
}

const onePicture = "flowchart LR\n    n0[(\"source\")]\n    n1[\"price<br/>[map]\"]\n    n2[(\"sink\")]\n    n0 --> n1\n    n1 --> n2\n"

func TestGoldenTopology(t *testing.T) {
	tests := []struct {
		name   string
		kept   string // empty: no file
		shown  pipeline.Pipeline
		faults []string // none: it passes
	}{
		{"as it was", onePicture, pictured("price"), nil},
		{"as it was, in a checkout of Windows", strings.ReplaceAll(onePicture, "\n", "\r\n"), pictured("price"), nil},
		{"another stage", onePicture, pictured("tax"), []string{
			"ergontest: not as in testdata/Inner.mmd:\n",
			"\t  flowchart LR\n\t\t      n0[(\"source\")]\n\t\t-     n1[\"price<br/>[map]\"]\n\t\t+     n1[\"tax<br/>[map]\"]\n\t\t      n2[(\"sink\")]\n\t\t      n0 --> n1\n\t\t  ...",
			"\tif it is meant so: go test -run '^Inner$' -update",
		}},
		{"no file", "", pictured("price"), []string{
			"ergontest: there is no golden file testdata/Inner.mmd for:\n\t\tflowchart LR\n", "n1 --> n2\n\tto write it: go test -run '^Inner$' -update",
		}},
		{"nothing", onePicture, pipeline.Pipeline{}, []string{"the pipeline is empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			t.Chdir(t.TempDir())
			if tt.kept != "" {
				is.NoErr(writeGolden("testdata/Inner.mmd", tt.kept))
			}
			passed, printed := judged(is, func(t *testing.T) { GoldenTopology(t, tt.shown) })
			is.Equal(passed, len(tt.faults) == 0)
			for _, fault := range tt.faults {
				if !strings.Contains(unindented(printed), fault) {
					t.Errorf("%q is missing in:\n%s", fault, unindented(printed))
				}
			}
		})
	}
	t.Run("a folder in its place", func(t *testing.T) {
		is := is.New(t)
		t.Chdir(t.TempDir())
		is.NoErr(os.MkdirAll("testdata/Inner.mmd", 0o755))
		passed, printed := judged(is, func(t *testing.T) { GoldenTopology(t, pictured()) })
		is.True(!passed)
		is.True(strings.Contains(printed, "cannot be read"))
	})
}

func TestGoldenFile(t *testing.T) {
	tests := []struct{ test, file, command string }{
		{"TestA", "testdata/TestA.mmd", "go test -run '^TestA$' -update"},
		{"TestA/by_night,_x=1.5", "testdata/TestA/by_night,_x=1.5.mmd", `go test -run '^TestA$/^by_night,_x=1\.5$' -update`},
		{`TestA/../..\c:"*'`, "testdata/TestA/_../.._c____.mmd", `go test -run '^TestA$/^\.\.$/^\.\.\\c:"\*'\''$' -update`},
		{"TestÄ/№7", "testdata/TestÄ/_7.mmd", "go test -run '^TestÄ$/^№7$' -update"},
	}
	for _, tt := range tests {
		t.Run(tt.test, func(t *testing.T) {
			is := is.New(t)
			is.Equal(filepath.ToSlash(goldenFile(tt.test, ".mmd")), tt.file)
			is.Equal(updateCommand(tt.test), tt.command)
		})
	}
}

func TestTheFlagIsOffered(t *testing.T) {
	own := func(f *flag.FlagSet) { f.Bool("update", false, "their own") }
	text := func(f *flag.FlagSet) { f.String("update", "", "their own") }
	none := func(*flag.FlagSet) {}
	tests := []struct {
		name     string
		register func(*flag.FlagSet) // what a package does that is initialised later
		args     []string
		on       bool
		fails    bool
	}{
		{"nobody has one", none, []string{"x.test", "-test.v", "-update"}, true, false},
		{"nobody has one, other spellings", none, []string{"x.test", "-test.v", "--update=true", "-other"}, true, false},
		{"nobody has one, off", none, []string{"x.test", "-test.v", "-update=false"}, false, false},
		{"nobody asks", none, []string{"x.test", "-test.v", "update"}, false, false},
		{"no test", none, []string{"x", "-update"}, false, true},
		{"their own", own, []string{"x.test", "-test.v", "-update"}, true, false},
		{"their own, not asked for", own, []string{"x.test", "-test.v"}, false, false},
		{"their own, of another type", text, []string{"x.test", "-test.v", "-update", "all"}, true, false},
		{"nothing at all", none, nil, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			flags := flag.NewFlagSet("", flag.ContinueOnError)
			flags.SetOutput(io.Discard)
			given := slices.Clone(tt.args)
			args := offered(flags, tt.args)
			is.Equal(tt.args, given) // what was given is left alone
			tt.register(flags)
			flags.Bool("test.v", false, "")
			flags.Bool("other", false, "")
			err := flags.Parse(args[min(1, len(args)):])
			is.Equal(err != nil, tt.fails)
			is.Equal(isSet(flags.Lookup("update")), tt.on)
		})
	}
}

// The flag works in a package that knows nothing of it: this one.
func TestGoTestUpdate(t *testing.T) {
	is := is.New(t)
	if os.Getenv("ERGONTEST_GOLDEN") != "" {
		t.Chdir(os.Getenv("ERGONTEST_GOLDEN"))
		GoldenTopology(t, pictured("price"))
		return
	}
	dir := t.TempDir()
	again := func(args ...string) error {
		cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"-test.run=^TestGoTestUpdate$"}, args...)...)
		cmd.Env = append(os.Environ(), "ERGONTEST_GOLDEN="+dir)
		return cmd.Run()
	}
	var failed *exec.ExitError
	is.True(errors.As(again(), &failed)) // there is no file yet
	is.NoErr(again("-update"))
	text, err := os.ReadFile(filepath.Join(dir, "testdata", "TestGoTestUpdate.mmd"))
	is.NoErr(err)
	is.Equal(string(text), onePicture)
	is.NoErr(again())
}
