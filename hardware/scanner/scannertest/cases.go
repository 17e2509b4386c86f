package scannertest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"quachot/hardware/scanner"
)

// inOrder: many codes back to back, of the length of a card's, none lost or
// changed. 200 of 270 bytes, or fewer by the pace of Flood.
func inOrder(t *testing.T, o Options, p Peer) {
	n := min(200, o.Flood/270)
	body := strings.Repeat("6BFOXN%TSMAHN-HVN3 OC:Y7H", 11)[:266]
	r := begin(t, p)
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			if err := p.Far.Send(fmt.Sprintf("%04d%s%s", i, body, o.Ends[0])); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	last := r.next()
	for i := range n {
		if want := fmt.Sprintf("%04d%s", i, body); last.Text != want {
			t.Fatalf("code %d: got %.40q of %d bytes, want %.40q", i, last.Text, len(last.Text), want)
		}
		if i == n-1 {
			break
		}
		c := r.next()
		if c.At.Before(last.At) {
			t.Errorf("code %d was read before the one before it", i+1)
		}
		last = c
	}
	if err := <-sent; err != nil {
		t.Errorf("the far end: %v", err)
	}
	r.none()
}

// ends: whatever the device was set to send after a code is no part of it, and
// makes no empty code.
func ends(t *testing.T, o Options, p Peer) {
	r := begin(t, p)
	for _, end := range o.Ends {
		r.send("one" + end)
		r.want("one")
		r.send("two" + end)
		r.want("two")
	}
	r.send("last" + o.Ends[0])
	r.want("last")
	r.none()
}

func framed(t *testing.T, o Options, p Peer) {
	if !o.Framed {
		t.Skip("this device sends no STX and ETX")
	}
	r := begin(t, p)
	r.send("\x02one\x03")
	r.send("\x02two\x03")
	r.want("one")
	r.want("two")
}

// symbology: the AIM identifier that scanners can put before a code is dropped.
func symbology(t *testing.T, o Options, p Peer) {
	r := begin(t, p)
	r.send("]Q1046187001234" + o.Ends[0])
	r.want("046187001234")
}

// everyCharacter that a keyboard has, which is every one of our own codes.
func everyCharacter(t *testing.T, o Options, p Peer) {
	var all []byte
	for c := byte('!'); c <= '~'; c++ {
		all = append(all, c, ' ', c)
	}
	r := begin(t, p)
	r.send(string(all) + o.Ends[0])
	r.want(string(all))
}

const typed = "a keyboard has no key for it"

func splitUTF8(t *testing.T, o Options, p Peer) {
	if o.Typed {
		t.Skip(typed)
	}
	r := begin(t, p)
	r.send("046187001234||Nguy\xe1", "\xbb", "\x85n Thị Ửng"+o.Ends[0])
	r.want("046187001234||Nguyễn Thị Ửng")
}

// controls: what a terminal would act upon (flow control, end of file, interrupt)
// and GS1's separator are characters like others.
func controls(t *testing.T, o Options, p Peer) {
	if o.Typed {
		t.Skip(typed)
	}
	const text = "a\x00b\x11c\x13d\x04e\x1af\x05g\x1dh\x7fi"
	r := begin(t, p)
	r.send(text + o.Ends[0])
	r.want(text)
}

func notUTF8(t *testing.T, o Options, p Peer) {
	if o.Typed {
		t.Skip(typed)
	}
	r := begin(t, p)
	r.send("\xff\xfe\x80x" + o.Ends[0])
	r.want("\xff\xfe\x80x")
}

// withoutEnd: a code that just stops. Its bytes are no part of the next one.
func withoutEnd(t *testing.T, o Options, p Peer) {
	if !o.Whole {
		t.Skip("this device says where a code ends; see UnpluggedInACode")
	}
	r := begin(t, p)
	if err := p.Far.Half("no end"); err != nil {
		t.Fatal(err)
	}
	r.want("no end")
	r.send("next" + o.Ends[0])
	r.want("next")
}

// flood: a code without end is told as too long, and the one after it is whole.
func flood(t *testing.T, o Options, p Peer) {
	if o.Flood <= scanner.MaxCode {
		t.Skip("this device takes minutes for it")
	}
	r := begin(t, p)
	sent := make(chan error, 1)
	go func() {
		if err := p.Far.Send(strings.Repeat("y", o.Flood) + o.Ends[0]); err != nil {
			sent <- err
			return
		}
		sent <- p.Far.Send("after" + o.Ends[0])
	}()
	if c := r.next(); !c.Truncated || c.Text != strings.Repeat("y", scanner.MaxCode+1) {
		t.Errorf("got %d bytes %.20q, truncated %v; want %d and truncated", len(c.Text), c.Text, c.Truncated, scanner.MaxCode+1)
	}
	r.want("after")
	if err := <-sent; err != nil {
		t.Errorf("the far end: %v", err)
	}
}

func unplugged(t *testing.T, o Options, p Peer) {
	r := begin(t, p)
	r.send("whole" + o.Ends[0])
	r.want("whole")
	if err := p.Far.Unplug(); err != nil {
		t.Fatal(err)
	}
	r.lost()
}

// torn: the first field of an identity card alone is a number, too: half a code
// must never come out.
func torn(t *testing.T, o Options, p Peer) {
	r := begin(t, p)
	r.send("whole" + o.Ends[0])
	r.want("whole")
	if err := p.Far.Half("046187001234"); err != nil {
		t.Fatal(err)
	}
	if err := p.Far.Unplug(); err != nil {
		t.Fatal(err)
	}
	r.lost()
}

// again: gone, tried in vain, plugged in, read again.
func again(t *testing.T, o Options, p Peer) {
	back, ok := p.Far.(Replugger)
	if !ok {
		t.Skip("this far end cannot come back under its name")
	}
	r := begin(t, p)
	r.send("before" + o.Ends[0])
	r.want("before")
	if err := p.Far.Unplug(); err != nil {
		t.Fatal(err)
	}
	r.lost()
	r = begin(t, p)
	r.lost()
	if err := back.Plug(); err != nil {
		t.Fatal(err)
	}
	r = begin(t, p)
	r.send("after" + o.Ends[0])
	r.want("after")
}

func contextEnds(t *testing.T, o Options, p Peer) {
	r := begin(t, p)
	r.send("one" + o.Ends[0])
	r.want("one")
	r.cancel()
	if err := r.end(); err != nil {
		t.Errorf("ended by ctx: %v, want nil", err)
	}
	r.none()
}

func contextEndsInACode(t *testing.T, o Options, p Peer) {
	if o.Whole {
		t.Skip("a silence may come before the end of ctx and make the code whole")
	}
	r := begin(t, p)
	r.send("one" + o.Ends[0])
	r.want("one")
	if err := p.Far.Half("046187001234"); err != nil {
		t.Fatal(err)
	}
	r.cancel()
	if err := r.end(); err != nil {
		t.Errorf("ended by ctx: %v, want nil", err)
	}
	r.none()
}

func endedContext(t *testing.T, _ Options, p Peer) {
	r := begin(t, p)
	r.cancel()
	if err := r.end(); err != nil {
		t.Errorf("ended by ctx: %v, want nil", err)
	}
	r.none()
}

func missing(t *testing.T, o Options) {
	if o.Missing == nil {
		t.Skip("this scanner is always there")
	}
	r := begin(t, Peer{Scanner: o.Missing})
	if err := r.end(); !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}
