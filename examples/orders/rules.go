package main

import (
	"errors"
	"math"
	"strings"
)

// Why a line is rejected, as the shop calls it.
var (
	errCancelled  = errors.New("cancelled")
	errNoCustomer = errors.New("no customer")
	errNoPrice    = errors.New("no price")
	errNoQuantity = errors.New("no quantity")
	errTooMuch    = errors.New("amount too large")
)

// check returns the first rule that a line breaks.
func check(l line) error {
	for _, rule := range []func(line) error{notCancelled, hasCustomer, hasPrice, hasQuantity} {
		if err := rule(l); err != nil {
			return err
		}
	}
	return nil
}

func notCancelled(l line) error {
	if strings.HasPrefix(l.Invoice, "C") {
		return errCancelled
	}
	return nil
}

func hasCustomer(l line) error {
	if strings.TrimSpace(l.Customer) == "" {
		return errNoCustomer
	}
	return nil
}

func hasPrice(l line) error {
	if l.Price <= 0 {
		return errNoPrice
	}
	return nil
}

func hasQuantity(l line) error {
	if l.Quantity <= 0 {
		return errNoQuantity
	}
	return nil
}

// amount is what a quantity costs. Neither is below 1.
func amount(quantity int64, each pence) (pence, error) {
	if quantity > math.MaxInt64/int64(each) {
		return 0, errTooMuch
	}
	return pence(quantity) * each, nil
}
