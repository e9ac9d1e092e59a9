package main

import (
	"context"
	"time"
)

// order is a line whose customer is known.
type order struct {
	line
	Name string // of the customer
}

// invoice is a line of an invoice: a row of the table invoices.
type invoice struct {
	Invoice  string    `db:"invoice"`
	Line     int       `db:"line"`
	Stock    string    `db:"stock"`
	Date     time.Time `db:"date"`
	Customer string    `db:"customer"`
	Name     string    `db:"name"`
	Quantity int64     `db:"quantity"`
	Price    int64     `db:"price"`  // of one, in pence
	Amount   int64     `db:"amount"` // in pence
}

// price makes an order a line of an invoice.
func price(_ context.Context, o order) (invoice, error) {
	total, err := amount(o.Quantity, o.Price)
	if err != nil {
		return invoice{}, err
	}
	return invoice{
		Invoice: o.Invoice, Line: o.Number, Stock: o.Stock, Date: o.Date, Customer: o.Customer, Name: o.Name,
		Quantity: o.Quantity, Price: int64(o.Price), Amount: int64(total),
	}, nil
}
