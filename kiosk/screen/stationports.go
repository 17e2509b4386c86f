package screen

import "quachot/hardware"

// SerialScanners are the serial devices plugged in now that a scanner may be
// behind. It asks the system, which takes a moment.
func (h Hands) SerialScanners() []string {
	var names []string
	for _, d := range hardware.Drivers() {
		if d.Name != "serial" || d.Devices == nil {
			continue
		}
		devices, err := d.Devices()
		if err != nil {
			if h.Log != nil {
				h.Log.Warn("serial ports", "err", err)
			}
			continue
		}
		for _, one := range devices {
			names = append(names, one.Name)
		}
	}
	return names
}
