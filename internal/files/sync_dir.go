package files

import (
	"errors"
	"os"
	"runtime"
)

// syncDir makes the names in a directory survive a loss of power. Windows does
// that by itself and refuses to be asked.
func syncDir(root *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
