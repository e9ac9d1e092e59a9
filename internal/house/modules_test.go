package house

import (
	"encoding/json"
	"testing"

	"github.com/matryer/is"
)

func TestModulesFitTogether(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	work, modules, err := w.modules()
	is.NoErr(err)
	is.True(len(modules) >= len(work.Use)) // every module was read
	report(t, "modules that do not fit", moduleFaults(work, modules))
}

func TestModuleFaults(t *testing.T) {
	const sqlite = `{"Go":"1.27","Toolchain":"go1.27.4","Require":[{"Path":"github.com/ergon-go/ergon"},{"Path":"modernc.org/sqlite"}]`
	for _, tc := range []struct {
		name, dir, mod string
		want           []string
	}{
		{
			name: "a nested module as it is meant", dir: "connector/sqlite",
			mod: sqlite + `,"Replace":[{"Old":{"Path":"github.com/ergon-go/ergon"},"New":{"Path":"../.."}}]}`,
		},
		{
			name: "no replace", dir: "connector/sqlite", mod: sqlite + `}`,
			want: []string{"connector/sqlite: requires github.com/ergon-go/ergon without a replace by its folder"},
		},
		{
			name: "a replace by a release", dir: "connector/sqlite",
			mod:  sqlite + `,"Replace":[{"Old":{"Path":"github.com/ergon-go/ergon"},"New":{"Path":"github.com/ergon-go/ergon","Version":"v1.0.0"}}]}`,
			want: []string{"connector/sqlite: requires github.com/ergon-go/ergon without a replace by its folder"},
		},
		{
			name: "a replace by the wrong folder", dir: "connector/sqlite",
			mod:  sqlite + `,"Replace":[{"Old":{"Path":"github.com/ergon-go/ergon"},"New":{"Path":"../"}}]}`,
			want: []string{"connector/sqlite: requires github.com/ergon-go/ergon without a replace by its folder"},
		},
		{
			name: "another Go", dir: "connector/sqlite", mod: `{"Go":"1.26"}`,
			want: []string{"connector/sqlite: go 1.26, toolchain ; the workspace has 1.27, go1.27.4"},
		},
		{
			name: "not in the workspace", dir: "connector/kafka", mod: `{"Go":"1.27","Toolchain":"go1.27.4"}`,
			want: []string{"connector/kafka: not in go.work"},
		},
		{name: "tools stay outside the workspace", dir: "tools/lint", mod: `{"Go":"1.27","Toolchain":"go1.27.4"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			var work, m goModule
			is.NoErr(json.Unmarshal([]byte(`{"Go":"1.27","Toolchain":"go1.27.4","Use":[{"DiskPath":"./connector/sqlite"}]}`), &work))
			is.NoErr(json.Unmarshal([]byte(tc.mod), &m))
			m.Dir = tc.dir
			is.Equal(moduleFaults(work, []goModule{m}), tc.want)
		})
	}
}
