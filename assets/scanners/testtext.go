// Package scanners holds what a scanner is set up and tested with: the known text
// of the self-test card (testtext.go), and where the configuration codes of common
// scanners stand in their manuals (manuals.json).
package scanners

// The parts of [TestText], in its order, one blank between two. Each shows one
// kind of damage: a scan that differs only in Telex was rewritten by that input
// method, one with the case of Capitals and Small exchanged by Caps Lock.
const (
	// TestStart begins the card's text and nothing else: a scan that begins with
	// it, in any letter case, is meant to be the card.
	TestStart = "QCTEST1"
	// Telex becomes "â ê ô đ ă ơ ư á à ả ã ạ" under the input method Telex.
	Telex = "aa ee oo dd aw ow uw as af ar ax aj"
	// VNI becomes "á è ỏ ũ ỵ â ư ă đ" under VNI.
	VNI = "a1 e2 o3 u4 y5 a6 u7 a8 d9"
	// Capitals, Small and Digits stand as on a US keyboard, row by row: AZERTY
	// exchanges A and Q, Z and W, and moves M; QWERTZ exchanges Y and Z; AZERTY
	// and Czech type signs and letters for Digits. They are also where a lost or a
	// doubled character shows, since none stands twice.
	Capitals = "QWERTYUIOPASDFGHJKLZXCVBNM"
	Small    = "qwertyuiopasdfghjklzxcvbnm"
	Digits   = "1234567890"
	// Marks are the signs of the codes people carry; a UK keyboard exchanges @
	// and ", others move nearly all of them.
	Marks = `@#/:;-_=+*$%.,?!&()<>|\[]{}`
	// Dead become letters with accents on a US-International keyboard.
	Dead = `'e "o ~n ^a`
	// TestEnd is the last thing in the text: missing, the end was lost.
	TestEnd = "END"
)

// TestText is the text of the codes on the test card, 179 ASCII characters. What
// a scanner adds, such as Enter, is not part of it.
const TestText = TestStart + " " + Telex + " " + VNI + " " + Capitals + " " + Small + " " + Digits + " " + Marks + " " + Dead + " " + TestEnd
