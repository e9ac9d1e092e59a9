package ergon_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestCategoryOf(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want ergon.Category
	}{
		{"nil", nil, ergon.CategorySystem},
		{"plain", errDown, ergon.CategorySystem},
		{"permanent", ergon.Permanent(errDown), ergon.CategorySystem},
		{"canceled", context.Canceled, ergon.CategorySystem},
		{"business", ergon.Business(errDown), ergon.CategoryBusiness},
		{"business, wrapped", fmt.Errorf("x: %w", ergon.Business(errDown)), ergon.CategoryBusiness},
		{"business, about time", ergon.Business(context.DeadlineExceeded), ergon.CategoryBusiness},
		{"deadline", context.DeadlineExceeded, ergon.CategoryTimeout},
		{"deadline, wrapped and joined", errors.Join(errDown, fmt.Errorf("x: %w", context.DeadlineExceeded)), ergon.CategoryTimeout},
		{"deadline of a file", os.ErrDeadlineExceeded, ergon.CategoryTimeout},
		{"timeout of the network", &net.OpError{Op: "dial", Err: &net.DNSError{IsTimeout: true}}, ergon.CategoryTimeout},
		{"another error of the network", &net.OpError{Op: "dial", Err: &net.DNSError{}}, ergon.CategorySystem},
		{"steering about time", ergon.RetryAfter(1, context.DeadlineExceeded), ergon.CategoryTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(ergon.CategoryOf(test.err), test.want)
		})
	}
}

func TestCategoryString(t *testing.T) {
	is := is.New(t)
	is.Equal(ergon.CategorySystem.String(), "system")
	is.Equal(ergon.CategoryBusiness.String(), "business")
	is.Equal(ergon.CategoryTimeout.String(), "timeout")
	is.Equal(ergon.Category(9).String(), "category(9)")
}
