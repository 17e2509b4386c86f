// Package screen is what the lane's screen says, without drawing it: scans,
// keys, ticks of the clock and the station's condition go in, and a plain
// [State] of finished words comes out whenever something changed. It imports no
// toolkit; kiosk/view draws.
//
// [Model] is the pure part, a struct fed by one goroutine. [Desk] runs it: it
// sends scans to the lane, on a goroutine of its own so that nothing on screen
// ever waits for a disk, and hands each State to the view.
package screen

import "quachot/internal/record"

// State is all that the screen shows. Views draw it and decide nothing.
type State struct {
	Header  Header
	Title   string // of the waiting screen: what to do
	Help    string // under it: what can be scanned
	Panel   *Panel // the verdict on show; nil = waiting
	RowsFor string // heading of Rows
	Rows    []Row  // results before the one on show, newest first, at most three
	Queue   string // "+2 waiting"; "" = none
	Notice  string // what is wrong with the scanner's keys, or a question; "" = nothing
	Alarm   bool   // Notice is a fault, not a question
	Field   *Field // the number field, when it is open
	Hints   []Hint // keys that work now
	Tally   string // what went through since the start
	Ribbon  string // the training ribbon; "" = real work
}

// Level says how bad a line of the header is.
type Level uint8

// The levels. Quiet is grey: nothing known yet.
const (
	Good Level = iota
	Quiet
	Warn
	Bad
)

// Line is words with their weight.
type Line struct {
	Text  string
	Level Level
}

// Header is the band that never changes place.
type Header struct {
	Post      string
	Lane      string // with its word: "làn 2"; "" = unknown
	Direction string
	Out       bool // the lane looks out of the area
	Officer   Line
	Time      string
	Sync      Line // what the office does not hold yet
	Contact   Line // when the office was last heard
	Lists     Line // how old the lists are
	Journal   Line // "" while records are written as they should
}

// Panel is one verdict.
type Panel struct {
	Verdict  record.Verdict
	Word     string // the verdict, or the neutral words of a watch-list hit
	Name     string
	Person   string // birth year, sex
	Source   string // what was read and how far it is trusted
	Reasons  []string
	Seen     string   // when the person was here last
	Private  []string // for the officer alone: why, and whom to ring
	Unsaved  string   // the record is not on disk
	Repeats  string   // the same code again
	Decided  string   // what the officer did
	Question string   // asks for a decision
}

// Row is one earlier result.
type Row struct {
	Time    string
	Verdict record.Verdict
	Word    string
	Name    string
	Detail  string
	Decided string
}

// Field is the number being typed.
type Field struct {
	Label string
	Text  string
	Help  string
}

// Hint is a key and what it does.
type Hint struct {
	Key  string
	Text string
	Lead bool // the next thing to do
}
