// Package gadget makes USB devices out of the kernel's own gadget drivers and
// plugs them into its dummy host controller, for tests: the drivers, the
// enumeration, hot plug and the USB stack are those of a real post, only the wire
// is not. It needs root and Linux with dummy_hcd, libcomposite and configfs, as in
// the virtual machine of ../rig; elsewhere its tests are skipped.
package gadget

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const (
	root       = "/sys/kernel/config/usb_gadget"
	controller = "dummy_udc.0"
)

// Spec is what a device says of itself, and what it does.
type Spec struct {
	VID, PID, Serial, Product string
	Function                  string            // "acm.0", "hid.0"
	Attributes                map[string]string // of the function, as in its configfs folder
}

// Device is a USB device that can be plugged in.
type Device struct{ dir string }

// New makes a device, unplugged. It skips the test where there is no gadget
// support.
func New(t *testing.T, s Spec) *Device {
	t.Helper()
	if _, err := os.Stat("/sys/class/udc/" + controller); err != nil {
		t.Skip("no dummy USB controller here: the kernel's USB stack is not tested")
	}
	d := &Device{dir: filepath.Join(root, fmt.Sprintf("t%d", time.Now().UnixNano()))}
	function := filepath.Join(d.dir, "functions", s.Function)
	config := filepath.Join(d.dir, "configs", "c.1")
	words := filepath.Join(d.dir, "strings", "0x409")
	var err error
	for _, dir := range []string{d.dir, words, config, function} {
		err = errors.Join(err, os.Mkdir(dir, 0o755))
	}
	for file, v := range map[string]string{
		d.dir + "/idVendor": "0x" + s.VID, d.dir + "/idProduct": "0x" + s.PID,
		words + "/serialnumber": s.Serial, words + "/product": s.Product,
	} {
		err = errors.Join(err, put(file, v))
	}
	for name, v := range s.Attributes {
		err = errors.Join(err, put(filepath.Join(function, name), v))
	}
	link := filepath.Join(config, s.Function)
	if err = errors.Join(err, os.Symlink(function, link)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.Unplug() // it may be
		_ = os.Remove(link)
		for _, dir := range []string{config, function, words, d.dir} {
			if err := os.Remove(dir); err != nil {
				t.Log(err)
			}
		}
	})
	return d
}

// Plug connects the device to the computer.
func (d *Device) Plug() error { return put(d.dir+"/UDC", controller) }

// Unplug pulls it out.
func (d *Device) Unplug() error { return put(d.dir+"/UDC", "\n") }

// Open opens the device's own end, such as /dev/hidg0, once it is there.
func Open(path string) (f *os.File, err error) {
	_ = Wait(func() error {
		f, err = os.OpenFile(path, os.O_RDWR, 0)
		return err
	})
	return f, err
}

// Wait tries something for ten seconds: drivers bind when they like.
func Wait(try func() error) (err error) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if err = try(); err == nil {
			return nil
		}
	}
	return err
}

// put writes a file of configfs, which must not be created or truncated.
func put(file, v string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(v)
	return errors.Join(err, f.Close())
}
