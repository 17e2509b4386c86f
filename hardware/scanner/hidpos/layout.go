package hidpos

// A Layout says where things are in a device's input report. Offsets count from
// the first byte read, which is the report's number when it has one.
type Layout struct {
	ID     byte // number of the report that holds codes; 0 = reports have no number
	Length int  // where the count of data bytes is; -1 = nowhere, data is padded with NULs
	AIM    int  // where "]", a letter and a digit name the symbology; -1 = nowhere
	Data   int  // where the code's bytes begin
	Size   int  // how many fit
	More   int  // where the mark is that the next report goes on
	Mask   byte // its bits
}

// A row is what is known of a vendor's devices and not said by themselves.
type row struct {
	vid    string // "" = every other
	layout Layout // for a device whose descriptor does not name its fields
	wake   []byte // feature report to send when the device has it; nil = none
	source string
}

// rows are looked through from the top; the last one fits every device.
var rows = []row{
	{
		vid:    "1EAB",
		layout: Layout{ID: 2, Length: 1, AIM: -1, Data: 2, Size: 56, More: 63, Mask: 1},
		source: "Newland NLS-FM420 Integration Guide, page 47: data at 2-57, 58-61 reserved, Newland's own symbology at 62",
	},
	{
		vid:    "0C2E",
		layout: Layout{ID: 2, Length: 1, AIM: 2, Data: 5, Size: 56, More: 63, Mask: 1},
		wake:   []byte{0xFE, 0x01},
		source: "Honeywell sends codes elsewhere until its report 254 (Output Redirection, page FF66) is set to 1: " +
			"NielsLeenheer/WebHidBarcodeScanner, Voyager 1400g",
	},
	{
		layout: Layout{ID: 2, Length: 1, AIM: 2, Data: 5, Size: 56, More: 63, Mask: 1},
		source: "HID Point of Sale Usage Tables 1.02; Access-IS LSR118 manual, page 68, with two reports of one code as bytes",
	},
}

// rowOf finds a vendor's row.
func rowOf(vid string) row {
	for _, r := range rows {
		if r.vid == vid || r.vid == "" {
			return r
		}
	}
	return rows[len(rows)-1]
}

// LayoutFor is how to read a device: as its descriptor says, else as its vendor's
// manual does, else as the standard.
func LayoutFor(vid string, descriptor []byte) Layout {
	if l, ok := Describe(descriptor).Layout(); ok {
		return l
	}
	return rowOf(vid).layout
}

// start is where the data of report r begins. A device that was told to send no
// AIM identifier moves the data up to its place (Honeywell CM4680SR; source:
// votingworks/vxsuite, barcodes/hid_pos.ts) or leaves NULs there (Honeywell's own
// firmware for terminals), and there are descriptors that promise an AIM
// identifier which never comes.
func (l Layout) start(r []byte) int {
	if l.AIM >= 0 && l.AIM < l.Data && r[l.AIM] != ']' && r[l.AIM] != 0 {
		return l.AIM
	}
	return l.Data
}
