package house

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

func TestPromisesNameTheirTests(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	tests, err := w.tests()
	is.NoErr(err)
	is.True(tests["house/TestPromisesNameTheirTests"]) // the tests were found
	text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(promisesFile)))
	is.NoErr(err)
	report(t, "promises without their tests", promiseFaults(promisesFile, string(text), tests, promiseLabels()))
}

func TestPromiseFaults(t *testing.T) {
	tests := map[string]bool{"pipeline/TestA": true, "sqlite/TestB": true, "retry/FuzzC": true}
	head := "| # | promise | tests |\n|---|---|---|\n"
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"as it is meant", head + "| I1 | kept | `pipeline/TestA`<br>`retry/FuzzC` |\n| I2 | kept | `sqlite/TestB` |\n", nil},
		{"a table of other things", head + "| I1 | kept | `pipeline/TestA` |\n| I2 | kept | `pipeline/TestA` |\n\n| input | tests |\n| :-- | --: |\n| nil | `sqlite/TestB` |\n", nil},
		{"a test that is gone", head + "| I1 | kept | `pipeline/TestA`, `pipeline/TestGone` |\n| I2 | kept | `retry/FuzzGone` |\n", []string{
			"x.md:3: there is no test pipeline/TestGone", "x.md:4: there is no test retry/FuzzGone",
		}},
		{"a test of another package", head + "| I1 | kept | `sqlite/TestA` |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:3: there is no test sqlite/TestA"}},
		{"a name that only begins like a test's", head + "| I1 | kept | `pipeline/TestAB` |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:3: there is no test pipeline/TestAB"}},
		{"a test without its package", head + "| I1 | kept | `TestA` |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:3: there is no test TestA"}},
		{"a test in a sentence", "See pipeline/TestGone.\n" + head + "| I1 | kept | `pipeline/TestA` |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:1: there is no test pipeline/TestGone"}},
		{"a row without a test", head + "| I1 | kept | |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:3: this row names no test"}},
		{"a label that is missing", head + "| I1 | kept | `pipeline/TestA` |\n", []string{"x.md: I2 has no row"}},
		{"a label in a sentence only", head + "| I1 | kept, as I2 | `pipeline/TestA` |\n", []string{"x.md: I2 has no row"}},
		{"a longer label", head + "| I1 | kept | `pipeline/TestA` |\n| I22 | kept | `pipeline/TestA` |\n", []string{"x.md: I2 has no row"}},
		{"a label twice", head + "| I1 | kept | `pipeline/TestA` |\n| I1 | kept | `pipeline/TestA` |\n| I2 | kept | `pipeline/TestA` |\n", []string{"x.md:4: I1 has a row already"}},
		{"nothing", "", []string{"x.md: I1 has no row", "x.md: I2 has no row"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(promiseFaults("x.md", tc.text, tests, []string{"I1", "I2"}), tc.want)
		})
	}
}

func TestTestsOf(t *testing.T) {
	for _, tc := range []struct {
		name, path, source string
		want               []string
	}{
		{"tests and fuzz tests", "connector/sqlite/a_test.go", "func TestA(t *testing.T) {}\nfunc FuzzB(f *testing.F) {}", []string{"sqlite/TestA", "sqlite/FuzzB"}},
		{"of the root", "a_test.go", "func TestA(t *testing.T) {}", []string{"ergon/TestA"}},
		{"what is no test", "p/a_test.go", "func TestMain(m *testing.M) {}\nfunc BenchmarkA(b *testing.B) {}\nfunc ExampleA() {}\nfunc helper(t *testing.T) {}\nfunc TestB(t *testing.T, n int) {}\nfunc TestC(n int) {}\nfunc TestD(n *int) {}", nil},
		{"methods", "p/a_test.go", "type s struct{}\nfunc (s) TestA(t *testing.T) {}", nil},
		{"in a comment or a text", "p/a_test.go", "// func TestA(t *testing.T) {}\nconst a = `\nfunc TestB(t *testing.T) {}\n`", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			got, err := testsOf(tc.path, []byte("package p\n"+tc.source))
			is.NoErr(err)
			is.Equal(got, tc.want)
		})
	}
	t.Run("what does not parse", func(t *testing.T) {
		_, err := testsOf("a_test.go", []byte("package"))
		is.New(t).True(err != nil)
	})
}

func TestPromiseLabels(t *testing.T) {
	is := is.New(t)
	labels := promiseLabels()
	is.Equal(len(labels), 26)
	is.Equal([]string{labels[0], labels[21], labels[22], labels[25]}, []string{"I1", "I22", "I25", "I28"})
}
