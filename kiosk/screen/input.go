package screen

import (
	"time"

	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
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
}

// Result is a scan that was judged and saved.
type Result struct {
	checkpoint.Outcome
	ID      record.ID
	At      time.Time
	Durable bool
	Repeat  bool  // the same code within 2.5 s: no new record
	Err     error // why it could not be judged or saved
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
}

// Key is a key that means something to the screen.
type Key string

// The keys that have names. A character is itself, in upper case.
const (
	KeyEnter     Key = "Enter"
	KeyEscape    Key = "Escape"
	KeyBackspace Key = "Backspace"
	KeyNumber    Key = "F2"
	KeyDirection Key = "F5"
	KeyClose     Key = "Close" // the window's close button, or Alt+F4
)

// Effect is what the Model asks its owner to do. Exactly one field is set.
type Effect struct {
	Judge     *Scan
	Decide    *Decide
	Direction record.Direction
	Sound     string // "pass", "check", "stop", "unreadable", "watch"
	Quit      bool
}

// Decide is a decision to write down.
type Decide struct {
	Scan    record.ID
	Passage record.Passage
}
