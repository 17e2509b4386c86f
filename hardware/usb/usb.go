// Package usb names a device by what it says of itself, so that a station finds
// its scanner again after a reboot or in another socket, when the system's name
// for it is another one.
package usb

import (
	"fmt"
	"strings"
)

// ID is what a USB device says of itself. Serial may be "": cheap scanners have
// none, or all the same.
type ID struct {
	VID, PID string // four hexadecimal digits, in capitals
	Serial   string
}

// Parse reads "0C2E:0B6A" and "0C2E:0B6A:SERIAL"; false for anything else, such
// as a device's path.
func Parse(s string) (ID, bool) {
	parts := strings.SplitN(s, ":", 3)
	if len(parts) < 2 || !four(parts[0]) || !four(parts[1]) {
		return ID{}, false
	}
	id := ID{VID: strings.ToUpper(parts[0]), PID: strings.ToUpper(parts[1])}
	if len(parts) == 3 {
		if parts[2] == "" {
			return ID{}, false
		}
		id.Serial = parts[2]
	}
	return id, true
}

// String is what [Parse] reads.
func (i ID) String() string {
	if i.Serial == "" {
		return i.VID + ":" + i.PID
	}
	return i.VID + ":" + i.PID + ":" + i.Serial
}

// Is says that the device is the one wanted; a wanted ID without serial takes any.
func (i ID) Is(wanted ID) bool {
	return i.VID == wanted.VID && i.PID == wanted.PID && (wanted.Serial == "" || wanted.Serial == i.Serial)
}

// Device is one that is plugged in.
type Device struct {
	ID
	Path  string // "/dev/hidraw0"
	About string // what it calls itself
}

// Choose gives the path that name stands for: name itself when it is a path, else
// that of the one device with this ID. Two equal ones are an error that names
// both: nobody can say which is meant.
func Choose(name string, list func() ([]Device, error)) (string, error) {
	wanted, ok := Parse(name)
	if !ok {
		return name, nil
	}
	all, err := list()
	if err != nil {
		return "", err
	}
	var paths []string
	for _, d := range all {
		if d.Is(wanted) {
			paths = append(paths, d.Path)
		}
	}
	switch len(paths) {
	case 0:
		return "", fmt.Errorf("%s is not plugged in", wanted)
	case 1:
		return paths[0], nil
	}
	return "", fmt.Errorf("%s is plugged in more than once (%s): name one by its path", wanted, strings.Join(paths, ", "))
}

func four(s string) bool {
	return len(s) == 4 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
