//go:build !nowindow

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"

	"quachot/hardware/scanner/wedge"
	"quachot/kiosk/screen"
)

// named is the key of the screen that e stands for; false when it stands for
// none, or when a key that decides something is only being held down.
func named(e wedge.Event) (screen.Key, bool) {
	switch {
	case e.Command:
		return screen.KeyClose, e.Mods&int(glfw.ModAlt) != 0 && glfw.Key(e.Key) == glfw.KeyF4
	case e.Key == wedge.KeyTab && e.Shift:
		return screen.KeyBack, e.Action == wedge.Press
	case e.Key >= wedge.KeyPad0 && e.Key <= wedge.KeyPad9 && !e.NumLock:
		// A number pad gives numbers: with Num Lock off the system gives no
		// character, and an officer with gloves does not know why.
		return screen.Key('0' + rune(e.Key-wedge.KeyPad0)), e.Action == wedge.Press
	}
	n, ok := keys[glfw.Key(e.Key)]
	return n.key, ok && (e.Action == wedge.Press || n.repeats)
}

// keys are the keys with a name that the screen knows. Those that move or erase
// repeat while they are held down; those that decide do not.
var keys = map[glfw.Key]struct {
	key     screen.Key
	repeats bool
}{
	glfw.KeyEnter:     {screen.KeyEnter, false},
	glfw.KeyKPEnter:   {screen.KeyEnter, false},
	glfw.KeyEscape:    {screen.KeyEscape, false},
	glfw.KeyTab:       {screen.KeyTab, true},
	glfw.KeyBackspace: {screen.KeyBackspace, true},
	glfw.KeyDelete:    {screen.KeyDelete, true},
	glfw.KeyUp:        {screen.KeyUp, true},
	glfw.KeyDown:      {screen.KeyDown, true},
	glfw.KeyLeft:      {screen.KeyLeft, true},
	glfw.KeyRight:     {screen.KeyRight, true},
	glfw.KeyPageUp:    {screen.KeyPageUp, true},
	glfw.KeyPageDown:  {screen.KeyPageDown, true},
	glfw.KeyF1:        {screen.KeyHelp, false},
	glfw.KeyF2:        {screen.KeyNumber, false},
	glfw.KeyF3:        {screen.KeyDeclare, false},
	glfw.KeyF4:        {screen.KeyVehicle, false},
	glfw.KeyF5:        {screen.KeyDirection, false},
	glfw.KeyF6:        {screen.KeyIncident, false},
	glfw.KeyF7:        {screen.KeyPaper, false},
	glfw.KeyF8:        {screen.KeyMeter, false},
	glfw.KeyF9:        {screen.KeyDuty, false},
	glfw.KeyF10:       {screen.KeySettings, false},
	glfw.KeyF11:       {screen.KeyScreen, false},
	glfw.KeyF12:       {screen.KeySync, false},
}

// fallback are the toolkit's names of these keys, for a window without the hook;
// Tab comes another way.
var fallback = map[fyne.KeyName]glfw.Key{
	fyne.KeyReturn: glfw.KeyEnter, fyne.KeyEnter: glfw.KeyKPEnter, fyne.KeyEscape: glfw.KeyEscape,
	fyne.KeyBackspace: glfw.KeyBackspace, fyne.KeyDelete: glfw.KeyDelete,
	fyne.KeyUp: glfw.KeyUp, fyne.KeyDown: glfw.KeyDown, fyne.KeyLeft: glfw.KeyLeft, fyne.KeyRight: glfw.KeyRight,
	fyne.KeyPageUp: glfw.KeyPageUp, fyne.KeyPageDown: glfw.KeyPageDown,
	fyne.KeyF1: glfw.KeyF1, fyne.KeyF2: glfw.KeyF2, fyne.KeyF3: glfw.KeyF3, fyne.KeyF4: glfw.KeyF4,
	fyne.KeyF5: glfw.KeyF5, fyne.KeyF6: glfw.KeyF6, fyne.KeyF7: glfw.KeyF7, fyne.KeyF8: glfw.KeyF8,
	fyne.KeyF9: glfw.KeyF9, fyne.KeyF10: glfw.KeyF10, fyne.KeyF11: glfw.KeyF11, fyne.KeyF12: glfw.KeyF12,
}
