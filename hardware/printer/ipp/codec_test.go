package ipp

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

var sample = message{version: 0x0200, code: opPrintJob, id: 7, groups: []group{
	{tagOperation, []attr{word(tagCharset, "attributes-charset", "utf-8"), word(tagName, "job-name", "Thẻ Đường 42")}},
	{tagJob, []attr{number(tagInteger, "copies", -2), word(tagKeyword, "media", "iso_a4_210x297mm", "na_letter_8.5x11in"),
		{"off", []value{{tagBoolean, []byte{0}}}}, {"said", []value{{tagTextLang, []byte("\x00\x02vi\x00\x03gi\xe1")}}}}},
}}

func TestCodecRoundTrip(t *testing.T) {
	b := append(sample.encode(), "document"...)
	got, rest, err := decode(b)
	if err != nil || string(rest) != "document" || !reflect.DeepEqual(got, sample) {
		t.Fatalf("got %+v, %q, %v", got, rest, err)
	}
	job := got.first(tagJob)
	if w := job.words("media"); len(w) != 2 || w[1] != "na_letter_8.5x11in" {
		t.Errorf("media %q", w)
	}
	if job.number("copies") != -2 || !job.no("off") || job.no("copies") || job.word("said") != "gi\xe1" || job.word("none") != "" {
		t.Errorf("%+v", job)
	}
}

// The first bytes, as in the example of RFC 8010, appendix A.1.
func TestEncodeBytes(t *testing.T) {
	m := message{version: 0x0101, code: 2, id: 1, groups: []group{{tagOperation, []attr{word(tagCharset, "attributes-charset", "utf-8")}}}}
	want := "\x01\x01\x00\x02\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x03"
	if got := m.encode(); string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := sample.encode()
	for i := range good {
		if _, _, err := decode(good[:i]); !errors.Is(err, ErrMessage) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
	for _, bad := range []string{"\x09\x00\x00\x00\x00\x00\x00\x01\x03", "\x02\x00\x00\x00\x00\x00\x00\x01\x44\x00\x01a\x00\x01b\x03",
		"\x02\x00\x00\x00\x00\x00\x00\x01\x01\x44\x00\x00\x00\x01b\x03", "\x02\x00\x00\x00\x00\x00\x00\x01\x01\x44\xff\xff\x03"} {
		if _, _, err := decode([]byte(bad)); !errors.Is(err, ErrMessage) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(sample.encode())
	f.Add(message{code: 0x0406, groups: []group{{tagOperation, nil}, {tagPrinter, nil}}}.encode())
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x01\x01\x34\x00\x01a\x00\x00\x4a\x00\x00\x00\x01b\x44\x00\x00\x00\x01c\x37\x00\x00\x00\x00\x03"))
	f.Add([]byte("HTTP/1.1 302 Found\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, rest, err := decode(b)
		if err != nil {
			return
		}
		for _, a := range append(m.all(tagJob), m.all(tagPrinter)...) {
			for name := range a {
				a.words(name)
				a.numbers(name)
				a.no(name)
			}
			health(a, "")
		}
		again := m.encode()
		if !bytes.Equal(append(again, rest...), b) {
			t.Errorf("decoded and encoded again:\n%q\n%q", again, b)
		}
	})
}

func FuzzSize(f *testing.F) {
	for _, s := range []string{"iso_a4_210x297mm", "na_letter_8.5x11in", "custom_x_72.1x0mm", "_999999999x.1mm", "om_card_54x86mm", "_._x.mm"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if w, h, ok := size(s); ok && (w <= 0 || h <= 0) {
			t.Errorf("%q: %g x %g", s, w, h)
		}
	})
}

func TestSize(t *testing.T) {
	w, h, ok := size("na_letter_8.5x11in")
	if !ok || !alike(w, h, 279.4, 215.9) {
		t.Errorf("%g %g %v", w, h, ok)
	}
	if _, _, ok := size("auto"); ok {
		t.Error("auto has a size")
	}
}
