package source_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleLines() {
	files := fstest.MapFS{"names.txt": {Data: []byte("Ada\nGrace\n")}}
	txs, err := source.Lines("names.txt", source.In(files)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		fmt.Println(tx.ID(), tx.Payload().Text)
	}
	fmt.Println(err)
	// Output:
	// names.txt:1 Ada
	// names.txt:2 Grace
	// EOF
}

func ExampleLineText() {
	files := fstest.MapFS{"names.txt": {Data: []byte("Ada\nGrace\n")}}
	txs, _ := source.Lines("names.txt", source.In(files), source.Longest(4)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		text, err := source.LineText(context.Background(), tx.Payload())
		fmt.Printf("%q %v\n", text, err)
	}
	// Output:
	// "Ada" <nil>
	// "Grac" source: longer than allowed: line 2, 4 bytes
}

// file is a file system with one file, and the option to read from it.
func file(name, text string) source.FileOption {
	return source.In(fstest.MapFS{name: {Data: []byte(text)}})
}

func TestLinesAreCutAtTheirEnds(t *testing.T) {
	long := strings.Repeat("x", 200_000) // more than is read at once
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"last line without an end", "a\nb", []string{"a", "b"}},
		{"last line with an end", "a\nb\n", []string{"a", "b"}},
		{"CRLF", "a\r\nb\r\n", []string{"a", "b"}},
		{"a lone CR is text, but for one at the end", "a\rb\r\r\nc\r", []string{"a\rb\r", "c"}},
		{"blank lines", "\n\r\n\na\n", []string{"", "", "", "a"}},
		{"byte order mark", "\ufeffa\n\ufeffb\n", []string{"a", "\ufeffb"}},
		{"nothing but a byte order mark", "\ufeff", nil},
		{"half a byte order mark", "\xef\xbb", []string{"\xef\xbb"}},
		{"bytes that are not UTF-8, and NUL", "\xff\x00\n", []string{"\xff\x00"}},
		{"long lines", long + "\nshort\n" + long, []string{long, "short", long}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.Lines("f", file("f", tt.text))
			is.Equal(count(t, s), len(tt.want))
			txs := drain(t, s, 2)
			is.Equal(len(txs), len(tt.want))
			for i, tx := range txs {
				is.Equal(tx.Payload(), source.Line{Text: tt.want[i], Number: i + 1})
				is.Equal(tx.ID(), fmt.Sprintf("f:%d", i+1))
			}
			is.Equal(count(t, s), 0)
		})
	}
}

func TestALineThatIsTooLongFailsAlone(t *testing.T) {
	huge := strings.Repeat("x", 1_000_000)
	tests := []struct {
		name, text string
		want       []string // * at the end: too long
	}{
		{"exactly as long as allowed", "12345\n12345\r\n12345", []string{"12345", "12345", "12345"}},
		{"one more", "123456\n123456\r\n123456", []string{"12345*", "12345*", "12345*"}},
		{"in the middle", "a\n" + huge + "\nb\n", []string{"a", "xxxxx*", "b"}},
		{"at the end", "a\n" + huge, []string{"a", "xxxxx*"}},
		{"several", huge + "\n" + huge + "\r\n\nb", []string{"xxxxx*", "xxxxx*", "", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.Lines("f", file("f", tt.text), source.Longest(5))
			is.Equal(count(t, s), len(tt.want))
			var got []string
			for i, tx := range drain(t, s, 3) {
				line := tx.Payload()
				is.Equal(line.Number, i+1)
				if line.Err != nil {
					is.True(errors.Is(line.Err, source.ErrTooLong))
					is.Equal(ergon.CategoryOf(line.Err), ergon.CategoryBusiness)
					is.True(!strings.Contains(line.Err.Error(), "xxx")) // payloads are not for messages
					line.Text += "*"
				}
				got = append(got, line.Text)
			}
			is.Equal(got, tt.want)
		})
	}
}
