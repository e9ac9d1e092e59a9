package sink

import (
	"crypto/rand"
	"os"
	"path/filepath"
)

// openDraft opens a hidden file beside the path under which it is to appear.
func openDraft(d disk, path string, l layout) (*output, error) {
	if err := regular(path, (*os.Root).Lstat); err != nil { // a rename would replace a link, not follow it
		return nil, located("create", path, err)
	}
	hidden := filepath.Join(filepath.Dir(path), hiddenName(filepath.Base(path)))
	file, err := d.append(hidden)
	if err != nil {
		return nil, located("create", path, err)
	}
	return &output{disk: d, path: path, hidden: hidden, file: file, layout: l}, nil
}

// longestStem leaves room for the rest of a hidden name in the 255 bytes that
// file systems allow.
const longestStem = 200

// hiddenName returns a name that two processes do not choose at once.
func hiddenName(name string) string {
	return "." + name[:min(len(name), longestStem)] + "." + rand.Text() + ".tmp"
}

// publish makes a hidden file durable and puts it under its name, in place of
// what stands there. Where that fails the hidden file is removed.
func (o *output) publish() error {
	err := o.cut()
	if err == nil {
		err = o.file.Sync()
	}
	if err != nil {
		return also(located("write", o.path, err), o.discard())
	}
	if err := o.file.Close(); err != nil {
		return also(located("close", o.path, err), o.remove())
	}
	if err := o.disk.rename(o.hidden, o.path); err != nil {
		return also(located("rename", o.path, err), o.remove())
	}
	return o.syncName()
}

// discard closes and removes a hidden file, of which nothing is wanted.
func (o *output) discard() error {
	_ = o.file.Close()
	return o.remove()
}

func (o *output) remove() error {
	if err := o.disk.remove(o.hidden); err != nil {
		return located("remove", o.path, err)
	}
	return nil
}

// syncName makes the name of a file durable, which disk.append sees to.
func (o *output) syncName() error {
	file, err := o.disk.append(o.path)
	if err != nil {
		return located("sync", o.path, err)
	}
	if err := file.Close(); err != nil {
		return located("close", o.path, err)
	}
	return nil
}
