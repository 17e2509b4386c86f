package hidpos

import (
	"bytes"
	"errors"
	"fmt"

	"quachot/hardware/scanner"
)

// ErrReport is a report that its layout does not allow: a device that is read
// wrongly. Its code is thrown away; a wrong one would be worse.
var ErrReport = errors.New("the scanner sent a report that cannot be read")

// Reports puts a device's reports together to codes. It keeps no clock and starts
// nothing; one goroutine at a time.
//
//	a code of 60 bytes   02 38 ]Q0 <56 bytes> 73 00 01   more follows
//	                     02 04 ]Q0 <4 bytes, 52 NULs> 73 00 00
type Reports struct {
	Layout Layout

	buf  []byte
	open bool // a code is under way
}

// Feed takes one report and calls found when it was the last of a code. Reports
// with another number are not codes and pass. After an error the code under way
// is forgotten.
func (r *Reports) Feed(report []byte, found func(text string, truncated bool)) error {
	l := r.Layout
	if len(report) == 0 || l.ID != 0 && report[0] != l.ID {
		return nil
	}
	data, more, err := l.split(report)
	if err != nil {
		r.Drop()
		return err
	}
	r.open = true
	if room := scanner.MaxCode + 1 - len(r.buf); room > 0 {
		r.buf = append(r.buf, data[:min(room, len(data))]...)
	}
	if !more {
		r.emit(found)
	}
	return nil
}

// Pending says that a code is under way: its last report is still to come.
func (r *Reports) Pending() bool { return r.open }

// Drop forgets the code under way and returns how many bytes it had.
func (r *Reports) Drop() int {
	n := len(r.buf)
	r.buf, r.open = r.buf[:0], false
	return n
}

// emit gives the code out. Line ends within it stay, as in a visiting card: where
// a code ends is said by the reports. Those at its end are the suffix that
// scanners are shipped with.
func (r *Reports) emit(found func(string, bool)) {
	b := r.buf
	r.Drop()
	if len(b) > scanner.MaxCode {
		found(string(b), true)
		return
	}
	if b = scanner.Strip(bytes.TrimRight(b, "\r\n\t\x00\x03")); len(b) > 0 {
		found(string(b), false)
	}
}

// split takes a report apart.
func (l Layout) split(report []byte) (data []byte, more bool, err error) {
	if len(report) <= l.More || len(report) < l.Data+l.Size {
		return nil, false, fmt.Errorf("%w: %d bytes, want %d", ErrReport, len(report), max(l.More+1, l.Data+l.Size))
	}
	n := l.Size
	if l.Length >= 0 {
		n = int(report[l.Length])
	}
	if n > l.Size {
		return nil, false, fmt.Errorf("%w: %d bytes of data, %d fit", ErrReport, n, l.Size)
	}
	at := l.start(report)
	return report[at : at+n], report[l.More]&l.Mask != 0, nil
}
