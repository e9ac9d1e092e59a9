package ergon_test

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

const stackTop = `goroutine 7 [running]:
runtime/debug.Stack()
	/usr/lib/go/src/runtime/debug/stack.go:26 +0x5e
main.guard.func1()
	/ann/shop/guard.go:6 +0x1c
panic({0x6bf6b0?, 0x6f6ef0?})
	/usr/lib/go/src/runtime/panic.go:859 +0x125
`

func TestPanicErrorSaysWhere(t *testing.T) {
	for _, test := range []struct {
		name, stack, want string
	}{
		{"no stack", "", ""},
		{"a function", stackTop + "main.price(0x7)\n\t/ann/shop/main.go:57 +0x1d\n", " (main.go:57, main.price)"},
		{"one that is inlined", stackTop + "main.price(...)\n\t/ann/shop/main.go:57\n", " (main.go:57, main.price)"},
		{"without an end of line", stackTop + "main.price(...)\n\t/ann/shop/main.go:57", " (main.go:57, main.price)"},
		{"a method far away", stackTop + "example.org/a.b/c%2ed.(*T).do({0x1, 0x2})\n\t/x/t.go:1 +0x1\n", " (t.go:1, c.d.(*T).do)"},
		{"of a type with parameters", stackTop + "example.org/c.gen[...](...)\n\t/x/t.go:1 +0x1\n", " (t.go:1, c.gen[...])"},
		{"a function inside one", stackTop + "main.main.func2.1()\n\t/x/t.go:1 +0x1\n", " (t.go:1, main.main.func2.1)"},
		{"a path of another system", stackTop + "main.f()\n\tC:\\ann (old)\\t.go:1 +0x1\n", " (t.go:1, main.f)"},
		{
			"below the runtime",
			stackTop + "runtime.panicmem(...)\n\t/go/panic.go:1\nruntime.sigpanic()\n\t/go/signal.go:2 +0x3\n" +
				"internal/runtime/maps.(*Map).PutSlot(0x1)\n\t/go/map.go:3 +0x3\nmain.price()\n\t/x/main.go:57 +0x1\n",
			" (main.go:57, main.price)",
		},
		{"the last of several", stackTop + "main.again()\n\t/x/b.go:2 +0x1\npanic({0x1, 0x2})\n\t/go/panic.go:1 +0x1\nmain.first()\n\t/x/a.go:1 +0x1\n", " (b.go:2, main.again)"},
		{"no panic in it", "goroutine 7 [running]:\nmain.price()\n\t/x/main.go:57 +0x1\n", ""},
		{"nothing below the panic", stackTop, ""},
		{"cut in the panic", "goroutine 7 [running]:\npanic(", ""},
		{"cut in the frame", stackTop + "main.price(0x7)\n", ""},
		{"nothing but the runtime", stackTop + "runtime.goexit({})\n\t/go/asm.s:1 +0x1\n", ""},
		{"the end of the frames", stackTop + "created by main.(*T).run in goroutine 1\n\t/x/main.go:57 +0x1\n", ""},
		{"the end of the frames, in a closure", stackTop + "created by main.run(0x1)\n\t/x/main.go:57 +0x1\n", ""},
		{"frames left out", stackTop + "...23 frames elided...\nmain.price()\n\t/x/main.go:57 +0x1\n", ""},
		{"no number of a line", stackTop + "main.price()\n\t/x/main.go:x +0x1\n", ""},
		{"a negative one", stackTop + "main.price()\n\t/x/main.go:-1 +0x1\n", ""},
		{"no file", stackTop + "main.price()\n\t/x/:57 +0x1\n", ""},
		{"no tab", stackTop + "main.price()\n/x/main.go:57 +0x1\n", ""},
		{"no brackets", stackTop + "main.price\n\t/x/main.go:57 +0x1\n", ""},
		{"a name that steers terminals", stackTop + "main.\x1b[2J()\n\t/x/main.go:57 +0x1\n", ""},
		{"a file that does", stackTop + "main.price()\n\t/x/\x1bmain.go:57 +0x1\n", ""},
		{"anything at all", "\npanic(\n\n\n\n\xff(\x00)\n\t:\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := &ergon.PanicError{Value: "boom", Stack: []byte(test.stack)}
			is.New(t).Equal(err.Error(), "panic: boom"+test.want)
		})
	}
}

func TestPanicErrorStaysShortWithItsPlace(t *testing.T) {
	is := is.New(t)
	stack := stackTop + "main.price(0x7)\n\t/ann/shop/main.go:57 +0x1d\n"
	err := &ergon.PanicError{Value: strings.Repeat("x", 1<<20), Stack: []byte(stack)}
	is.Equal(len(err.Error()), ergon.LongestText)
	is.True(strings.HasSuffix(err.Error(), "x… (main.go:57, main.price)"))
	long := strings.ReplaceAll(stack, "price", strings.Repeat("price", 1<<20))
	err = &ergon.PanicError{Value: strings.Repeat("x", 1<<20), Stack: []byte(long)}
	is.Equal(len(err.Error()), ergon.LongestText)
	is.True(strings.HasSuffix(err.Error(), "…)"))
}

// assign panics inside the runtime.
func assign(m map[string]int) { m["a"] = 1 }

func TestPanicErrorReadsTheStacksOfThisGo(t *testing.T) {
	for name, fn := range map[string]func(){
		"a panic":        func() { panic(errors.New("boom")) },
		"a nil pointer":  func() { var e *ergon.ConfigError; e.Why = "" }, //nolint:govet // it is to panic
		"an index":       func() { var s []int; s[len(t.Name())]++ },      //nolint:govet // it is to panic
		"a nil function": func() { var f func(); f() },                    //nolint:govet // it is to panic
		"another panic":  func() { defer func() { panic(recover()) }(); panic("boom") },
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			text := caught(fn).Error()
			_, file, _, _ := runtime.Caller(0)
			_, where, found := strings.Cut(text, " (panic_place_test.go:")
			is.True(found)
			line, function, _ := strings.Cut(where, ", ")
			_, err := strconv.Atoi(line)
			is.NoErr(err)
			is.True(strings.HasPrefix(function, "ergon_test.TestPanicErrorReadsTheStacksOfThisGo.func"))
			is.True(!strings.Contains(text, strings.TrimSuffix(file, "panic_place_test.go")))
		})
	}
	t.Run("below the runtime", func(t *testing.T) {
		is := is.New(t)
		text := caught(func() { assign(nil) }).Error()
		is.True(strings.HasPrefix(text, "panic: assignment to entry in nil map (panic_place_test.go:"))
		is.True(strings.HasSuffix(text, ", ergon_test.assign)"))
	})
}

// caught returns the panic of a function.
func caught(fn func()) (err *ergon.PanicError) {
	defer func() {
		if v := recover(); v != nil {
			err = &ergon.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	fn()
	return nil
}
