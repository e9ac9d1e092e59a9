package plain

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// line is an order line.
type line struct {
	number                   int
	invoice, stock, customer string
	quantity                 int64
	date                     time.Time
	price                    int64 // of one, in pence
}

// errUnreadable is the reason for lines that are none.
var errUnreadable = errors.New("unreadable")

// parse reads a line.
func parse(r record) (line, error) {
	if r.fault != "" {
		return line{}, fmt.Errorf("%w: %s", errUnreadable, r.fault)
	}
	l := line{number: r.line, invoice: r.fields[0], stock: r.fields[1], customer: r.fields[5]}
	quantity, err := strconv.ParseInt(strings.TrimSpace(r.fields[2]), 10, 64)
	if err != nil {
		return l, fmt.Errorf("%w: quantity", errUnreadable)
	}
	date, err := time.Parse("1/2/06 15:04", strings.TrimSpace(r.fields[3]))
	if err != nil {
		return l, fmt.Errorf("%w: date", errUnreadable)
	}
	price, err := pence(strings.TrimSpace(r.fields[4]))
	if err != nil {
		return l, fmt.Errorf("%w: price", errUnreadable)
	}
	l.quantity, l.date, l.price = quantity, date, price
	return l, nil
}

var errMoney = errors.New("is no amount of pounds and pence")

// pence reads an amount in pounds with at most two decimals that count.
func pence(text string) (int64, error) {
	digits, negative := strings.CutPrefix(text, "-")
	pounds, decimals, _ := strings.Cut(digits, ".")
	decimals = strings.TrimRight(decimals, "0")
	if len(decimals) > 2 || pounds+decimals == "" && !strings.Contains(digits, "0") {
		return 0, errMoney
	}
	amount, err := strconv.ParseUint("0"+pounds+decimals+"00"[len(decimals):], 10, 63)
	if err != nil {
		return 0, errMoney
	}
	if negative {
		return -int64(amount), nil
	}
	return int64(amount), nil
}

// Why a line is rejected.
var (
	errCancelled       = errors.New("cancelled")
	errNoCustomer      = errors.New("no customer")
	errNoPrice         = errors.New("no price")
	errNoQuantity      = errors.New("no quantity")
	errTooMuch         = errors.New("amount too large")
	errUnknownCustomer = errors.New("unknown customer")
)

// check returns the first rule that a line breaks.
func check(l line) error {
	switch {
	case strings.HasPrefix(l.invoice, "C"):
		return errCancelled
	case strings.TrimSpace(l.customer) == "":
		return errNoCustomer
	case l.price <= 0:
		return errNoPrice
	case l.quantity <= 0:
		return errNoQuantity
	}
	return nil
}

// amount is what the line costs, in pence.
func amount(l line) (int64, error) {
	if l.quantity > math.MaxInt64/l.price {
		return 0, errTooMuch
	}
	return l.quantity * l.price, nil
}
