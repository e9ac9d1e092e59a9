package screens_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"testing"
	"time"

	"github.com/ergon-go/ergon/live/screens/internal/show"
)

// asTerminal says that the process is one that shows samples in its terminal, and not
// a test.
const asTerminal = "ERGON_SHOW_TERMINAL"

func TestMain(m *testing.M) {
	if os.Getenv(asTerminal) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := show.Pipelines(ctx, nil, os.Stdout, show.Samples()...)
	stop()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// needs skips a test where a program is missing that it needs, but in CI, which has to
// have it. The first is found of several names that it may have.
func needs(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	why := "needs " + names[0] + ", which is not installed"
	if os.Getenv("ERGON_CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
	return ""
}

// eventually waits until something is so. What others draw takes them a moment.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("it never came to be that %s", what)
}

// picture keeps a picture for the documents, where somebody asks for that: of a run
// that has gone on for a while.
func picture(t *testing.T, name string, take func() []byte) {
	t.Helper()
	dir := os.Getenv("ERGON_PICTURES")
	if dir == "" {
		return
	}
	time.Sleep(6 * time.Second)
	content := take()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}
