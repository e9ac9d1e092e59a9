package source

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// csvScan finds the fields of a record, one line of it after another.
type csvScan struct {
	comma  []byte
	fields []csvField
	open   bool // in quotes
	begin  int  // of the field whose quotes are open
	at     int  // as far as it came
}

// csvField is where a field stands in its record.
type csvField struct {
	from, to int
	quoted   bool
}

func (s *csvScan) reset() { s.fields, s.open = s.fields[:0], false }

// line goes on with the line text[from:to] of a record. It leaves open set where
// the record goes on in the next line.
func (s *csvScan) line(text []byte, from, to int) error {
	s.at = from
	for {
		if !s.open && s.at < to && text[s.at] == '"' {
			s.open, s.begin = true, s.at+1
			s.at++
		}
		more, err := s.field(text[:to])
		if err != nil || !more {
			return err
		}
	}
}

// field goes to the end of a field, and reports whether another follows on the
// same line.
func (s *csvScan) field(line []byte) (more bool, err error) {
	if s.open {
		return s.quoted(line)
	}
	from := s.at
	n := bytes.Index(line[from:], s.comma)
	to := from + n
	if n < 0 {
		to = len(line)
	}
	if i := bytes.IndexByte(line[from:to], '"'); i >= 0 {
		s.at = from + i
		return false, csv.ErrBareQuote
	}
	s.fields = append(s.fields, csvField{from: from, to: to})
	s.at = to + len(s.comma)
	return n >= 0, nil
}

// quoted is field inside quotes.
func (s *csvScan) quoted(line []byte) (more bool, err error) {
	for {
		i := bytes.IndexByte(line[s.at:], '"')
		if i < 0 {
			s.at = len(line)
			return false, nil
		}
		s.at += i + 1
		rest := line[s.at:]
		if len(rest) > 0 && rest[0] == '"' {
			s.at++
			continue
		}
		if len(rest) > 0 && !bytes.HasPrefix(rest, s.comma) {
			return false, csv.ErrQuote
		}
		s.fields = append(s.fields, csvField{from: s.begin, to: s.at - 1, quoted: true})
		s.open = false
		s.at += len(s.comma)
		return len(rest) > 0, nil
	}
}

// within keeps only the fields that lie in the first n bytes.
func (s *csvScan) within(n int) {
	for i, f := range s.fields {
		if f.to > n {
			s.fields = s.fields[:i]
			return
		}
	}
}

// values returns the fields of the record whose text is given.
func (s *csvScan) values(text string) []string {
	values := make([]string, len(s.fields))
	for i, f := range s.fields {
		values[i] = text[f.from:f.to]
		if f.quoted {
			values[i] = unquote.Replace(values[i])
		}
	}
	return values
}

// unquote undoes what quotes ask for, and makes ends of lines in them one, as
// package csv does.
var unquote = strings.NewReplacer(`""`, `"`, "\r\n", "\n")
