package sink

import (
	"errors"
	"fmt"
	"io"

	"github.com/ergon-go/ergon"
)

// output is an open file at whose end records are put, all of a batch or none.
type output struct {
	disk    disk
	path    string // as it was given
	hidden  string // where the file stands until it is published; empty: under its name
	file    handle
	layout  layout
	heading heading
	length  int64 // of what was confirmed
	torn    bool  // more than that may stand in the file
	broken  error // why the last write failed
}

// head writes the names of the fields where the file is empty, and otherwise
// checks that they are those with which it begins.
func (o *output) head(names []string) error {
	if names == nil {
		return nil
	}
	if !o.heading.begun {
		return o.add(batch{heading: heading{names: names, begun: true}})
	}
	if !o.heading.admits(names) {
		return ergon.Fatal(located("append", o.path, fmt.Errorf("%w, %q", ErrHeading, names)))
	}
	return nil
}

// add puts the records of a batch at the end, below a heading where they are the
// first. nil means that they are on disk, except where the file is yet to be
// published: that makes it durable.
func (o *output) add(b batch) error {
	text := b.text
	if !o.heading.begun {
		text = append(o.layout.heading(b.heading.names), text...)
	} else if !o.heading.admits(b.heading.names) {
		return located("append", o.path, errHeadedMeanwhile)
	}
	if err := o.write(text); err != nil {
		o.broken = located("append", o.path, also(err, o.cut()))
		return o.broken
	}
	o.heading, o.broken = o.heading.withRecord(b.heading.names), nil
	return nil
}

func (o *output) write(text []byte) error {
	if err := o.cut(); err != nil {
		return err
	}
	o.torn = true
	n, err := o.file.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err == nil && o.hidden == "" {
		err = o.file.Sync()
	}
	if err != nil {
		return err
	}
	o.torn, o.length = false, o.length+int64(len(text))
	return nil
}

// cut takes away what was written and not confirmed. After a failed Sync too:
// nobody knows what of it is on disk, and written again it will be known.
func (o *output) cut() error {
	if !o.torn {
		return nil
	}
	info, err := o.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() > o.length {
		if err := o.file.Truncate(o.length); err != nil {
			return err
		}
	}
	o.torn = false
	return nil
}

// close closes a file that stands under its name.
func (o *output) close() error {
	if err := errors.Join(o.cut(), o.file.Close()); err != nil {
		return located("close", o.path, err)
	}
	return nil
}

// drop closes the file, and removes it where it was not published.
func (o *output) drop() error {
	if o.hidden == "" {
		return o.close()
	}
	return o.discard()
}
