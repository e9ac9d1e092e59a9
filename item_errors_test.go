package ergon_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestItemErrorsOf(t *testing.T) {
	two := ergon.ItemErrors{nil, errDown}
	for _, test := range []struct {
		name     string
		err      error
		n        int
		want     []error // what each entry matches; nil = done
		misshape bool    // it is a report of the wrong length
	}{
		{"nil", nil, 2, nil, false},
		{"exactly one each", two, 2, []error{nil, errDown}, false},
		{"one each, all done", ergon.ItemErrors{nil, nil}, 2, nil, false},
		{"too short", two, 3, []error{errDown, errDown, errDown}, true},
		{"too long", two, 1, []error{errDown}, true},
		{"empty", ergon.ItemErrors{}, 1, []error{ergon.ErrReport}, true},
		{"a nil report that is an error", ergon.ItemErrors(nil), 1, []error{ergon.ErrReport}, true},
		{"too short, all done", ergon.ItemErrors{nil}, 2, []error{ergon.ErrReport, ergon.ErrReport}, true},
		{"wrapped", fmt.Errorf("storing: %w", two), 2, []error{errDown, errDown}, false},
		{"joined", errors.Join(two, fs.ErrClosed), 2, []error{errDown, fs.ErrClosed}, false},
		{"marked", ergon.Business(two), 2, []error{errDown, errDown}, false},
		{"another error", fs.ErrClosed, 2, []error{fs.ErrClosed, fs.ErrClosed}, false},
		{"an error on nothing", fs.ErrClosed, 0, nil, false},
		{"an error on less than nothing", fs.ErrClosed, -1, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got := ergon.ItemErrorsOf(test.err, test.n)
			is.Equal(len(got), len(test.want))
			for i, want := range test.want {
				is.Equal(got[i] == nil, want == nil)
				is.True(want == nil || errors.Is(got[i], want))
				is.Equal(errors.Is(got[i], ergon.ErrReport), test.misshape)
			}
		})
	}
}

func TestItemErrorsOfIsNilWhereAllAreDone(t *testing.T) {
	is := is.New(t)
	is.True(ergon.ItemErrorsOf(nil, 3) == nil)
	is.True(ergon.ItemErrorsOf(ergon.ItemErrors{nil, nil, nil}, 3) == nil)
	is.True(ergon.ItemErrorsOf(ergon.ItemErrors{}, 0) == nil)
}

func TestItemErrorsOfAWrongReportSteersNothing(t *testing.T) {
	is := is.New(t)
	for _, each := range ergon.ItemErrorsOf(ergon.ItemErrors{ergon.Drop("unwanted")}, 2) {
		steering, _ := ergon.SteeringOf(each)
		is.Equal(steering, ergon.SteerRetry) // dropped by mistake would be lost
	}
}

func TestItemErrorsSay(t *testing.T) {
	for _, test := range []struct {
		err  ergon.ItemErrors
		want string
	}{
		{nil, "ergon: none of 0 failed"},
		{ergon.ItemErrors{nil, nil}, "ergon: none of 2 failed"},
		{ergon.ItemErrors{nil, fs.ErrClosed, fs.ErrExist}, "ergon: 2 of 3 failed, the first: file already closed"},
	} {
		is.New(t).Equal(test.err.Error(), test.want)
	}
}

func TestItemErrorsIs(t *testing.T) {
	is := is.New(t)
	err := error(ergon.ItemErrors{nil, fmt.Errorf("x: %w", fs.ErrClosed)})
	is.True(errors.Is(err, fs.ErrClosed))
	is.True(!errors.Is(err, fs.ErrExist))
	is.True(!errors.Is(ergon.ItemErrors{nil}, fs.ErrClosed))
}
