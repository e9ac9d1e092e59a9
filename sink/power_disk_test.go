package sink

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

var errPower = errors.New("there is no power")

// survivors is what stands in a directory when the power is back: texts by name.
type survivors map[string]string

// texts are the texts, but for the names of those that have made-up ones.
func (s survivors) texts() []string {
	var all []string
	for name, text := range s {
		if strings.HasSuffix(name, ".tmp") {
			name = ".tmp"
		}
		all = append(all, name+" "+strconv.Quote(text))
	}
	slices.Sort(all)
	return all
}

// powered is a disk that loses its power at an operation. What was not synced by
// then may survive or not: names as far as they were changed, one change after
// the other, and of each file some of what was written, as a loss says.
//
// What everybody sees meanwhile stands in a real directory.
type powered struct {
	fails int    // the operation with which the power fails, from 0
	deaf  string // what it says it has synced, and has not: "texts", "names"

	done    int
	off     bool
	now     map[string]*inode // by name, as everybody sees it
	lasting map[string]*inode // by name, as it survives
	names   []map[string]*inode
}

// inode is a file, whatever it is called. names holds changes of names, in which
// nil stands for a name that is gone.
type inode struct {
	lasting string
	changes []change
}

// change is a write at a place, or else a cut there.
type change struct {
	at   int
	text string
	cut  bool
}

// poweredBy returns a disk on a directory with some files in it.
func poweredBy(dir string, found survivors, fails int, deaf string) (*powered, error) {
	d := &powered{fails: fails, deaf: deaf, now: map[string]*inode{}}
	for name, text := range found {
		d.now[name] = &inode{lasting: text}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	d.lasting = maps.Clone(d.now)
	return d, nil
}

// operation is one that may be the last.
func (d *powered) operation() error {
	d.off = d.off || d.done >= d.fails
	d.done++
	if d.off {
		return errPower
	}
	return nil
}

// note notes a change of names, which is not durable yet.
func (d *powered) note(changes map[string]*inode) error {
	d.names = append(d.names, changes)
	alter(d.now, changes)
	return d.operation()
}

func alter(names, changes map[string]*inode) {
	for name, file := range changes {
		if names[name] = file; file == nil {
			delete(names, name)
		}
	}
}

func (d *powered) append(path string) (handle, error) {
	if d.off {
		return nil, errPower
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	if d.now[name] == nil {
		err = d.note(map[string]*inode{name: {}})
	}
	if err == nil {
		err = d.syncNames()
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &poweredFile{handle: file, disk: d, inode: d.now[name]}, nil
}

func (d *powered) syncNames() error {
	if err := d.operation(); err != nil || d.deaf == "names" {
		return err
	}
	for _, changes := range d.names {
		alter(d.lasting, changes)
	}
	d.names = nil
	return nil
}

func (d *powered) open(path string) (readable, error) {
	if d.off {
		return nil, errPower
	}
	return realDisk{}.open(path)
}

func (d *powered) rename(from, to string) error {
	if d.off {
		return errPower
	}
	if err := (realDisk{}).rename(from, to); err != nil {
		return err
	}
	old, name := filepath.Base(from), filepath.Base(to)
	return d.note(map[string]*inode{old: nil, name: d.now[old]})
}

func (d *powered) remove(path string) error {
	if d.off {
		return errPower
	}
	if err := (realDisk{}).remove(path); err != nil {
		return err
	}
	return d.note(map[string]*inode{filepath.Base(path): nil})
}

// poweredFile is an open file of a powered disk.
type poweredFile struct {
	handle
	disk  *powered
	inode *inode
}

func (f *poweredFile) size() int {
	info, err := f.handle.Stat()
	if err != nil {
		panic(err)
	}
	return int(info.Size())
}

func (f *poweredFile) Write(text []byte) (int, error) {
	if f.disk.off {
		return 0, errPower
	}
	f.inode.changes = append(f.inode.changes, change{at: f.size(), text: string(text)})
	n, err := f.handle.Write(text)
	return n, errors.Join(err, f.disk.operation())
}

func (f *poweredFile) Truncate(size int64) error {
	if f.disk.off {
		return errPower
	}
	f.inode.changes = append(f.inode.changes, change{at: int(size), cut: true})
	return errors.Join(f.handle.Truncate(size), f.disk.operation())
}

func (f *poweredFile) Sync() error {
	if err := f.disk.operation(); err != nil || f.disk.deaf == "texts" {
		return err
	}
	f.inode.lasting, f.inode.changes = f.inode.after(kept), nil
	return nil
}

func (f *poweredFile) Stat() (fs.FileInfo, error) {
	if f.disk.off {
		return nil, errPower
	}
	return f.handle.Stat()
}

// loss says what survives of the last thing that was done to a file and not
// synced; a write leaves the size it would have had, or not.
type loss int

const (
	kept     loss = iota // all
	lost                 // nothing of it, nor of what was done before
	undone               // nothing of it
	torn                 // the first half
	zeroed               // zeroes
	endless              // the first half, then zeroes
	headless             // zeroes, then the sectors of the second half
	losses
)

// after returns what survives of a file.
func (f *inode) after(l loss) string {
	changes := f.changes
	if len(changes) == 0 || l == lost {
		return f.lasting
	}
	last := changes[len(changes)-1]
	half, sector := len(last.text)/2, sectorIn(last)
	zeroes := strings.Repeat("\x00", len(last.text))
	switch l {
	case undone:
		changes = changes[:len(changes)-1]
	case torn:
		last.text = last.text[:half]
	case zeroed:
		last.text = zeroes
	case endless:
		last.text = last.text[:half] + zeroes[half:]
	case headless:
		last.text = zeroes[:sector] + last.text[sector:]
	}
	text := f.lasting
	for i, c := range changes {
		if i == len(f.changes)-1 {
			c = last
		}
		text = text[:c.at] + c.text
	}
	return text
}

// sectorIn returns where in the second half of a write a sector of the disk
// begins, which is the least that is there without what stands before it; 0 where
// none begins there.
func sectorIn(c change) int {
	const size = 512
	half := c.at + len(c.text)/2
	if begin := (half+size-1)/size*size - c.at; begin < len(c.text) {
		return begin
	}
	return 0
}

// survivors returns what may stand in the directory when the power is back, each
// once, and by which losses it came about.
func (d *powered) survivors() (all []survivors, by []loss) {
	for n := range len(d.names) + 1 {
		names := maps.Clone(d.lasting)
		for _, changes := range d.names[:n] {
			alter(names, changes)
		}
		for l := range losses {
			found := survivors{}
			for name, file := range names {
				found[name] = file.after(l)
			}
			if !slices.ContainsFunc(all, func(other survivors) bool { return maps.Equal(found, other) }) {
				all, by = append(all, found), append(by, l)
			}
		}
	}
	return all, by
}
