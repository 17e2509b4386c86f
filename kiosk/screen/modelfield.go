package screen

import (
	"strings"
	"unicode"
)

// typed takes a key for the number field; false when the field has no use for it.
func (m *Model) typed(k Key) bool {
	text := *m.field
	switch {
	case k == KeyEnter:
		return true
	case k == KeyEscape || k == KeyNumber:
		m.field = nil
	case k == KeyBackspace:
		r := []rune(text)
		text = string(r[:max(0, len(r)-1)])
		m.field = &text
	case len([]rune(string(k))) == 1 && len(text) < maxField && fits([]rune(string(k))[0]):
		text += string(k.Upper())
		m.field = &text
	default:
		return len(k) == 1
	}
	return true
}

// fits says that r may stand in a document's or a card's number.
func fits(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsDigit(r) || unicode.IsLetter(r) || r == ' ' || r == '-' || r == '.')
}

// submitted sends the typed number to the lane when Enter was pressed.
func (m *Model) submitted(k Key) []Effect {
	if k != KeyEnter {
		return nil
	}
	number := strings.TrimSpace(*m.field)
	if number == "" {
		return nil
	}
	m.field = nil
	return m.Scan(Scan{Texts: []string{number}, At: m.now, Typed: true}, m.now)
}
