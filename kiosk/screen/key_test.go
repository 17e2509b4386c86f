package screen

import (
	"testing"
	"time"

	"quachot/internal/record"
)

func TestKeyUpperAndRune(t *testing.T) {
	for _, c := range []struct {
		key, upper Key
		char       rune
		typed      bool
	}{
		{"a", "A", 'a', true},
		{"A", "A", 'A', true},
		{"đ", "Đ", 'đ', true},
		{"1", "1", '1', true},
		{" ", " ", ' ', true},
		{KeyHelp, KeyHelp, 'F', false},
		{KeyEnter, KeyEnter, 'E', false},
		{"", "", 0, false},
	} {
		if got := c.key.Upper(); got != c.upper {
			t.Errorf("%q in upper case: got %q, want %q", c.key, got, c.upper)
		}
		r, ok := c.key.Rune()
		if ok != c.typed || ok && r != c.char {
			t.Errorf("%q as a character: got %q, %v", c.key, r, ok)
		}
	}
}

// Shift and Caps Lock do not matter to a shortcut, and a number is in capitals.
func TestSmallLettersAreShortcutsToo(t *testing.T) {
	b := newBench(t)
	b.scan(of(record.Check, "A"))
	b.press("3")
	b.do(b.Decided(record.ID{Seq: 1}, record.ID{Seq: 2}, b.at))
	b.pass(time.Second)
	b.press("z")
	if p := b.State().Panel; p == nil || p.Decided != "" {
		t.Errorf("a small z undid nothing: %+v", p)
	}
	b.press(KeyNumber)
	b.press("c")
	b.press("1")
	if f := b.State().Field; f == nil || f.Text != "C1" {
		t.Errorf("the number field: %+v, want C1", f)
	}
}
