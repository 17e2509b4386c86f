// Package hardware lists the drivers: the one place that imports them, so that
// the rest of the program knows devices only by their contracts.
package hardware

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/evdev"
	"quachot/hardware/scanner/hidpos"
	"quachot/hardware/scanner/serial"
	"quachot/hardware/scanner/simulated"
	"quachot/hardware/usb"
)

// Driver is one way to reach a kind of device.
type Driver struct {
	Name  string // as in "--scanner NAME:DEVICE"
	Kind  string // "scanner"
	About string // one line for people
	// Devices finds what is plugged in; nil when the driver has nothing to find.
	Devices func() ([]Device, error)
	// Open makes a scanner of a device name; it does not touch the device.
	Open func(device string, stdin io.Reader) (scanner.Scanner, error)
}

// Device is something a driver found.
type Device struct {
	Driver string `json:"driver"`
	Name   string `json:"name"` // what Open takes
	About  string `json:"about,omitempty"`
	VID    string `json:"vid,omitempty"`
	PID    string `json:"pid,omitempty"`
	Serial string `json:"serial,omitempty"`
}

// Drivers are all drivers of this build.
func Drivers() []Driver {
	return []Driver{
		{Name: "stdin", Kind: "scanner", About: "one code a line from standard input", Open: openLines},
		{Name: "serial", Kind: "scanner", About: "USB-COM (CDC), RS-232, Bluetooth SPP", Devices: serialDevices, Open: openSerial},
		{Name: "hidpos", Kind: "scanner", About: "USB HID bar code scanner (HID-POS), Linux only", Devices: usbDevices("hidpos", hidpos.Devices), Open: openHIDPOS},
		{Name: "evdev", Kind: "scanner", About: "scanner that types, read below the keyboard layout, Linux only", Devices: usbDevices("evdev", evdev.Devices), Open: openEvdev},
	}
}

// OpenScanner makes the scanner that spec names: "stdin", "serial:/dev/ttyACM0",
// "serial:COM3@9600", "hidpos:/dev/hidraw0", and for hidpos and evdev what a USB
// device says of itself, "evdev:1EAB:0003" or "hidpos:0C2E:0B6A:SERIAL".
func OpenScanner(spec string, stdin io.Reader) (scanner.Scanner, error) {
	name, device, _ := strings.Cut(spec, ":")
	var names []string
	for _, d := range Drivers() {
		if d.Kind != "scanner" {
			continue
		}
		if d.Name == name {
			return d.Open(device, stdin)
		}
		names = append(names, d.Name)
	}
	return nil, fmt.Errorf("no scanner driver %q in this program; there are: %s", name, strings.Join(names, ", "))
}

func openLines(device string, stdin io.Reader) (scanner.Scanner, error) {
	if device != "" || stdin == nil {
		return nil, fmt.Errorf("scanner stdin takes no device and needs standard input")
	}
	return &simulated.Lines{From: stdin}, nil
}

func openSerial(device string, _ io.Reader) (scanner.Scanner, error) {
	s := &serial.Scanner{Device: device}
	if at := strings.LastIndexByte(device, '@'); at >= 0 {
		baud, err := strconv.Atoi(device[at+1:])
		if err != nil || baud <= 0 {
			return nil, fmt.Errorf("scanner serial:%s: %q is not a baud rate", device, device[at+1:])
		}
		s.Device, s.Baud = device[:at], baud
	}
	if s.Device == "" {
		return nil, fmt.Errorf("scanner serial: which port? Such as serial:/dev/ttyACM0 or serial:COM3")
	}
	return s, nil
}

func openHIDPOS(device string, _ io.Reader) (scanner.Scanner, error) {
	if device == "" {
		return nil, fmt.Errorf("scanner hidpos: which device? Such as hidpos:/dev/hidraw0 or hidpos:0C2E:0B6A")
	}
	return &hidpos.Scanner{Device: device}, nil
}

func openEvdev(device string, _ io.Reader) (scanner.Scanner, error) {
	if device == "" {
		return nil, fmt.Errorf("scanner evdev: which device? Such as evdev:/dev/input/event5 or evdev:1EAB:0003, never a keyboard somebody types on")
	}
	return &evdev.Scanner{Device: device}, nil
}

// usbDevices gives what list found in the form of the driver called name.
func usbDevices(name string, list func() ([]usb.Device, error)) func() ([]Device, error) {
	return func() ([]Device, error) {
		all, err := list()
		var found []Device
		for _, d := range all {
			found = append(found, Device{Driver: name, Name: d.Path, About: d.About, VID: d.VID, PID: d.PID, Serial: d.Serial})
		}
		return found, err
	}
}

func serialDevices() ([]Device, error) {
	ports, err := serial.Ports()
	if err != nil {
		return nil, err
	}
	var found []Device
	for _, p := range ports {
		found = append(found, Device{Driver: "serial", Name: p.Name, About: p.Product, VID: p.VID, PID: p.PID, Serial: p.Serial})
	}
	return found, nil
}
