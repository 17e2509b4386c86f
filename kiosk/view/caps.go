package view

import (
	"strings"

	"quachot/kiosk/screen"
)

// caps are what stands on the caps of keys that are called otherwise.
var caps = map[screen.Key]string{
	screen.KeyEscape: "Esc", screen.KeyPageUp: "PgUp", screen.KeyPageDown: "PgDn", screen.KeyDelete: "Del",
	screen.KeyUp: "↑", screen.KeyDown: "↓", screen.KeyLeft: "←", screen.KeyRight: "→",
}

// capOf is what stands on a key's cap; nothing for a key that only a tap sends,
// such as "Find:1".
func capOf(k screen.Key) string {
	if c, ok := caps[k]; ok {
		return c
	}
	if len(k) > 1 && strings.Contains(string(k), ":") {
		return ""
	}
	return string(k)
}

// capsOf are the keys a hint names: one, or several with blanks between.
func capsOf(hint string) []string {
	if hint == " " {
		return []string{hint}
	}
	return strings.Fields(hint)
}

// keyOf is the key of a cap; "" for a cap that names several, such as "1-9",
// which cannot be tapped.
func keyOf(name string) screen.Key {
	for k, c := range caps {
		if c == name {
			return k
		}
	}
	if k := screen.Key(name); len([]rune(name)) == 1 || named[k] || functionKey(name) {
		return k
	}
	return ""
}

var named = map[screen.Key]bool{
	screen.KeyEnter: true, screen.KeyEscape: true, screen.KeyBackspace: true, screen.KeyTab: true, screen.KeyBack: true,
	screen.KeyUp: true, screen.KeyDown: true, screen.KeyLeft: true, screen.KeyRight: true, screen.KeyPageUp: true,
	screen.KeyPageDown: true, screen.KeyDelete: true,
}

// functionKey is F1 to F12.
func functionKey(name string) bool {
	n, ok := strings.CutPrefix(name, "F")
	return ok && (len(n) == 1 && n >= "1" && n <= "9" || n == "10" || n == "11" || n == "12")
}
