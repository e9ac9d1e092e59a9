package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// The tests of several processes run this binary again, as a child that does one
// of these and reports what it was told, a line each.
const (
	childJob  = "ERGON_SQLITE_CHILD"
	childFile = "ERGON_SQLITE_FILE"
	childHour = "ERGON_SQLITE_HOUR" // by how many hours the child's clock is ahead
)

func TestMain(m *testing.M) {
	job := os.Getenv(childJob)
	if job == "" {
		os.Exit(m.Run())
	}
	if err := child(context.Background(), job); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(ctx context.Context, job string) error {
	hours, err := strconv.Atoi(os.Getenv(childHour))
	if err != nil {
		return err
	}
	ahead := time.Duration(hours) * time.Hour
	db, err := Open(ctx, os.Getenv(childFile), clock(func() time.Time { return time.Now().Add(ahead) }))
	if err != nil {
		return err
	}
	q := Queue(db, "orders", String())
	if job == "consume" {
		return errors.Join(consumeAll(ctx, q), db.Close())
	}
	go func() { // ends with the process
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0) // whoever started this is gone
	}()
	faults := make(chan error)
	go func() { faults <- produce(ctx, q, hours) }()
	go func() { faults <- consume(ctx, q) }()
	return <-faults
}

// said writes a line; several may at once.
func said(what string, ids ...string) {
	_, _ = io.WriteString(os.Stdout, what+" "+strings.Join(ids, " ")+"\n")
}

// produce enqueues without end.
func produce(ctx context.Context, q *QueueConnector[string], run int) error {
	for i := 0; ; i += 3 {
		txs := texts(fmt.Sprint(run, "/", i), fmt.Sprint(run, "/", i+1), fmt.Sprint(run, "/", i+2))
		if err := q.Dispatch(ctx, txs); err != nil {
			return err
		}
		said("queued", idsOf(txs)...)
	}
}

// consume fetches and acks without end.
func consume(ctx context.Context, q *QueueConnector[string]) error {
	for {
		txs, err := q.Fetch(ctx, 4)
		if err != nil {
			return err
		}
		if len(txs) == 0 {
			continue
		}
		said("fetched", idsOf(txs)...)
		said("acking", idsOf(txs)...)
		if err := ack(ctx, q, txs); err != nil {
			return err
		}
		said("acked", idsOf(txs)...)
	}
}

// consumeAll fetches, waits to be told to go on, and then empties the queue.
func consumeAll(ctx context.Context, q *QueueConnector[string]) error {
	for told := false; ; {
		txs, err := q.Fetch(ctx, 7)
		if err != nil {
			return err
		}
		if n, err := q.Count(ctx); err != nil || n == 0 {
			return err
		}
		if len(txs) == 0 {
			continue
		}
		said("fetched", idsOf(txs)...)
		if !told {
			if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
				return err
			}
			told = true
		}
		if err := ack(ctx, q, txs); err != nil {
			return err
		}
	}
}

func ack(ctx context.Context, q *QueueConnector[string], txs []ergon.Transaction[string]) error {
	all := make([]ergon.Settlement[string], len(txs))
	for i, tx := range txs {
		all[i].Transaction = tx
	}
	return q.Settle(ctx, all)
}

// process is a child as its parent sees it.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Reader
	once  sync.Once
}

func started(t *testing.T, job, file string, hour int) *process {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childJob+"="+job, childFile+"="+file, childHour+"="+strconv.Itoa(hour))
	cmd.Stderr = os.Stderr
	stdin, errIn := cmd.StdinPipe()
	stdout, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, stdin: stdin, lines: bufio.NewReader(stdout)}
	t.Cleanup(func() { p.kill() })
	return p
}

// line is what the child says next; false when it says no more, or was cut off.
func (p *process) line() (what string, ids []string, ok bool) {
	text, err := p.lines.ReadString('\n')
	if err != nil {
		return "", nil, false
	}
	words := strings.Fields(text)
	return words[0], words[1:], true
}

// kill ends the child as a power cut would; what it has said can still be read.
func (p *process) kill() {
	p.once.Do(func() { _ = p.cmd.Process.Kill() })
}
