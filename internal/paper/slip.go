package paper

import (
	"fmt"
	"strings"
	"time"

	"quachot/internal/qr"
	"quachot/internal/record"
	catalogue "quachot/internal/text"
)

// HandoverSlip goes with a person who is sent to test or to quarantine, so that
// those who receive them know who it is and who sent them. It holds no more than
// they need: of a document only its last digits.
type HandoverSlip struct {
	Size     Size            // A4 (two copies on a sheet), A5 or Roll80; "" = A4
	Decision record.Decision // ToTest or ToQuarantine
	Name     string
	Birth    string // YYYY-MM-DD or YYYY; the year is printed
	Document string // kind and number, or its end; four digits at most are printed
	From     string // where they come from, in words
	Reason   string // why, in words; may be empty
	Place    Place  // where to; without a name a line to write on is printed
	At       time.Time
	Post     string
	Lane     string
	Officer  string
	Province string    // at the top; may be empty
	Record   record.ID // of the passage, or of the scan; zero = not written down
	Training bool
}

// Place is where somebody is sent.
type Place struct{ Name, Address, Phone string }

func (h HandoverSlip) training() bool { return h.Training }

// Tail is what is printed of a document's number: its last four digits.
func Tail(number string) string {
	number = strings.TrimSpace(number)
	r := []rune(number)
	if len(r) <= 4 {
		return number
	}
	return "…" + string(r[len(r)-4:])
}

// RecordText is what the QR of a slip holds: "QCR1:", the segment in hex, ":" and
// the number in it, all in upper case. It is no credential: a lane does not take
// it for one.
func RecordText(id record.ID) string {
	return fmt.Sprintf("QCR1:%s:%d", strings.ToUpper(id.Segment.String()), id.Seq)
}

// ParseRecord reads what RecordText wrote, in any letter case.
func ParseRecord(s string) (record.ID, error) {
	var id record.ID
	rest, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(s)), "qcr1:")
	segment, seq, two := strings.Cut(rest, ":")
	if !ok || !two {
		return record.ID{}, fmt.Errorf("record %q: want QCR1:segment:number", s)
	}
	if err := id.Segment.UnmarshalText([]byte(segment)); err != nil {
		return record.ID{}, fmt.Errorf("record %q: %w", s, err)
	}
	if _, err := fmt.Sscanf(seq, "%d", &id.Seq); err != nil || id.Seq == 0 || fmt.Sprint(id.Seq) != seq {
		return record.ID{}, fmt.Errorf("record %q: %q is no number", s, seq)
	}
	return id, nil
}

// shortRecord is what people read to each other on the telephone.
func shortRecord(id record.ID) string {
	return fmt.Sprintf("%s-%d", strings.ToUpper(id.Segment.String()[:8]), id.Seq)
}

func (h HandoverSlip) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	title := w.T("paper.slip.title." + h.Decision.String())
	if h.Decision != record.ToTest && h.Decision != record.ToQuarantine {
		title = w.T("paper.slip.title")
	}
	var symbol *qr.Code
	if h.Record != (record.ID{}) {
		var err error
		if symbol, err = qr.Encode(RecordText(h.Record), qr.M); err != nil {
			return nil, "", err
		}
	}
	switch h.Size {
	case Roll80:
		return []*sheet{h.roll(w, title, symbol)}, title, nil
	case A5:
		s := &sheet{w: 210, h: 148}
		h.half(s, 0, w, title, symbol, "")
		return []*sheet{s}, title, nil
	}
	s := &sheet{w: 210, h: 297}
	h.half(s, 0, w, title, symbol, w.T("paper.slip.copy.person"))
	h.half(s, 148.5, w, title, symbol, w.T("paper.slip.copy.post"))
	cut(s, 148.5)
	if h.Training {
		band(s, 0, 148.5, 210, w)
	}
	return []*sheet{s}, title, nil
}

// cut is a broken line across the page.
func cut(s *sheet, y float64) {
	for x := 3.0; x < s.w-3; x += 5 {
		s.rect(x, y-0.1, 2.5, 0.2, hair)
	}
}

// half draws the slip into 210 x 148 mm from top on.
func (h HandoverSlip) half(s *sheet, top float64, w *catalogue.Catalogue, title string, symbol *qr.Code, which string) {
	const left, right, middle = 14.0, 196.0, 148.0
	y := top + 13
	s.fit(left, y, 84, 9.5, 7, 1, semibold, black, strings.ToUpper(h.Province))
	s.text(left, y+5, 9.5, regular, black, h.where(w))
	s.right(right, y, 8, regular, muted, which)
	if h.Record != (record.ID{}) {
		s.right(right, y+5, 9.5, semibold, black, w.T("paper.slip.number", "n", shortRecord(h.Record)))
	}
	y += 16
	s.centre(105, y, 17, bold, accent, title)
	s.rect(left, y+3.5, right-left, 0.5, accent)

	wide := middle - left - 6
	y = cell(s, left, y+9, wide, w.T("paper.name"), h.Name, 17, 11, 2, bold)
	born := cell(s, left, y, 24, w.T("paper.birth"), year(h.Birth), 13, 11, 1, semibold)
	cell(s, left+30, y, 34, w.T("paper.document"), Tail(h.Document), 13, 11, 1, semibold)
	from := cell(s, left+68, y, wide-68, w.T("paper.from"), h.From, 11, 7.5, 3, semibold)
	y = h.place(s, left, max(born, from)-3, wide, w) + 4.5
	if most := int((top + 109 - y) / (lineHeight * 9 * pt)); h.Reason != "" && most > 0 {
		cell(s, left, y, wide, w.T("paper.slip.reason"), h.Reason, 10.5, 9, min(most, 2), regular)
	}

	const side = 46.0
	if symbol != nil {
		s.qr(right-side+2, top+36, side, symbol)
		s.centre(right-side/2+2, top+36+side+3, 8, regular, muted, w.T("paper.slip.code"))
	}
	h.sign(s, left, top+118, right-left, w)
}

// where is the post and lane of the slip.
func (h HandoverSlip) where(w *catalogue.Catalogue) string {
	if h.Lane == "" {
		return h.Post
	}
	return h.Post + " · " + w.T("paper.lane", "lane", h.Lane)
}

// place is the box of where to go, from top on; it gives where it ends.
func (h HandoverSlip) place(s *sheet, x, top, wide float64, w *catalogue.Catalogue) float64 {
	at := len(s.shapes)
	s.text(x+4, top+4.5, 8, regular, muted, w.T("paper.slip.to"))
	y := s.block(x+4, top+5.5, wide-8, 13, 9, 2, bold, black, h.Place.Name)
	if h.Place.Name == "" {
		y += 7
		s.rect(x+4, y, wide-8, 0.2, black)
	}
	y = s.block(x+4, y+0.8, wide-8, 10, 8, 2, regular, black, h.Place.Address)
	if h.Place.Phone != "" {
		y = s.block(x+4, y+0.8, wide-8, 12, 9, 1, semibold, black, w.T("paper.phone.at", "phone", h.Place.Phone))
	}
	frame := &sheet{}
	frame.rect(x, top, wide, y+1.5-top, faint)
	frame.rect(x, top, 1.2, y+1.5-top, accent)
	s.shapes = append(s.shapes[:at:at], append(frame.shapes, s.shapes[at:]...)...)
	return y + 1.5
}

// sign is who sent them, and room for two signatures.
func (h HandoverSlip) sign(s *sheet, x, y, wide float64, w *catalogue.Catalogue) {
	s.rect(x, y-6, wide, 0.2, hair)
	s.text(x, y, 10, regular, black, w.T("paper.slip.left", "at", moment(h.At, w)))
	half := wide / 2
	s.centre(x+half/2, y+6, 10, semibold, black, w.T("paper.slip.officer"))
	s.centre(x+half*3/2, y+6, 10, semibold, black, w.T("paper.slip.receiver"))
	s.centre(x+half*3/2, y+10, 8, regular, muted, w.T("paper.sign"))
	s.centre(x+half/2, y+10, 8, regular, muted, w.T("paper.sign"))
	s.centre(x+half/2, y+24, 11, semibold, black, h.Officer)
}

// roll is the slip on receipt paper: one column, as long as it needs to be.
func (h HandoverSlip) roll(w *catalogue.Catalogue, title string, symbol *qr.Code) *sheet {
	const left, wide = 4.0, 72.0
	s := &sheet{w: 80}
	y := 6.0
	if h.Training {
		y += ribbonHeight
	}
	y = s.block(left, y, wide, 9, 7, 2, semibold, black, strings.ToUpper(h.Province)) + 0.5
	y = s.block(left, y, wide, 9, 9, 2, regular, black, h.where(w)) + 2
	y = s.block(left, y, wide, 14, 12, 3, bold, black, title) + 1
	s.rect(left, y, wide, 0.4, black)
	y = cell(s, left, y+5, wide, w.T("paper.name"), h.Name, 16, 11, 3, bold)
	next := cell(s, left, y, 24, w.T("paper.birth"), year(h.Birth), 12, 11, 1, semibold)
	cell(s, left+32, y, wide-32, w.T("paper.document"), Tail(h.Document), 12, 11, 1, semibold)
	y = cell(s, left, next, wide, w.T("paper.from"), h.From, 11, 9, 3, semibold)
	y = h.place(s, left, y-2, wide, w) + 5
	if h.Reason != "" {
		y = cell(s, left, y, wide, w.T("paper.slip.reason"), h.Reason, 10, 9, 3, regular)
	}
	y = cell(s, left, y, wide, w.T("paper.slip.at"), moment(h.At, w), 11, 9, 1, semibold)
	y = cell(s, left, y, wide, w.T("paper.slip.officer"), h.Officer, 11, 9, 2, semibold)
	if symbol != nil {
		s.qr(left+(wide-44)/2, y-2, 44, symbol)
		y += 46
		s.centre(40, y, 9, semibold, black, w.T("paper.slip.number", "n", shortRecord(h.Record)))
	}
	s.h = y + 8
	return s
}

// cell is a small label at y with its value below; it gives the y of the label
// after it.
func cell(s *sheet, x, y, wide float64, label, value string, largest, smallest float64, most int, weight weight) float64 {
	s.text(x, y, 8, regular, muted, label)
	if value == "" {
		return y + 2 + largest*pt + 4.2
	}
	return s.block(x, y+1.5, wide, largest, smallest, most, weight, black, value) + 4.2
}

func year(birth string) string {
	if len(birth) < 4 {
		return birth
	}
	return birth[:4]
}
