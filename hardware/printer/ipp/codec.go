// Package ipp prints over the Internet Printing Protocol: to the queues of CUPS
// on this machine, and to network printers that speak it themselves.
//
// It is a client of its own on net/http (no library can be had where this is
// built): the codec is in this file, the conversation in client.go, the driver in
// printer.go. Sources: RFC 8010 (encoding), RFC 8011 (model), and the CUPS
// implementation of IPP (cups.org/doc/spec-ipp.html).
package ipp

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A message is, all numbers big-endian:
//
//	version 2 bytes | operation or status 2 | request id 4 |
//	groups: { tag 1 | attributes: { value tag 1 | name length 2 | name |
//	          value length 2 | value } ... } ... | end tag 0x03 | document
//
// A value whose name is empty is a further value of the attribute before it. A
// collection is a run of such values between 0x34 and 0x37; this client keeps it
// flat, since it uses none.

// Delimiter tags.
const (
	tagOperation = 0x01
	tagJob       = 0x02
	tagEnd       = 0x03
	tagPrinter   = 0x04
)

// Value tags that this client writes or understands.
const (
	tagInteger  = 0x21
	tagBoolean  = 0x22
	tagEnum     = 0x23
	tagTextLang = 0x35
	tagNameLang = 0x36
	tagName     = 0x42
	tagKeyword  = 0x44
	tagURI      = 0x45
	tagCharset  = 0x47
	tagLanguage = 0x48
	tagMIME     = 0x49
)

// ErrMessage is returned for bytes that are no IPP message.
var ErrMessage = errors.New("not an IPP message")

// message is a request or a response. Code is the operation or the status.
type message struct {
	version uint16 // 0 = 2.0
	code    uint16
	id      uint32
	groups  []group
}

type group struct {
	tag   byte
	attrs []attr
}

type attr struct {
	name   string
	values []value
}

type value struct {
	tag byte
	b   []byte
}

// word makes an attribute of strings, number one of a number.
func word(tag byte, name string, words ...string) attr {
	a := attr{name: name}
	for _, w := range words {
		a.values = append(a.values, value{tag, []byte(w)})
	}
	return a
}

func number(tag byte, name string, n int32) attr {
	return attr{name, []value{{tag, binary.BigEndian.AppendUint32(nil, uint32(n))}}}
}

// encode writes m; names and values above 32767 bytes are cut, which no caller's
// are.
func (m message) encode() []byte {
	version := m.version
	if version == 0 {
		version = 0x0200
	}
	b := binary.BigEndian.AppendUint16(nil, version)
	b = binary.BigEndian.AppendUint16(b, m.code)
	b = binary.BigEndian.AppendUint32(b, m.id)
	for _, g := range m.groups {
		b = append(b, g.tag)
		for _, a := range g.attrs {
			name := a.name
			for _, v := range a.values {
				b = append(b, v.tag)
				b = lengthed(b, []byte(name))
				b = lengthed(b, v.b)
				name = ""
			}
		}
	}
	return append(b, tagEnd)
}

const maxLength = 32767

func lengthed(b, field []byte) []byte {
	field = field[:min(len(field), maxLength)]
	return append(binary.BigEndian.AppendUint16(b, uint16(len(field))), field...)
}

// decode reads a message and gives what follows it. Nothing in b makes it panic
// or take more memory than a small multiple of b.
func decode(b []byte) (m message, rest []byte, err error) {
	if len(b) < 8 {
		return m, nil, fmt.Errorf("%d bytes: %w", len(b), ErrMessage)
	}
	m.version, m.code, m.id = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:])
	if major := m.version >> 8; major < 1 || major > 2 {
		return m, nil, fmt.Errorf("version %d: %w", major, ErrMessage)
	}
	r := reader{b: b[8:]}
	for {
		tag, err := r.byte()
		switch {
		case err != nil:
			return m, nil, err
		case tag == tagEnd:
			return m, r.b, nil
		case tag < 0x10:
			m.groups = append(m.groups, group{tag: tag})
			continue
		}
		if err := r.value(&m, tag); err != nil {
			return m, nil, err
		}
	}
}

// value reads one value into the last group of m.
func (r *reader) value(m *message, tag byte) error {
	name, err := r.lengthed()
	if err != nil {
		return err
	}
	b, err := r.lengthed()
	if err != nil {
		return err
	}
	if len(m.groups) == 0 {
		return fmt.Errorf("a value before any group: %w", ErrMessage)
	}
	g := &m.groups[len(m.groups)-1]
	if len(name) > 0 {
		g.attrs = append(g.attrs, attr{name: string(name)})
	}
	if len(g.attrs) == 0 {
		return fmt.Errorf("a further value of nothing: %w", ErrMessage)
	}
	a := &g.attrs[len(g.attrs)-1]
	a.values = append(a.values, value{tag, b})
	return nil
}

// reader takes a message apart.
type reader struct{ b []byte }

func (r *reader) byte() (byte, error) {
	if len(r.b) == 0 {
		return 0, fmt.Errorf("it ends early: %w", ErrMessage)
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c, nil
}

func (r *reader) lengthed() ([]byte, error) {
	if len(r.b) < 2 {
		return nil, fmt.Errorf("it ends early: %w", ErrMessage)
	}
	n := int(binary.BigEndian.Uint16(r.b))
	if n > maxLength || n > len(r.b)-2 {
		return nil, fmt.Errorf("a field of %d bytes: %w", n, ErrMessage)
	}
	field := r.b[2 : 2+n]
	r.b = r.b[2+n:]
	return field, nil
}

// attrs are the attributes of one group, by name.
type attrs map[string][]value

// all are the groups of a tag: one for each printer of a list.
func (m message) all(tag byte) []attrs {
	var out []attrs
	for _, g := range m.groups {
		if g.tag != tag {
			continue
		}
		as := attrs{}
		for _, a := range g.attrs {
			as[a.name] = append(as[a.name], a.values...)
		}
		out = append(out, as)
	}
	return out
}

// first is the first group of a tag; nil when there is none.
func (m message) first(tag byte) attrs {
	if all := m.all(tag); len(all) > 0 {
		return all[0]
	}
	return nil
}

// words are the attribute's strings; values of other kinds are left out.
func (a attrs) words(name string) []string {
	var out []string
	for _, v := range a[name] {
		switch {
		case v.tag == tagTextLang || v.tag == tagNameLang: // language, then text
			r := reader{b: v.b}
			if _, err := r.lengthed(); err != nil {
				continue
			}
			if t, err := r.lengthed(); err == nil {
				out = append(out, string(t))
			}
		case v.tag >= 0x40 && v.tag < 0x60 && v.tag != 0x4a:
			out = append(out, string(v.b))
		}
	}
	return out
}

func (a attrs) word(name string) string {
	if w := a.words(name); len(w) > 0 {
		return w[0]
	}
	return ""
}

// numbers are the attribute's integers and enums.
func (a attrs) numbers(name string) []int {
	var out []int
	for _, v := range a[name] {
		if (v.tag == tagInteger || v.tag == tagEnum) && len(v.b) == 4 {
			out = append(out, int(int32(binary.BigEndian.Uint32(v.b))))
		}
	}
	return out
}

// number is the first of them; 0 when there is none.
func (a attrs) number(name string) int {
	if n := a.numbers(name); len(n) > 0 {
		return n[0]
	}
	return 0
}

// no says that the attribute is a plain false.
func (a attrs) no(name string) bool {
	v := a[name]
	return len(v) == 1 && v[0].tag == tagBoolean && len(v[0].b) == 1 && v[0].b[0] == 0
}
