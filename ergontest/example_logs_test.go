package ergontest_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/ergon-go/ergon/ergontest"
)

// logged returns what some code has logged.
func logged() *ergontest.Logs {
	var logs ergontest.Logs
	log := slog.New(&logs).With("job", "night")
	log.Info("begun")
	log.WithGroup("order").Warn("a line is missing", "id", "7", "line", 2)
	log.Error("the directory is busy", "attempts", 3)
	return &logs
}

func ExampleLogs() {
	for _, r := range logged().All() {
		fmt.Println(r)
	}
	// Output:
	// level=INFO msg=begun job=night
	// level=WARN msg="a line is missing" job=night order.id=7 order.line=2
	// level=ERROR msg="the directory is busy" job=night attempts=3
}

func ExampleLogs_Contains() {
	test(func(t *testing.T) {
		logged().Contains(t, slog.LevelWarn, "missing", slog.String("order.id", "7"))
		fmt.Println("it does")
	})
	// Output:
	// it does
}

// A value that must not come out is one that is in nothing else.
func ExampleLogs_NoSecret() {
	test(func(t *testing.T) {
		logged().NoSecret(t, "canary-5f2c")
		fmt.Println("none")
	})
	// Output:
	// none
}

func ExampleLogList_Level() {
	fmt.Println(len(logged().All().Level(slog.LevelWarn, slog.LevelError)))
	// Output:
	// 2
}

func ExampleLogList_Saying() {
	fmt.Println(logged().All().Saying("busy"))
	// Output:
	// [level=ERROR msg="the directory is busy" job=night attempts=3]
}

func ExampleLogList_With() {
	fmt.Println(logged().All().With(slog.String("job", "night"), slog.Int("order.line", 2))[0].Message)
	// Output:
	// a line is missing
}

func ExampleLogRecord_Value() {
	attempts, _ := logged().All().Saying("busy")[0].Value("attempts")
	fmt.Println(attempts.Int64())
	// Output:
	// 3
}
