package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// pence is an amount of money: whole pence, so that sums are exact.
type pence int64

// errMoney says that a text is no amount. It does not say which.
var errMoney = errors.New("is not an amount in pounds and whole pence")

// UnmarshalText reads pounds with at most two decimals, "2.55", "0", "-1.5".
// Zeros behind those change nothing.
func (p *pence) UnmarshalText(text []byte) error {
	digits, negative := strings.CutPrefix(string(text), "-")
	pounds, rest, _ := strings.Cut(digits, ".")
	rest = strings.TrimRight(rest, "0")
	if len(rest) > 2 || digits == "" || digits == "." {
		return errMoney
	}
	if pounds == "" {
		pounds = "0"
	}
	amount, err := strconv.ParseUint(pounds+rest+"00"[len(rest):], 10, 63)
	if err != nil {
		return errMoney
	}
	*p = pence(amount)
	if negative {
		*p = -*p
	}
	return nil
}

// String is the amount as the shop prints it: "£1,234.50".
func (p pence) String() string {
	sign, amount := "", uint64(p)
	if p < 0 {
		sign, amount = "-", -amount
	}
	return fmt.Sprintf("%s£%s.%02d", sign, grouped(amount/100), amount%100)
}

// grouped is a number with a comma every three digits.
func grouped[N int | int64 | uint64](n N) string {
	digits := strconv.FormatUint(uint64(n), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
