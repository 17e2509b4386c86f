package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// xclient is the little of the X11 protocol that measuring needs: pressing keys
// through the XTEST extension and reading pixels, in one process, so that both
// have one clock. It is for a display of this machine that asks for no key.
//
// A request is opcode, data byte, length in 4 bytes (u16), body; a reply has 32
// bytes, of which the fifth to eighth are the further length in 4 bytes. Source:
// X Window System Protocol, X11R7.7, and its XTEST extension.
type xclient struct {
	conn  net.Conn
	root  uint32
	xtest byte
	keys  map[rune]xkey
}

// xkey is the key that gives a character.
type xkey struct {
	code  byte
	shift bool
}

// The X keysyms of keys that are no characters, as runes beyond all characters.
const (
	keyReturn rune = 0x10ff0d
	keyEscape rune = 0x10ff1b
	keyF2     rune = 0x10ffbf
	keyShift  rune = 0x10ffe1
)

// Opcodes and constants of the protocol.
const (
	opGetImage, opQueryExtension, opGetKeyboardMapping = 73, 98, 101
	xtestFakeInput                                     = 2
	keyPress, keyRelease                               = 2, 3
	zPixmap                                            = 2
)

var order = binary.LittleEndian

func dialX(display string) (*xclient, error) {
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+display[1:])
	if err != nil {
		return nil, fmt.Errorf("reach the display: %w", err)
	}
	x := &xclient{conn: conn, keys: map[rune]xkey{}}
	if err := errors.Join(x.setup()); err != nil {
		conn.Close()
		return nil, fmt.Errorf("speak to the display: %w", err)
	}
	return x, nil
}

// setup greets the server, finds XTEST and learns the keys.
func (x *xclient) setup() error {
	if _, err := x.conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x.conn, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(order.Uint16(head[6:])))
	if _, err := io.ReadFull(x.conn, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < 40 {
		return errors.New("the display refuses us")
	}
	vendor, formats := int(order.Uint16(body[16:])), int(body[21])
	first, last := body[26], body[27]
	at := 32 + (vendor+3)/4*4 + 8*formats
	x.root = order.Uint32(body[at:])
	name := []byte("XTEST\x00\x00\x00")
	reply, err := x.ask(append([]byte{opQueryExtension, 0, 4, 0, 5, 0, 0, 0}, name...))
	if err != nil || reply[8] == 0 {
		return fmt.Errorf("the display has no XTEST: %v", err)
	}
	x.xtest = reply[9]
	return x.learn(first, last)
}

// learn reads which key gives which character, without and with Shift.
func (x *xclient) learn(first, last byte) error {
	count := last - first + 1
	reply, err := x.ask([]byte{opGetKeyboardMapping, 0, 2, 0, first, count, 0, 0})
	if err != nil {
		return err
	}
	per := int(reply[1])
	for i := range int(count) {
		for level := range min(per, 2) {
			sym := rune(order.Uint32(reply[32+4*(i*per+level):]))
			if sym >= 0xff00 && sym <= 0xffff {
				sym += 0x100000
			}
			if _, known := x.keys[sym]; sym != 0 && !known {
				x.keys[sym] = xkey{first + byte(i), level == 1}
			}
		}
	}
	return nil
}

// ask sends a request and reads its reply, past the one event that comes unasked,
// MappingNotify.
func (x *xclient) ask(request []byte) ([]byte, error) {
	if _, err := x.conn.Write(request); err != nil {
		return nil, err
	}
	reply := make([]byte, 32)
	for reply[0] != 1 {
		if _, err := io.ReadFull(x.conn, reply); err != nil {
			return nil, err
		}
		if reply[0] == 0 {
			return nil, fmt.Errorf("the display answers with error %d", reply[1])
		}
	}
	more := make([]byte, 4*int(order.Uint32(reply[4:])))
	_, err := io.ReadFull(x.conn, more)
	return append(reply, more...), err
}

// fake is one press or release.
func (x *xclient) fake(what, code byte) []byte {
	b := make([]byte, 36)
	b[0], b[1], b[2] = x.xtest, xtestFakeInput, 9
	b[4], b[5] = what, code
	order.PutUint32(b[12:], x.root)
	return b
}

// press presses and lets go of one key.
func (x *xclient) press(r rune) error {
	k, ok := x.keys[r]
	if !ok {
		return fmt.Errorf("no key gives %q on this display", r)
	}
	var b bytes.Buffer
	if k.shift {
		b.Write(x.fake(keyPress, x.keys[keyShift].code))
	}
	b.Write(x.fake(keyPress, k.code))
	b.Write(x.fake(keyRelease, k.code))
	if k.shift {
		b.Write(x.fake(keyRelease, x.keys[keyShift].code))
	}
	_, err := x.conn.Write(b.Bytes())
	return err
}

// typed types text at pace per key, as a scanner does, and Enter at the end.
func (x *xclient) typed(text string, pace time.Duration) error {
	next := time.Now()
	for _, r := range text {
		if err := x.press(r); err != nil {
			return err
		}
		next = next.Add(pace)
		time.Sleep(time.Until(next))
	}
	return x.press(keyReturn)
}

// pixels is a patch of the screen.
func (x *xclient) pixels(left, top int16, width, height uint16) ([]byte, error) {
	b := make([]byte, 20)
	b[0], b[1], b[2] = opGetImage, zPixmap, 5
	order.PutUint32(b[4:], x.root)
	order.PutUint16(b[8:], uint16(left))
	order.PutUint16(b[10:], uint16(top))
	order.PutUint16(b[12:], width)
	order.PutUint16(b[14:], height)
	order.PutUint32(b[16:], 0xffffffff)
	reply, err := x.ask(b)
	if err != nil {
		return nil, err
	}
	return reply[32:], nil
}
