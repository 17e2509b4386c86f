package record

import (
	"quachot/internal/credential"
	"quachot/internal/identity"
)

// Scan is one reading with its verdict, on disk before the verdict is shown. Of
// our own card only its number is kept; a document's fields (Name ... Phone)
// once per person, segment and day, its numbers always.
type Scan struct {
	Direction Direction           `cbor:"1,keyasint" json:"direction"`
	Reading   credential.Kind     `cbor:"2,keyasint" json:"reading"`
	Trust     credential.Trust    `cbor:"3,keyasint" json:"trust"`
	Verdict   Verdict             `cbor:"4,keyasint" json:"verdict"`
	Reasons   []Reason            `cbor:"5,keyasint,omitempty" json:"reasons,omitempty"`
	Card      uint64              `cbor:"6,keyasint,omitempty" json:"card,omitempty"`      // own card number, 13 digits
	Documents []identity.Document `cbor:"7,keyasint,omitempty" json:"documents,omitempty"` // never of an own card
	Name      string              `cbor:"8,keyasint,omitempty" json:"name,omitempty"`
	Birth     string              `cbor:"9,keyasint,omitempty" json:"birth,omitempty"`
	Sex       string              `cbor:"10,keyasint,omitempty" json:"sex,omitempty"`
	Address   string              `cbor:"11,keyasint,omitempty" json:"address,omitempty"`
	Phone     string              `cbor:"12,keyasint,omitempty" json:"phone,omitempty"`
	Why       string              `cbor:"13,keyasint,omitempty" json:"why,omitempty"` // the reading's Reason code
	Warnings  []string            `cbor:"14,keyasint,omitempty" json:"warnings,omitempty"`
	Raw       []byte              `cbor:"15,keyasint,omitempty" json:"raw,omitempty"`     // what could not be read or verified, at most 2 KiB
	RawLen    int                 `cbor:"16,keyasint,omitempty" json:"raw_len,omitempty"` // its full length when cut
	Repeats   uint                `cbor:"17,keyasint,omitempty" json:"repeats,omitempty"` // further reads of the same code within 2.5 s, of the scan before
	Unsaved   bool                `cbor:"18,keyasint,omitempty" json:"unsaved,omitempty"` // shown before it was on disk, because no medium took it
	Token     []byte              `cbor:"19,keyasint,omitempty" json:"token,omitempty"`   // token hash of an own card that did not pass, 32 bytes
}

// Passage closes scans of its own segment and, by ID, of earlier ones.
type Passage struct {
	Scans    []uint64  `cbor:"1,keyasint" json:"scans"`
	Earlier  []ID      `cbor:"2,keyasint,omitempty" json:"earlier,omitempty"`
	Decision Decision  `cbor:"3,keyasint" json:"decision"`
	Reason   string    `cbor:"4,keyasint,omitempty" json:"reason,omitempty"`
	Purpose  string    `cbor:"5,keyasint,omitempty" json:"purpose,omitempty"`
	Plate    string    `cbor:"6,keyasint,omitempty" json:"plate,omitempty"`
	Vehicle  string    `cbor:"7,keyasint,omitempty" json:"vehicle,omitempty"`
	Party    uint      `cbor:"8,keyasint,omitempty" json:"party,omitempty"`
	Checked  string    `cbor:"9,keyasint,omitempty" json:"checked,omitempty"` // document kind the identity was checked against
	Corrects *ID       `cbor:"10,keyasint,omitempty" json:"corrects,omitempty"`
	Way      Direction `cbor:"11,keyasint,omitempty" json:"direction,omitempty"`
	Found    []Reason  `cbor:"12,keyasint,omitempty" json:"found,omitempty"`    // what the lists say of the plate; set by the station
	Override string    `cbor:"13,keyasint,omitempty" json:"override,omitempty"` // supervisor who let a stop through, by id; set by the station
	Place    string    `cbor:"14,keyasint,omitempty" json:"place,omitempty"`    // where to: code of a quarantine or test place
	Permit   string    `cbor:"15,keyasint,omitempty" json:"permit,omitempty"`   // green-lane permit, as shown
	Stay     *Stay     `cbor:"16,keyasint,omitempty" json:"stay,omitempty"`     // at a lodging
	Form     string    `cbor:"17,keyasint,omitempty" json:"form,omitempty"`     // paper form number; then the passage was entered later
	// HappenedAt is set when a passage is entered later than it happened; unix ms.
	HappenedAt int64 `cbor:"18,keyasint,omitempty" json:"happened_at,omitempty"`
	Undone     bool  `cbor:"19,keyasint,omitempty" json:"undone,omitempty"` // with Corrects: the decision named was a slip and counts no more; Decision repeats it
}

// Stay is a night's lodging, or its end.
type Stay struct {
	Room   string `cbor:"1,keyasint,omitempty" json:"room,omitempty"`
	Nights uint   `cbor:"2,keyasint,omitempty" json:"nights,omitempty"`
	Left   bool   `cbor:"3,keyasint,omitempty" json:"left,omitempty"` // checks out
}

// Declaration is a health declaration (khai báo y tế), spoken, on paper or
// declared before.
type Declaration struct {
	Documents  []identity.Document `cbor:"1,keyasint,omitempty" json:"documents,omitempty"`
	Name       string              `cbor:"2,keyasint" json:"name"`
	Birth      string              `cbor:"3,keyasint,omitempty" json:"birth,omitempty"`
	Sex        string              `cbor:"4,keyasint,omitempty" json:"sex,omitempty"`
	Phone      string              `cbor:"5,keyasint,omitempty" json:"phone,omitempty"`
	From       string              `cbor:"6,keyasint,omitempty" json:"from,omitempty"` // ward codes, 5 digits
	Through    []string            `cbor:"7,keyasint,omitempty" json:"through,omitempty"`
	To         string              `cbor:"8,keyasint,omitempty" json:"to,omitempty"`
	Purpose    string              `cbor:"9,keyasint,omitempty" json:"purpose,omitempty"`
	Symptoms   []string            `cbor:"10,keyasint,omitempty" json:"symptoms,omitempty"`
	Contact    bool                `cbor:"11,keyasint,omitempty" json:"contact,omitempty"` // met a case
	Tests      []string            `cbor:"12,keyasint,omitempty" json:"tests,omitempty"`
	Doses      uint                `cbor:"13,keyasint,omitempty" json:"doses,omitempty"`
	HappenedAt int64               `cbor:"14,keyasint,omitempty" json:"happened_at,omitempty"` // unix ms; absent = when entered
	Source     string              `cbor:"15,keyasint,omitempty" json:"source,omitempty"`      // spoken, paper, code
	Form       string              `cbor:"16,keyasint,omitempty" json:"form,omitempty"`        // paper form number
	// Units is the edition of the administrative list that the codes are of, such as
	// "2021-11-01"; where they are of several, one a code with commas between, in the
	// order From, Through, To without those that are absent.
	Units    string    `cbor:"17,keyasint,omitempty" json:"units,omitempty"`
	Scans    []uint64  `cbor:"18,keyasint,omitempty" json:"scans,omitempty"`   // readings it belongs to, in its own segment
	Earlier  []ID      `cbor:"19,keyasint,omitempty" json:"earlier,omitempty"` // and in others
	Verdict  Verdict   `cbor:"20,keyasint,omitempty" json:"verdict,omitempty"` // of the person with this declaration; set by the station
	Reasons  []Reason  `cbor:"21,keyasint,omitempty" json:"reasons,omitempty"` // set by the station
	Address  string    `cbor:"22,keyasint,omitempty" json:"address,omitempty"`
	Plate    string    `cbor:"23,keyasint,omitempty" json:"plate,omitempty"`
	Way      Direction `cbor:"24,keyasint,omitempty" json:"direction,omitempty"`
	Corrects *ID       `cbor:"25,keyasint,omitempty" json:"corrects,omitempty"`
}

// CardStep is one step in a card's life.
type CardStep struct {
	Step      string              `cbor:"1,keyasint" json:"step"` // issued, printed, spoilt, handed-over, replaced, revoked
	Card      uint64              `cbor:"2,keyasint" json:"card"`
	Token     []byte              `cbor:"3,keyasint,omitempty" json:"token,omitempty"` // SHA-256 of the COSE bytes
	Medium    string              `cbor:"4,keyasint,omitempty" json:"medium,omitempty"`
	Documents []identity.Document `cbor:"5,keyasint,omitempty" json:"documents,omitempty"` // shown when it was issued
	Name      string              `cbor:"6,keyasint,omitempty" json:"name,omitempty"`
	Birth     string              `cbor:"7,keyasint,omitempty" json:"birth,omitempty"`
	Sex       string              `cbor:"8,keyasint,omitempty" json:"sex,omitempty"`
	Ward      string              `cbor:"9,keyasint,omitempty" json:"ward,omitempty"`
	Reason    string              `cbor:"10,keyasint,omitempty" json:"reason,omitempty"`
	Old       uint64              `cbor:"11,keyasint,omitempty" json:"old,omitempty"` // the card it replaces
}

// Shift is an officer coming or going.
type Shift struct {
	Officer string            `cbor:"1,keyasint" json:"officer"`
	Event   string            `cbor:"2,keyasint" json:"event"` // login, logout, lock, unlock, refused
	Counts  map[string]uint64 `cbor:"3,keyasint,omitempty" json:"counts,omitempty"`
	// With is the officer at the other side of a hand-over: who takes over at a
	// logout, who handed over at a login. Both typed their PIN.
	With string `cbor:"4,keyasint,omitempty" json:"with,omitempty"`
}

// Context is what holds for the records after it, written when it changes.
type Context struct {
	Officer   string            `cbor:"1,keyasint,omitempty" json:"officer,omitempty"`
	Post      string            `cbor:"2,keyasint,omitempty" json:"post,omitempty"`
	Lane      string            `cbor:"3,keyasint,omitempty" json:"lane,omitempty"`
	Direction Direction         `cbor:"4,keyasint,omitempty" json:"direction,omitempty"`
	Lists     map[string]uint64 `cbor:"5,keyasint,omitempty" json:"lists,omitempty"` // versions
	Serial    uint64            `cbor:"6,keyasint,omitempty" json:"serial,omitempty"`
	AsOf      int64             `cbor:"7,keyasint,omitempty" json:"as_of,omitempty"` // of the manifest, unix ms
	SkewMS    *int64            `cbor:"8,keyasint,omitempty" json:"skew_ms,omitempty"`
	Scanner   string            `cbor:"9,keyasint,omitempty" json:"scanner,omitempty"`
	Purpose   string            `cbor:"10,keyasint,omitempty" json:"purpose,omitempty"` // that this lane takes for granted
	Place     *Place            `cbor:"11,keyasint,omitempty" json:"place,omitempty"`   // where a patrol stands now
}

// Place is where a patrol stands: a name, a map point, or both.
type Place struct {
	Name string      `cbor:"1,keyasint,omitempty" json:"name,omitempty"`
	At   *[2]float64 `cbor:"2,keyasint,omitempty" json:"at,omitempty"` // latitude, longitude
}

// Incident is something that happened and is no passage. What is a word: ran-post,
// forged-card, look-out, refused-test, device, other.
type Incident struct {
	What  string   `cbor:"1,keyasint" json:"what"`
	Text  string   `cbor:"2,keyasint,omitempty" json:"text,omitempty"`
	Scans []uint64 `cbor:"3,keyasint,omitempty" json:"scans,omitempty"`
	Photo []byte   `cbor:"4,keyasint,omitempty" json:"photo,omitempty"` // SHA-256
	Size  uint64   `cbor:"5,keyasint,omitempty" json:"size,omitempty"`
	// Earlier names scans of other segments; Plate a vehicle.
	Earlier []ID   `cbor:"6,keyasint,omitempty" json:"earlier,omitempty"`
	Plate   string `cbor:"7,keyasint,omitempty" json:"plate,omitempty"`
}

// ClockJump is a jump of the wall clock against time since boot.
type ClockJump struct {
	Before int64 `cbor:"1,keyasint" json:"before"` // expected wall clock, unix ms
	After  int64 `cbor:"2,keyasint" json:"after"`
}

// Note is a remark; Corrects names the record it is about, if any.
type Note struct {
	Text     string `cbor:"1,keyasint" json:"text"`
	Corrects *ID    `cbor:"2,keyasint,omitempty" json:"corrects,omitempty"`
}
