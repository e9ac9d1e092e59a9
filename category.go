package ergon

import (
	"context"
	"errors"
)

// Category says whose fault a failure is.
type Category uint8

const (
	// CategorySystem: a fault of the systems around; trying again may help.
	CategorySystem Category = iota
	// CategoryBusiness: a fault of the data; trying again cannot help.
	CategoryBusiness
	// CategoryTimeout: it took too long; trying again may help.
	CategoryTimeout
)

var categoryNames = [...]string{"system", "business", "timeout"}

// String returns the category in lower case.
func (c Category) String() string {
	if int(c) < len(categoryNames) {
		return categoryNames[c]
	}
	return "category(" + itoa(int(c)) + ")"
}

// CategoryOf returns the category of an error: business where Business marks it,
// timeout where it is context.DeadlineExceeded or says Timeout() of itself, else
// system.
func CategoryOf(err error) Category {
	if s, _ := SteeringOf(err); s == SteerBusiness {
		return CategoryBusiness
	}
	var t interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout() {
		return CategoryTimeout
	}
	return CategorySystem
}
