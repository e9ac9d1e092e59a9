package sink

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table is the layout of CSV files.
type table struct {
	comma  rune // ASCII
	header []string
	headed bool // header was given
}

var errNoField = errors.New("sink: a record without a field cannot be written")

// encode appends a record.
func (t table) encode(dst []byte, fields []string) ([]byte, error) {
	if len(fields) == 0 {
		return dst, errNoField
	}
	if len(fields) == 1 && fields[0] == "" {
		return append(dst, "\"\"\n"...), nil // an empty line is no record
	}
	for i, field := range fields {
		if i > 0 {
			dst = append(dst, byte(t.comma))
		}
		dst = t.field(dst, field)
	}
	return append(dst, '\n'), nil
}

func (t table) field(dst []byte, field string) []byte {
	if !t.quoted(field) {
		return append(dst, field...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(field, `"`, `""`)...)
	return append(dst, '"')
}

// quoted reports whether a field must stand in quotes. Space at the beginning
// would be lost to some readers, `\.` alone ends the data for PostgreSQL, and a
// file must not begin with a zero: see whole.
func (t table) quoted(field string) bool {
	if strings.ContainsAny(field, "\"\r\n") || strings.HasPrefix(field, "\x00") || strings.ContainsRune(field, t.comma) || field == `\.` {
		return true
	}
	first, _ := utf8.DecodeRuneInString(field)
	return field != "" && unicode.IsSpace(first)
}

func (t table) heading(names []string) []byte {
	if len(names) == 0 {
		return nil
	}
	text, _ := t.encode(nil, names) // cannot fail: there are names
	return text
}

// longestHeading bounds how much of a file is read to find its names.
const longestHeading = 1 << 20

func (t table) names(content io.Reader) ([]string, error) {
	begin := bufio.NewReader(io.LimitReader(content, longestHeading))
	_ = skipMark(begin)
	r := csv.NewReader(begin)
	r.Comma, r.LazyQuotes = t.comma, true
	names, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil // empty lines only
	}
	if err != nil {
		return nil, errNoHeading // its own error may quote the file
	}
	return names, nil
}

// skipMark reads the byte order mark with which some programs begin a text, and
// returns how long it is.
func skipMark(r *bufio.Reader) int64 {
	const mark = "\ufeff"
	if begin, _ := r.Peek(len(mark)); string(begin) != mark {
		return 0
	}
	n, _ := r.Discard(len(mark))
	return int64(n)
}

var errNoHeading = errors.New("its first record cannot be read")

// whole reads from the beginning, because only that tells whether a newline is
// the end of a record or stands in a quoted field. A file that begins with zeroes
// is one of which a loss of power took the beginning, and with it the names: that
// was its first batch, and nobody was told that it was stored. No record of ours
// begins with one.
func (t table) whole(content io.ReaderAt, size int64) (int64, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(content, 0, size), 64<<10)
	if first, _ := r.Peek(1); string(first) == "\x00" {
		return 0, nil
	}
	end, at := int64(0), fieldBegins
	for n := skipMark(r) + 1; ; n++ {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		if at = at.after(c, byte(t.comma)); at == recordEnds {
			end, at = n, fieldBegins
		}
	}
}

// place is where in a record one is.
type place uint8

const (
	fieldBegins place = iota
	inField
	inQuotes
	afterQuote // which is the last, or one of two that stand for one
	recordEnds
)

// after returns the place behind one more byte. A quote inside of a field that
// did not begin with one is a character like any other.
func (p place) after(c, comma byte) place {
	switch {
	case p == inQuotes && c == '"':
		return afterQuote
	case p == inQuotes, p == afterQuote && c == '"', p == fieldBegins && c == '"':
		return inQuotes
	case c == '\n':
		return recordEnds
	case c == comma:
		return fieldBegins
	default:
		return inField
	}
}
