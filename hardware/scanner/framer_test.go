package scanner

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// codes runs the framer over pieces; "" is a silence.
func codes(f *Framer, pieces ...string) (got []string) {
	give := func(text string, truncated bool) {
		if truncated {
			text = "cut:" + text[:3]
		}
		got = append(got, text)
	}
	for _, p := range pieces {
		if p == "" {
			f.Flush(give)
		} else {
			f.Feed([]byte(p), give)
		}
	}
	return got
}

func TestFramer(t *testing.T) {
	long := strings.Repeat("x", MaxCode)
	tests := []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"CR", []string{"abc\r"}, []string{"abc"}},
		{"LF", []string{"abc\n"}, []string{"abc"}},
		{"CR LF", []string{"abc\r\ndef\r\n"}, []string{"abc", "def"}},
		{"CR and LF in two reads", []string{"abc\r", "\ndef\r\n"}, []string{"abc", "def"}},
		{"tab", []string{"abc\tdef\t"}, []string{"abc", "def"}},
		{"STX ETX", []string{"\x02abc\x03\x02def\x03"}, []string{"abc", "def"}},
		{"STX ETX CR LF", []string{"\x02abc\x03\r\n"}, []string{"abc"}},
		{"lost ETX", []string{"\x02ab\x03\x02cd\x02ef\x03"}, []string{"ab", "cd", "ef"}},
		{"STX inside, where no STX is sent", []string{"ab\x02c\r"}, []string{"ab\x02c"}},
		{"AIM of a QR", []string{"]Q1abc\r"}, []string{"abc"}},
		{"AIM of GS1, GS kept", []string{"]Q3a\x1db\r"}, []string{"a\x1db"}},
		{"AIM after STX", []string{"\x02]Q1abc\x03"}, []string{"abc"}},
		{"AIM split", []string{"]", "Q", "1", "a\r"}, []string{"a"}},
		{"AIM alone", []string{"]Q1\r"}, nil},
		{"a bracket that is no AIM", []string{"]]]\r"}, []string{"]]]"}},
		{"NUL padding", []string{"\x00\x00abc\x00\x00\r\x00"}, []string{"abc"}},
		{"NUL inside is kept", []string{"a\x00b\r"}, []string{"a\x00b"}},
		{"silence ends", []string{"abc", ""}, []string{"abc"}},
		{"silence without bytes", []string{"", "", "abc\r", ""}, []string{"abc"}},
		{"UTF-8 split anywhere", []string{"Nguy\xe1", "\xbb", "\x85n\r"}, []string{"Nguyễn"}},
		{"not UTF-8", []string{"\xff\xfe\r"}, []string{"\xff\xfe"}},
		{"blank lines", []string{"\r\n\r\n \r"}, []string{" "}},
		{"just fits", []string{long + "\r"}, []string{long}},
		{"one too many", []string{long + "y\r", "abc\r"}, []string{"cut:xxx", "abc"}},
		{"a megabyte, then a code", []string{strings.Repeat("y", 1<<20), "\rabc\r"}, []string{"cut:yyy", "abc"}},
		{"a megabyte, then silence", []string{strings.Repeat("y", 1<<20), "", "abc", ""}, []string{"cut:yyy", "abc"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, codes(&Framer{}, tt.pieces...)); diff != "" {
				t.Errorf("in one feed (-want +got):\n%s", diff)
			}
			var bytewise []string // the same, a byte at a time
			for _, p := range tt.pieces {
				if p == "" {
					bytewise = append(bytewise, "")
				}
				for i := range len(p) {
					bytewise = append(bytewise, p[i:i+1])
				}
			}
			if diff := cmp.Diff(tt.want, codes(&Framer{}, bytewise...)); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFramerLines(t *testing.T) {
	f := Framer{LinesOnly: true}
	got := codes(&f, "{\"decide\":\t{}}\r\n", "a\rb\n", "\n\r\n", "last", "")
	if diff := cmp.Diff([]string{"{\"decide\":\t{}}", "a\rb", "last"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFramerLearnsTerminators(t *testing.T) {
	var f Framer
	if f.Silence() != Gap {
		t.Errorf("at first %v, want %v", f.Silence(), Gap)
	}
	codes(&f, "abc\r")
	if f.Silence() != LearnedGap {
		t.Errorf("after a CR %v, want %v: a slow cable would cut codes", f.Silence(), LearnedGap)
	}
}

func TestFramerDrop(t *testing.T) {
	var f Framer
	codes(&f, "half a co")
	if f.Pending() != 9 || f.Drop() != 9 || f.Pending() != 0 {
		t.Error("the unfinished code is not dropped")
	}
	if got := codes(&f, "de\r"); len(got) != 1 || got[0] != "de" {
		t.Errorf("after the drop: %q", got)
	}
}

// Whatever comes, in whatever pieces: no panic, the same codes as in one piece,
// none empty, none longer than the bound, no memory beyond it.
func FuzzFramer(f *testing.F) {
	f.Add([]byte("\x02]Q1abc\x03\r\n046187001234||Nguy\xe1\xbb\x85n|x\t"), uint8(3), false)
	f.Add(bytes.Repeat([]byte("y"), MaxCode+5), uint8(200), false)
	f.Add([]byte("a\x00\x00\rb\n\n"), uint8(1), true)
	f.Fuzz(func(t *testing.T, b []byte, step uint8, lines bool) {
		run := func(size int) (got []string) {
			fr := Framer{LinesOnly: lines}
			give := func(text string, truncated bool) {
				if text == "" || truncated != (len(text) > MaxCode) || len(text) > MaxCode+1 {
					t.Fatalf("code of %d bytes, truncated %v", len(text), truncated)
				}
				got = append(got, text)
			}
			for rest := b; len(rest) > 0; {
				n := min(size, len(rest))
				fr.Feed(rest[:n], give)
				rest = rest[n:]
				if fr.Pending() > MaxCode+1 {
					t.Fatalf("%d bytes held", fr.Pending())
				}
			}
			fr.Flush(give)
			return got
		}
		if diff := cmp.Diff(run(len(b)+1), run(int(step)+1)); diff != "" {
			t.Errorf("split changes codes:\n%s", diff)
		}
	})
}
