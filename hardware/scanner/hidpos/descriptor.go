package hidpos

// What a report descriptor tells that is of use here. Source: Device Class
// Definition for HID 1.11, section 6.2.2; HID Point of Sale Usage Tables 1.02,
// section 3; both from usb.org.

// Usages, page in the upper half.
const (
	usageScanner   = 0x8C0002 // application: a bar code scanner; 01 badge reader to 05 cradle are kin
	usageByteCount = 0x01003B
	usageAIM       = 0x8C00FB
	usageData      = 0x8C00FE
	usageMore      = 0x8C00FF

	pageBarCode = 0x8C
)

// Item tags with their type, without the two bits of the size.
const (
	itemInput      = 0x80
	itemCollection = 0xA0
	itemFeature    = 0xB0
	itemUsagePage  = 0x04
	itemReportSize = 0x74
	itemReportID   = 0x84
	itemCount      = 0x94
	itemPush       = 0xA4
	itemPop        = 0xB4
	itemUsage      = 0x08
	itemUsageMin   = 0x18
	itemLong       = 0xFE
)

// maxBits bounds a report: nothing on USB is longer than 64 KiB.
const maxBits = 8 << 16

// Descriptor is what was understood of a report descriptor.
type Descriptor struct {
	Scanner  bool          // it has a collection for a bar code scanner
	Features map[byte]bool // numbers of the feature reports it has
	fields   []field
}

// field is one usage of an input report, in bits from the report's number on.
type field struct {
	usage           uint32
	id              byte
	at, size, count int
}

// parser is the state that items change.
type parser struct {
	page, size, count int
	id                byte
	stack             []parser
	usages            []uint32
	bits              map[byte]int // of the input report with this number
	out               *Descriptor
}

// Describe reads a report descriptor. What it does not know it passes over; what
// is cut off is missing.
func Describe(d []byte) Descriptor {
	out := Descriptor{Features: map[byte]bool{}}
	p := parser{bits: map[byte]int{}, out: &out}
	for len(d) > 0 {
		head := d[0]
		n := int(head & 3)
		if n == 3 {
			n = 4
		}
		if head == itemLong && len(d) > 1 {
			n = 2 + int(d[1]) // none is defined
		}
		if len(d) < 1+n {
			break
		}
		if head != itemLong {
			p.item(head&^3, value(d[1:1+n]))
		}
		d = d[1+n:]
	}
	return out
}

func value(b []byte) (v uint32) {
	for i, c := range b {
		v |= uint32(c) << (8 * i)
	}
	return v
}

func (p *parser) item(tag byte, v uint32) {
	switch tag {
	case itemUsagePage:
		p.page = int(v & 0xFFFF)
	case itemReportSize:
		p.size = int(min(v, maxBits))
	case itemCount:
		p.count = int(min(v, maxBits))
	case itemReportID:
		p.id = byte(v)
	case itemPush:
		if len(p.stack) < 16 {
			p.stack = append(p.stack, parser{page: p.page, size: p.size, count: p.count, id: p.id})
		}
	case itemPop:
		if n := len(p.stack); n > 0 {
			s := p.stack[n-1]
			p.page, p.size, p.count, p.id = s.page, s.size, s.count, s.id
			p.stack = p.stack[:n-1]
		}
	case itemUsage, itemUsageMin:
		if v <= 0xFFFF {
			v |= uint32(p.page) << 16
		}
		p.usages = append(p.usages, v)
	case itemCollection:
		p.collection(v)
	case itemInput:
		p.input()
	case itemFeature:
		p.out.Features[p.id] = true
		p.usages = nil
	case 0x90, 0xC0: // output, end of a collection
		p.usages = nil
	}
}

// collection notes the application's kind.
func (p *parser) collection(kind uint32) {
	if kind == 1 && len(p.usages) > 0 {
		u := p.usages[0]
		p.out.Scanner = p.out.Scanner || u>>16 == pageBarCode && u&0xFFFF >= 1 && u&0xFFFF <= 5
	}
	p.usages = nil
}

// input lays the fields of one item out: each usage takes one place of the count,
// the last one all that are left.
func (p *parser) input() {
	at := p.bits[p.id]
	total := p.size * p.count
	if total < 0 || at+total > maxBits {
		total = 0
	}
	for i, u := range p.usages {
		if i >= p.count || total == 0 {
			break
		}
		n := 1
		if i == len(p.usages)-1 {
			n = p.count - i
		}
		p.out.fields = append(p.out.fields, field{usage: u, id: p.id, at: at + i*p.size, size: p.size, count: n})
	}
	p.bits[p.id] = at + total
	p.usages = nil
}

// Layout is where the code is in the reports, if the descriptor says so in whole
// bytes and with a mark for continued codes.
func (d Descriptor) Layout() (Layout, bool) {
	data, ok := d.find(usageData, -1)
	if !ok || data.size != 8 || data.at%8 != 0 {
		return Layout{}, false
	}
	more, ok := d.find(usageMore, int(data.id))
	if !ok || more.size > 8 {
		return Layout{}, false
	}
	first := 0 // bytes before the fields
	if data.id != 0 {
		first = 1
	}
	l := Layout{ID: data.id, Length: -1, AIM: -1, Data: first + data.at/8, Size: data.count}
	l.More, l.Mask = first+more.at/8, byte((1<<more.size-1)<<(more.at%8))
	if n, ok := d.find(usageByteCount, int(data.id)); ok && n.size == 8 && n.at%8 == 0 {
		l.Length = first + n.at/8
	}
	if a, ok := d.find(usageAIM, int(data.id)); ok && a.size == 8 && a.at%8 == 0 && a.at < data.at {
		l.AIM = first + a.at/8
	}
	return l, l.Size > 0 && l.Mask != 0
}

// find gives the first field with a usage, in the report id or, for -1, in any.
func (d Descriptor) find(usage uint32, id int) (field, bool) {
	for _, f := range d.fields {
		if f.usage == usage && (id < 0 || int(f.id) == id) {
			return f, true
		}
	}
	return field{}, false
}
