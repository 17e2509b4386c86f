//go:build !nowindow

package main

import (
	"testing"

	"github.com/go-gl/glfw/v3.3/glfw"

	"quachot/hardware/scanner/wedge"
	"quachot/kiosk/screen"
)

func TestNamedKeys(t *testing.T) {
	press := func(k glfw.Key) wedge.Event { return wedge.Event{Action: wedge.Press, Key: wedge.Key(k)} }
	held := func(k glfw.Key) wedge.Event { return wedge.Event{Action: wedge.Repeat, Key: wedge.Key(k)} }
	shift, alt, lock := press(glfw.KeyTab), press(glfw.KeyF4), press(glfw.KeyKP7)
	shift.Shift, alt.Command, alt.Mods, lock.NumLock = true, true, int(glfw.ModAlt), true
	control := press(glfw.KeyF4)
	control.Command, control.Mods = true, int(glfw.ModControl)
	for _, c := range []struct {
		name  string
		event wedge.Event
		want  screen.Key // "" = none
	}{
		{"F1", press(glfw.KeyF1), screen.KeyHelp},
		{"F12", press(glfw.KeyF12), screen.KeySync},
		{"Enter of the number pad", press(glfw.KeyKPEnter), screen.KeyEnter},
		{"Tab", press(glfw.KeyTab), screen.KeyTab},
		{"Shift+Tab", shift, screen.KeyBack},
		{"Alt+F4", alt, screen.KeyClose},
		{"Control+F4", control, ""},
		{"a number of the pad without Num Lock", press(glfw.KeyKP7), "7"},
		{"with it the character comes by itself", lock, ""},
		{"a letter comes as a character", press(glfw.KeyA), ""},
		{"Backspace held down", held(glfw.KeyBackspace), screen.KeyBackspace},
		{"Enter held down", held(glfw.KeyEnter), ""},
		{"F4 held down", held(glfw.KeyF4), ""},
	} {
		if got, ok := named(c.event); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

// Every key with a name reaches the screen also without the hook. Tab does by
// another way, since the toolkit keeps it.
func TestKeysWithoutTheHook(t *testing.T) {
	reached := map[glfw.Key]bool{glfw.KeyTab: true}
	for _, k := range fallback {
		reached[k] = true
	}
	for k, n := range keys {
		if !reached[k] {
			t.Errorf("%s is lost where the hook cannot be installed", n.key)
		}
	}
}
