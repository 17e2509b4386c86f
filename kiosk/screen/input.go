package screen

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"quachot/hardware/scanner/wedge"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/duty"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
	"quachot/kiosk/uplink"
)

// Words gives texts; *text.Catalogue is one.
type Words interface {
	T(key string, args ...string) string
	Has(key string) bool
	Lang() string
}

// Scan is one code that arrived at the window.
type Scan struct {
	// Texts are the ways to read it, the likeliest first; see wedge.Scan.
	Texts       []string
	At          time.Time
	InputMethod bool // something rewrote the keys on their way
	Typed       bool // by hand, in the number field

	Device string      // the scanner, when it is no keyboard
	Keys   *wedge.Scan // what was typed, when it is; for the self-test
}

// Result is a scan that was judged and saved.
type Result struct {
	checkpoint.Outcome
	ID      record.ID
	At      time.Time
	Durable bool
	Repeat  bool         // the same code within 2.5 s: no new record
	Twice   bool         // of a declaration: a paper form of this number was entered today already
	Stay    *record.Stay // at a lodging: the person has a room here
	Err     error        // why it could not be judged or saved
}

// Status is the station's condition, asked for once a second.
type Status struct {
	Post, Lane string
	Officer    string // "" = nobody is logged in
	Counts     journal.Counts
	Link       uplink.State
	ListsAsOf  time.Time // zero = none came yet
	Stale      [3]uint   // hours; see wire.Settings
	Street     string    // neutral words of a watch-list hit; "" = the catalogue's
	Call       string    // whom to ring, by default
	Scanners   []Scanner // beside those that type

	Kind       string                       // of the post: road, place, lodging, patrol; "" = road
	Place      string                       // where a patrol stands now; "" = at its post
	Purpose    string                       // what this lane takes people to travel for; "" = not set
	Province   string                       // the own one, 2 digits; "" = not known
	Inside     int                          // people who are in a place now
	Posts      []wire.Post                  // all posts of the deployment, for a patrol that moves
	Deployment string                       // any text of this deployment's own; seeds the seal of the day
	Meter      lane.Meter                   // how fast the lane is
	Lists      []ListState                  // one a list, for the sync page
	RuleText   func(id, lang string) string // a rule's reason in words; nil = none are known
	Duty       Duty                         // who may be on duty, and is
}

// ListState is one list the station holds.
type ListState struct {
	Name    string // as in [wire]
	Version uint64 // 0 = none came yet
	Entries int    // -1 = not counted
}

// Key is a key that means something to the screen: a named one of those below, or
// a character as it was typed, "a" and "A" apart. Fields take it as it is;
// shortcuts compare [Key.Upper].
type Key string

// Upper is the key whatever Shift and Caps Lock say: a letter in upper case,
// everything else itself.
func (k Key) Upper() Key {
	if utf8.RuneCountInString(string(k)) != 1 {
		return k
	}
	return Key(strings.ToUpper(string(k)))
}

// Rune is the character that was typed; false for a named key.
func (k Key) Rune() (rune, bool) {
	r, n := utf8.DecodeRuneInString(string(k))
	return r, n > 0 && n == len(k)
}

// The keys that have names.
const (
	KeyEnter     Key = "Enter"
	KeyEscape    Key = "Escape"
	KeyBackspace Key = "Backspace"
	KeyTab       Key = "Tab"
	KeyBack      Key = "Shift+Tab"
	KeyUp        Key = "Up"
	KeyDown      Key = "Down"
	KeyLeft      Key = "Left"
	KeyRight     Key = "Right"
	KeyPageUp    Key = "PageUp"
	KeyPageDown  Key = "PageDown"
	KeyDelete    Key = "Delete"
	KeyHelp      Key = "F1"
	KeyNumber    Key = "F2"
	KeyDeclare   Key = "F3"
	KeyVehicle   Key = "F4"
	KeyDirection Key = "F5"
	KeyIncident  Key = "F6"
	KeyPaper     Key = "F7"     // back-entry of paper forms
	KeyMeter     Key = "F8"     // how fast the lane is
	KeyDuty      Key = "F9"     // login, lock, hand-over
	KeySettings  Key = "F10"    // theme, privacy, purpose, place, self-test
	KeySync      Key = "F12"    // what the office holds
	KeyClose     Key = "Close"  // the window's close button, or Alt+F4
	KeyScreen    Key = "Screen" // wants to leave or fill the whole screen (F11)
)

// Effect is what the Model asks its owner to do. Exactly one field is set.
type Effect struct {
	// Work is done on the lane's goroutine, in its turn between scans; what it
	// returns is told to the model, and may be nil.
	Work      func(ctx context.Context, do Doing) func(m *Model, now time.Time) []Effect
	Judge     *Scan
	Decide    *Decide
	Direction record.Direction
	Sound     string // "pass", "check", "stop", "unreadable", "watch"
	Quit      bool
	Screen    bool // fill the screen, or stop filling it
}

// Doing is what pages have done for them. Every method may wait for a disk; an
// error is worth showing to the officer.
type Doing interface {
	Lane
	Look
	Declare(ctx context.Context, d record.Declaration) (Result, error)
	Incident(ctx context.Context, i record.Incident) (record.ID, error)
	Note(ctx context.Context, text string, corrects *record.ID) (record.ID, error)
	SetPurpose(ctx context.Context, purpose string) error
	Move(ctx context.Context, to record.Place) error
	Login(ctx context.Context, who Credentials) (wire.Officer, error)
	// Handover ends the shift of the officer on duty and begins next's; both typed
	// their PIN. Logout with nobody to follow is next = "".
	Handover(ctx context.Context, next string) error
	Lock(ctx context.Context, locked bool) error
	Print(ctx context.Context, what Paper) (where string, err error)
	Places() []wire.CarePlace
}

// Credentials are what an officer shows.
type Credentials = duty.Credentials

// Paper names something to print; see internal/paper.
type Paper struct {
	Name string // "handover-slip", "shift", "form", "test-card", "samples"
	// Data is what is filled in. Of a hand-over slip: decision (as
	// [record.Decision] is named), name, birth, document (kind and number), from,
	// reason, place, address, phone (of the place), at (RFC 3339), post, lane,
	// officer, record (segment in hex, a slash, the number); what is not known is
	// left out. Of a shift: see handover. Of forms: series (what each number begins
	// with; none = a line to write it on), first, count. The others take nothing.
	// Post is the station's where it is left out. [Document] reads all of them.
	Data map[string]string
}

// Decide is a decision to write down.
type Decide struct {
	Scan    record.ID
	Passage record.Passage
}
