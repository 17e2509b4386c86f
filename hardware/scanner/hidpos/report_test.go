package hidpos

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/hardware/scanner"
)

// standard is the layout of the Access-IS manual and of most others.
var standard = rowOf("").layout

// report makes one as the layout says.
func report(l Layout, aim, data string, more bool) []byte {
	r := make([]byte, 64)
	r[0] = l.ID
	r[l.Length] = byte(len(data))
	if l.AIM >= 0 {
		copy(r[l.AIM:], aim)
	}
	copy(r[l.Data:l.Data+l.Size], data)
	if more {
		r[l.More] |= l.Mask
	}
	return r
}

func feed(t *testing.T, r *Reports, reports ...[]byte) (got []string) {
	t.Helper()
	for _, b := range reports {
		err := r.Feed(b, func(text string, truncated bool) {
			if truncated {
				text = "cut"
			}
			got = append(got, text)
		})
		if err != nil {
			got = append(got, "error")
			if !errors.Is(err, ErrReport) {
				t.Errorf("%v is no ErrReport", err)
			}
		}
	}
	return got
}

// The two reports that Access-IS prints in its manuals (LSR118, page 68; ATR110,
// page 33): a boarding pass of 60 characters.
func TestTheReportsOfTheManual(t *testing.T) {
	first := append([]byte{0x02, 0x38, 0x5D, 0x51, 0x30}, "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   "...)
	first = append(first, 0x73, 0x00, 0x01)
	second := append([]byte{0x02, 0x04, 0x5D, 0x51, 0x30}, " 100"...)
	second = append(second, make([]byte, 52)...)
	second = append(second, 0x73, 0x00, 0x00)
	if len(first) != 64 || len(second) != 64 {
		t.Fatalf("reports of %d and %d bytes", len(first), len(second))
	}
	got := feed(t, &Reports{Layout: standard}, first, second)
	if diff := cmp.Diff([]string{"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23    100"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReports(t *testing.T) {
	newland := rowOf("1EAB").layout
	noAIM := report(standard, "", "", false)
	copy(noAIM[1:], "\x0c046187001234")
	long := strings.Repeat("x", 56)
	var flood [][]byte
	for range 200 {
		flood = append(flood, report(standard, "]Q1", long, true))
	}
	for _, tt := range []struct {
		name    string
		layout  Layout
		reports [][]byte
		want    []string
	}{
		{"one", standard, [][]byte{report(standard, "]Q1", "abc", false)}, []string{"abc"}},
		{"a suffix", standard, [][]byte{report(standard, "]Q1", "abc\r\n", false)}, []string{"abc"}},
		{"lines within", standard, [][]byte{report(standard, "]Q1", "a\r\nb\tc\r", false)}, []string{"a\r\nb\tc"}},
		{"only a suffix", standard, [][]byte{report(standard, "]Q1", "\r", false)}, nil},
		{"empty", standard, [][]byte{report(standard, "", "", false)}, nil},
		{"exactly full", standard, [][]byte{report(standard, "]Q1", long, false)}, []string{long}},
		{"an empty last one", standard, [][]byte{report(standard, "]Q1", long, true), report(standard, "]Q1", "", false)}, []string{long}},
		{"UTF-8 split between two", standard, [][]byte{report(standard, "]Q1", "Nguy\xe1", true), report(standard, "]Q1", "\xbb\x85n", false)}, []string{"Nguyễn"}},
		{"AIM left as NULs", standard, [][]byte{report(standard, "", "046187001234", false)}, []string{"046187001234"}},
		{"AIM left out, data moved up", standard, [][]byte{noAIM}, []string{"046187001234"}},
		{"Newland", newland, [][]byte{report(newland, "", long, true), report(newland, "", "end", false)}, []string{long + "end"}},
		{"Newland with AIM", newland, [][]byte{report(newland, "", "]Q1abc", false)}, []string{"abc"}},
		{"another report in between", standard, [][]byte{report(standard, "]Q1", "a", true), {3, 1, 2}, report(standard, "]Q1", "b", false)}, []string{"ab"}},
		{"a length that lies", standard, [][]byte{report(standard, "]Q1", long, true), append([]byte{2, 57}, make([]byte, 62)...), report(standard, "]Q1", "b", false)}, []string{"error", "b"}},
		{"cut off", standard, [][]byte{{2, 3, ']', 'Q', '1', 'a'}}, []string{"error"}},
		{"nothing", standard, [][]byte{{}}, nil},
		{"without end, then one more", standard, append(flood, report(standard, "]Q1", "x", false), report(standard, "]Q1", "after", false)), []string{"cut", "after"}},
	} {
		if diff := cmp.Diff(tt.want, feed(t, &Reports{Layout: tt.layout}, tt.reports...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRowsAreSound(t *testing.T) {
	for i, r := range rows {
		l := r.layout
		if r.source == "" || (r.vid == "") != (i == len(rows)-1) {
			t.Errorf("row %d (%s): no source, or the row for all is not the last", i, r.vid)
		}
		if l.Data+l.Size > 64 || l.More >= 64 || l.Mask == 0 || l.AIM >= l.Data {
			t.Errorf("row %d (%s): %+v", i, r.vid, l)
		}
	}
}

// Whatever comes: no panic, no more memory than a code, none empty or too long.
func FuzzReports(f *testing.F) {
	f.Add([]byte{}, "", bytes.Join([][]byte{report(standard, "]Q1", "abc\r", true), report(standard, "]Q1", "d", false)}, nil))
	f.Add(posDescriptor, "0C2E", report(standard, "", "046187001234", false))
	f.Add([]byte{}, "1EAB", report(rowOf("1EAB").layout, "", "abc", false))
	f.Fuzz(func(t *testing.T, descriptor []byte, vid string, b []byte) {
		r := Reports{Layout: LayoutFor(vid, descriptor)}
		for len(b) > 0 {
			n := min(64, len(b))
			_ = r.Feed(b[:n], func(text string, truncated bool) {
				if text == "" || truncated != (len(text) > scanner.MaxCode) || len(text) > scanner.MaxCode+1 {
					t.Fatalf("code of %d bytes, truncated %v", len(text), truncated)
				}
			})
			if len(r.buf) > scanner.MaxCode+1 {
				t.Fatalf("%d bytes held", len(r.buf))
			}
			b = b[n:]
		}
	})
}
