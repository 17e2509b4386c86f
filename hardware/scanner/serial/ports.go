package serial

import (
	"fmt"

	"go.bug.st/serial/enumerator"
)

// Port is a serial port of this computer. The USB facts are empty for others.
type Port struct {
	Name, VID, PID, Serial, Product string
}

// Ports lists the USB serial ports that are plugged in now. Built-in ports are
// left out: they are always there and seldom a scanner.
func Ports() ([]Port, error) {
	all, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return nil, fmt.Errorf("list serial ports: %w", err)
	}
	var usb []Port
	for _, p := range all {
		if p.IsUSB {
			usb = append(usb, Port{Name: p.Name, VID: p.VID, PID: p.PID, Serial: p.SerialNumber, Product: p.Product})
		}
	}
	return usb, nil
}
