package wedge

// Key is a key by its place on a US keyboard, whatever layout is active. The
// numbers are GLFW's (and so need no table in the hook): a printable key is
// its unshifted US character, letters in upper case.
type Key int

// The keys the decoder knows by name.
const (
	KeyUnknown   Key = -1 // injected by an input method, or a key without a name
	KeyEscape    Key = 256
	KeyEnter     Key = 257
	KeyTab       Key = 258
	KeyBackspace Key = 259
	KeyCapsLock  Key = 280
	KeyPad0      Key = 320
	KeyPad9      Key = 329
	KeyPadDot    Key = 330
	KeyPadDivide Key = 331
	KeyPadTimes  Key = 332
	KeyPadMinus  Key = 333
	KeyPadPlus   Key = 334
	KeyPadEnter  Key = 335
	firstShift   Key = 340 // left and right Shift, Control, Alt and Super
	lastShift    Key = 347
)

// shifted holds the upper row of every US key that is not a letter.
var shifted = map[Key]byte{
	'1': '!', '2': '@', '3': '#', '4': '$', '5': '%', '6': '^', '7': '&', '8': '*', '9': '(', '0': ')',
	'-': '_', '=': '+', '[': '{', ']': '}', '\\': '|', ';': ':', '\'': '"', ',': '<', '.': '>', '/': '?', '`': '~', ' ': ' ',
}

// padSigns are the keys of the number pad that are not digits.
var padSigns = map[Key]byte{KeyPadDot: '.', KeyPadDivide: '/', KeyPadTimes: '*', KeyPadMinus: '-', KeyPadPlus: '+'}

// us is the character this key gives on a US keyboard, Caps Lock ignored; false
// for a key that prints nothing.
func (k Key) us(shift bool) (byte, bool) {
	if k >= 'A' && k <= 'Z' {
		if shift {
			return byte(k), true
		}
		return byte(k) + 'a' - 'A', true
	}
	if up, ok := shifted[k]; ok {
		if shift {
			return up, true
		}
		return byte(k), true
	}
	if k >= KeyPad0 && k <= KeyPad9 {
		return '0' + byte(k-KeyPad0), true
	}
	c, ok := padSigns[k]
	return c, ok
}

// prints says that the key stands for a character.
func (k Key) prints() bool {
	_, ok := k.us(false)
	return ok
}

// ends says that the key ends a scan.
func (k Key) ends() bool { return k == KeyEnter || k == KeyPadEnter || k == KeyTab }

// modifies says that the key only changes others.
func (k Key) modifies() bool { return k == KeyCapsLock || (k >= firstShift && k <= lastShift) }
