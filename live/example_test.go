package live_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/ergon-go/ergon/live"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func shout(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil }

// greetings is a pipeline that has not begun.
func greetings() pipeline.Pipeline {
	return pipeline.From(source.Slice([]string{"hello"}), pipeline.Named("greetings")).
		Map(shout, stage.Named("shout")).
		To(sink.Discard[string](), stage.Named("post"))
}

func ExampleNew() {
	ctx, stop := context.WithCancel(context.Background())
	stop() // as soon as it has begun, so that the last picture is all there is
	if err := live.New(greetings()).Terminal(ctx, os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// greetings  not begun
	// · source  · shout  · post
}

func ExampleView_Add() {
	view := live.New()
	view.Add(greetings())
	ctx, stop := context.WithCancel(context.Background())
	stop()
	fmt.Println(view.Terminal(ctx, os.Stdout))
	// Output:
	// greetings  not begun
	// · source  · shout  · post
	// <nil>
}

func ExampleView_Terminal() {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	p := greetings()
	if err := p.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	var out strings.Builder
	if err := live.New(p).Terminal(ctx, &out); err != nil {
		fmt.Println(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	fmt.Println(lines[len(lines)-1])
	// Output: fetched 1  acked 1  dead-lettered 0  returned 0  released 0  unsettled 0  in flight 0
}

func ExampleView_Handler() {
	mux := http.NewServeMux() // one of yours
	page := live.New(greetings()).Handler()
	mux.Handle("/ergon", page)
	mux.Handle("/ergon/", page)
	r := httptest.NewRequest(http.MethodGet, "http://localhost/ergon/mermaid", http.NoBody)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Print(w.Body)
	// Output:
	// %% greetings
	// flowchart LR
	//     n0[("source")]
	//     n1["shout<br/>[map]"]
	//     n2[("post<br/>[sink]")]
	//     n0 --> n1
	//     n1 --> n2
}

func ExampleView_Serve() {
	err := live.New().Serve(context.Background(), "0.0.0.0:7777")
	fmt.Println(errors.Is(err, live.ErrNotLoopback))
	fmt.Println(err)
	// Output:
	// true
	// live: the address is not of this machine alone: "0.0.0.0:7777"; use localhost
}

func ExampleView_ServeOn() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	l, err := live.Listen(ctx, "localhost:0") // any port
	if err != nil {
		fmt.Println(err)
		return
	}
	stop() // at once
	fmt.Println(live.New(greetings()).ServeOn(ctx, l))
	// Output: <nil>
}

func ExampleListen() {
	_, err := live.Listen(context.Background(), ":7777")
	fmt.Println(err)
	// Output: live: the address is not of this machine alone: ":7777"; use localhost
}
