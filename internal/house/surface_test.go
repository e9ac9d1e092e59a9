package house

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

var update = flag.Bool("update", false, "rewrite the snapshot of the public surface")

// TestSurface shows every change of what users see, so that none happens unseen.
func TestSurface(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	now, err := w.surfaces()
	is.NoErr(err)
	is.True(strings.Contains(now["ergon.txt"], "type Transaction[T any] struct")) // the root package was read
	dir := filepath.Join("testdata", "surface")
	if *update {
		is.NoErr(writeFolder(dir, now))
	}
	snapshot, err := readFolder(dir)
	is.NoErr(err)
	report(t, "packages whose public surface changed; if that is meant, run make surface and commit the snapshot with the change", surfaceFaults(snapshot, now))
}

func TestSurfaceFaults(t *testing.T) {
	for _, tc := range []struct {
		name          string
		snapshot, now map[string]string
		want          []string
	}{
		{name: "nothing changed", snapshot: map[string]string{"a.txt": "x\n"}, now: map[string]string{"a.txt": "x\n"}},
		{
			name:     "a signature changed",
			snapshot: map[string]string{"a.txt": "func A()\nfunc B()\n"}, now: map[string]string{"a.txt": "func A(int)\nfunc B()\n"},
			want: []string{"a.txt:\n- func A()\n+ func A(int)\n"},
		},
		{
			name:     "a line of several alike is gone",
			snapshot: map[string]string{"a.txt": "x\nx\n"}, now: map[string]string{"a.txt": "x\n"},
			want: []string{"a.txt:\n- x\n"},
		},
		{
			name:     "lines moved",
			snapshot: map[string]string{"a.txt": "x\ny\n"}, now: map[string]string{"a.txt": "y\nx\n"},
			want: []string{"a.txt:\nthe same lines in another order\n"},
		},
		{
			name:     "a package came, another went",
			snapshot: map[string]string{"a.txt": "x\n"}, now: map[string]string{"c/b.txt": "y\n"},
			want: []string{"a.txt:\n- x\n", "c/b.txt:\n+ y\n"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(surfaceFaults(tc.snapshot, tc.now), tc.want)
		})
	}
}

func TestSnapshotsAreExactlyWhatWasWritten(t *testing.T) {
	is := is.New(t)
	dir := filepath.Join(t.TempDir(), "surface")
	none, err := readFolder(dir)
	is.NoErr(err)
	is.Equal(len(none), 0)
	is.NoErr(writeFolder(dir, map[string]string{"old.txt": "gone"}))
	want := map[string]string{"ergon.txt": "a\n", "connector/sqlite.txt": "b\n"}
	is.NoErr(writeFolder(dir, want))
	got, err := readFolder(dir)
	is.NoErr(err)
	is.Equal(got, want)
}

func TestPublicPackages(t *testing.T) {
	for _, tc := range []struct {
		path, name string
		want       bool
	}{
		{path: ".", name: "ergon", want: true},
		{path: "otel", name: "ergonotel", want: true},
		{path: "connector/sqlite", name: "sqlite", want: true},
		{path: "internal/files", name: "files"},
		{path: "connector/sqlite/internal/dialect", name: "dialect"},
		{path: "examples", name: "examples"},
		{path: "examples/orders", name: "main"},
		{path: "pipeline", name: ""},
	} {
		t.Run(tc.path, func(t *testing.T) {
			is := is.New(t)
			is.Equal(goPackage{ImportPath: full(tc.path), Name: tc.name}.public(), tc.want)
		})
	}
}
