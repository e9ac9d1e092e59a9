package main

import (
	"errors"
	"testing"

	"github.com/matryer/is"
)

func TestAmountsAreReadExactly(t *testing.T) {
	for text, want := range map[string]pence{
		"2.55": 255, "0": 0, "0.0": 0, "12": 1200, "12.": 1200, ".5": 50, "2.1": 210, "0.85": 85, "0.29": 29, "1.150": 115,
		"13541.33": 1354133, "-11062.06": -1106206, "92233720368547758.07": 9223372036854775807,
	} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			var p pence
			is.NoErr(p.UnmarshalText([]byte(text)))
			is.Equal(p, want)
		})
	}
}

func TestWhatIsNoAmountIsRefusedAndNotQuoted(t *testing.T) {
	for _, text := range []string{"", ".", "-", "-.", "1.005", "1,50", "1.2.3", "+1", "--1", "1.-5", "£2", "2.55 ", "1e3", "0x10", "NaN", "92233720368547758.08"} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			p := pence(7)
			err := p.UnmarshalText([]byte(text))
			is.True(errors.Is(err, errMoney))
			is.Equal(err.Error(), errMoney.Error())
			is.Equal(p, pence(7))
		})
	}
}

func TestAmountsAreWrittenInPounds(t *testing.T) {
	for p, want := range map[pence]string{
		0: "£0.00", 5: "£0.05", 28835091: "£288,350.91", 100000000: "£1,000,000.00", 99999: "£999.99", -255: "-£2.55",
		-9223372036854775808: "-£92,233,720,368,547,758.08",
	} {
		is.New(t).Equal(p.String(), want)
	}
}
