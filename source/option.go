package source

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Option is a setting of any source that takes settings. Some settings fit only
// some sources, and the compiler refuses them elsewhere.
type Option interface {
	FileOption
	everywhere()
}

// FileOption is a setting of Files, Lines, JSONLines and CSV.
type FileOption interface {
	TextOption
	ofFiles()
}

// TextOption is a setting of Lines, JSONLines and CSV.
type TextOption interface {
	CSVOption
	ofText()
}

// CSVOption is a setting of CSV.
type CSVOption interface {
	apply(*settings)
}

// Named sets the first part of a source's ids.
func Named(name string) Option {
	return option{fileOption{textOption{csvOption(func(s *settings) {
		s.name = name
		s.check(name == "", "name", "", "is empty")
	})}}}
}

// In reads from a file system of its own, an embed.FS for instance, instead of
// the one of the machine. Paths are then those of package io/fs.
func In(fsys fs.FS) FileOption {
	return fileOption{textOption{csvOption(func(s *settings) {
		s.fsys = fsys
		s.check(fsys == nil, "file system", "", "is nil")
	})}}
}

// Longest bounds, in bytes, a line or record, its end not counted: 1 MiB unless
// set. It also bounds the memory that one takes.
func Longest(bytes int) TextOption {
	return textOption{csvOption(func(s *settings) {
		s.longest = bytes
		s.check(bytes < 1, "longest", strconv.Itoa(bytes), "must be at least 1")
	})}
}

// Comma sets what separates fields: a comma unless set.
func Comma(separator rune) CSVOption {
	return csvOption(func(s *settings) {
		s.comma = separator
		bad := separator == 0 || separator == utf8.RuneError || !utf8.ValidRune(separator) || strings.ContainsRune("\"\r\n", separator)
		s.check(bad, "comma", strconv.QuoteRune(separator), "cannot separate fields")
	})
}

// Header names the fields of a file that has no header, so that its first
// record is data already. Without names the fields have none, and the first
// record says how many there are.
func Header(names ...string) CSVOption {
	names = append([]string(nil), names...)
	return csvOption(func(s *settings) {
		s.header, s.headless = names, true
		seen := make(map[string]bool, len(names))
		for _, name := range names {
			s.check(seen[name], "header", strconv.Quote(name), "is there twice")
			seen[name] = true
		}
	})
}

const mebibyte = 1 << 20

// settings is what options set and where their faults are kept.
type settings struct {
	where    string // the constructor, for messages
	name     string
	fsys     fs.FS // nil: the machine's
	longest  int
	comma    rune
	header   []string
	headless bool
	faults   []error
}

func settingsOf[O CSVOption](where, name string, options []O) settings {
	s := settings{where: where, name: name, longest: mebibyte, comma: ','}
	for _, o := range options {
		if any(o) != nil {
			o.apply(&s)
		}
	}
	return s
}

// check notes a fault where there is one.
func (s *settings) check(bad bool, field, value, why string) {
	if bad {
		s.faults = append(s.faults, fault(s.where, field, value, why))
	}
}

// err is all faults, joined.
func (s *settings) err() error { return errors.Join(s.faults...) }

// names is what ids begin with, for Merge to compare.
func (s *settings) names() []string { return []string{s.name} }

// rewinds says that Start after Stop begins again, so that Merge keeps nothing
// for then. All sources that have settings do.
func (s *settings) rewinds() bool { return true }

type (
	csvOption  func(*settings)
	textOption struct{ csvOption }
	fileOption struct{ textOption }
	option     struct{ fileOption }
)

func (o csvOption) apply(s *settings) { o(s) }
func (textOption) ofText()            {}
func (fileOption) ofFiles()           {}
func (option) everywhere()            {}
