package sink

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// openEnd opens a file at the end of its last whole record.
func openEnd(d disk, path string, l layout) (*output, error) {
	if err := regular(path, (*os.Root).Stat); err != nil {
		return nil, located("append", path, err)
	}
	file, err := d.append(path)
	if err != nil {
		return nil, located("append", path, err)
	}
	o := &output{disk: d, path: path, file: file, layout: l}
	if err := o.mend(); err != nil {
		return nil, located("append", path, also(err, file.Close()))
	}
	return o, nil
}

// regular refuses a path where something other than a file stands: a directory,
// a device, a pipe that would block whoever opens it.
func regular(path string, stat func(*os.Root, string) (fs.FileInfo, error)) error {
	return inDirectory(path, func(dir *os.Root) error {
		info, err := stat(dir, filepath.Base(path))
		if err == nil && !info.Mode().IsRegular() {
			return errIrregular
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// mend finds out what stands in the file, and sets aside what is not whole.
func (o *output) mend() error {
	info, err := o.file.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	content, err := o.disk.open(o.path)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // only read
	o.length, err = o.layout.whole(content, info.Size())
	if err != nil {
		return err
	}
	if rest := info.Size() - o.length; rest > 0 {
		if err := o.setAside(io.NewSectionReader(content, o.length, rest)); err != nil {
			return err
		}
	}
	if o.length == 0 {
		return nil
	}
	names, err := o.layout.names(io.NewSectionReader(content, 0, o.length))
	o.heading = heading{names: names, begun: true}
	return err
}

// setAside moves what follows the last whole record out of the file.
func (o *output) setAside(torn io.Reader) error {
	aside, err := o.disk.append(o.path + ".torn")
	if err != nil {
		return err
	}
	_, err = io.Copy(aside, torn)
	if err == nil {
		_, err = io.WriteString(aside, "\n")
	}
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	return errors.Join(o.file.Truncate(o.length), o.file.Sync())
}
