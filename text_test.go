package ergon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestCutText(t *testing.T) {
	full := strings.Repeat("x", ergon.LongestText)
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"just fits", full, full},
		{"a byte too long", full + "y", full + "…"},
		{"inside a character", full[1:] + "é", full[1:] + "…"},
		{"between characters", full[2:] + "éé", full[2:] + "é…"},
		{"no text at all", strings.Repeat("\x80", ergon.LongestText+1), "…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(ergon.CutText(test.in), test.want)
		})
	}
}

func ExampleCutText() {
	fmt.Println(len(ergon.CutText(strings.Repeat("x", 5000))) < 1100, ergon.CutText("short"))
	// Output: true short
}
