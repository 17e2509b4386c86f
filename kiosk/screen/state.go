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
	Title   string   // of the waiting screen: what to do
	Help    string   // under it: what can be scanned
	Panel   *Panel   // the verdict on show; nil = waiting
	RowsFor string   // heading of Rows
	Rows    []Row    // results before the one on show, newest first, at most three
	Queue   string   // "+2 waiting"; "" = none
	Notice  string   // what is wrong with the scanner's keys, or a question; "" = nothing
	Alarm   bool     // Notice is a fault, not a question
	Field   *Field   // the number field, when it is open
	Hints   []Hint   // keys that work now
	Tally   string   // what went through since the start
	Ribbon  string   // the training ribbon; "" = real work
	Page    *Page    // what is open over the lane; nil = the lane itself
	Vehicle *Vehicle // the vehicle whose people are being scanned; nil = none
	Sunny   bool     // the high-contrast theme, for glare
	Seal    string   // today's seed of the turning seal, 8 hex digits; see view
	Kind    string   // of the post: road, place, lodging, patrol; a place's waiting screen is larger
	Inside  string   // of a place: how many are inside now; "" = not said
	Flash   Flash    // the sound last played, for the eye; zero = none yet
}

// Flash mirrors a sound on screen: views flash the verdict's border in its
// rhythm once when Turn differs from the one before.
type Flash struct {
	Sound string // as of [Effect]: "pass", "check", "stop", "unreadable", "watch"
	Turn  uint64 // counts the sounds
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
	Purpose   string // what people are taken to travel for; "" = not set
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
	Neutral  bool     // a watch-list hit: the street sees neither colour nor shape of a verdict
}

// Row is one earlier result.
type Row struct {
	Time    string
	Verdict record.Verdict
	Word    string
	Name    string
	Detail  string
	Decided string
	Neutral bool // as of Panel
}

// Vehicle is a strip over the lane: who is on board so far.
type Vehicle struct {
	Plate   string
	Detail  string // type, purpose, permit
	Verdict record.Verdict
	Neutral bool   // as of Panel
	Word    string // of the worst verdict aboard
	Aboard  []Row  // the newest first
}

// Page is a form, a choice, a list or a text over the lane. The header stays
// visible above it. Views draw what is there, in the order of the fields below.
type Page struct {
	Name    string // for tests and golden pictures: "declare", "vehicle", "login", ...
	Title   string
	Lead    string // under the title: who or what it is about
	Fields  []FormField
	Choices []Choice
	Pad     bool // a number pad that a glove can hit; its keys are "0"-"9", Backspace, Enter
	Table   *Table
	Chart   *Chart
	Text    []string // paragraphs
	Aside   Line     // a live line: what the rules say so far, what is missing
	Error   string   // what happened, what is safe, what to do
	Small   bool     // a box in the middle, the lane visible around it
}

// FormField is one field of a column. Enter moves on, Shift+Tab back.
type FormField struct {
	Label   string
	Text    string // as typed so far; dots when Secret
	Help    string // shown while it has the focus
	Error   string
	Focus   bool
	Secret  bool
	Given   bool     // filled by a scan or the last person, not typed
	Options []Choice // below the field while it has the focus: what a picker found
	Flags   []Flag   // single keys to switch, such as symptoms
	Key     Key      // a tap on the field; "" = none
}

// Choice is something to choose by its key or a tap.
type Choice struct {
	Key    Key
	Text   string
	Detail string
	Marked bool // the one that Enter takes
	Off    bool // shown, cannot be chosen now; Detail says why
}

// Flag is a switch with a single key.
type Flag struct {
	Key  Key
	Text string
	On   bool
}

// Table is rows of words under a head. Wide says the share of each column.
type Table struct {
	Head  []string
	Rows  [][]string
	Wide  []float32
	Right []bool // columns of numbers
	Row   int    // the one marked; -1 = none
}

// Chart is bars in columns, such as scans by hour.
type Chart struct {
	Title string
	Names []string // of Bars' parts, bottom first; their colours are those of Kinds
	Kinds []record.Verdict
	Bars  []Bar
}

// Bar is one column; Parts has one value per name.
type Bar struct {
	Label string
	Parts []float64
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
