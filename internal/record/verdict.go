package record

import "fmt"

// Verdict is what the station says of one reading, from the best to the worst.
type Verdict uint8

// The verdicts. Worse returns the higher one, so their order is their weight;
// Unreadable is apart: nothing is known of the person.
const (
	Pass       Verdict = 1
	Check      Verdict = 2
	Stop       Verdict = 3
	Unreadable Verdict = 4
)

var verdictNames = [...]string{"", "pass", "check", "stop", "unreadable"}

// String is the verdict's name in JSON and in text keys ("verdict.<name>").
func (v Verdict) String() string {
	if v > 0 && int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("verdict(%d)", uint8(v))
}

// MarshalText writes the name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Worse is the more severe of two verdicts.
func (v Verdict) Worse(o Verdict) Verdict { return max(v, o) }

// Decision is what the officer then did.
type Decision uint8

// The decisions of a passage.
const (
	LetThrough   Decision = 1
	TurnedBack   Decision = 2
	ToTest       Decision = 3
	ToQuarantine Decision = 4
)

var decisionNames = [...]string{"", "let-through", "turned-back", "to-test", "to-quarantine"}

// String is the decision's name in JSON and in text keys ("decision.<name>").
func (d Decision) String() string {
	if d > 0 && int(d) < len(decisionNames) {
		return decisionNames[d]
	}
	return fmt.Sprintf("decision(%d)", uint8(d))
}

// MarshalText writes the name.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the name.
func (d *Decision) UnmarshalText(b []byte) error {
	for i, n := range decisionNames {
		if i > 0 && n == string(b) {
			*d = Decision(i)
			return nil
		}
	}
	return fmt.Errorf("unknown decision %q, want let-through, turned-back, to-test or to-quarantine", b)
}

// Direction is the way a lane looks.
type Direction uint8

// The two directions.
const (
	In  Direction = 1
	Out Direction = 2
)

// String is "in" or "out".
func (d Direction) String() string {
	switch d {
	case In:
		return "in"
	case Out:
		return "out"
	}
	return ""
}

// MarshalText writes the name.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the name.
func (d *Direction) UnmarshalText(b []byte) error {
	switch string(b) {
	case "in":
		*d = In
	case "out":
		*d = Out
	default:
		return fmt.Errorf("unknown direction %q, want in or out", b)
	}
	return nil
}

// Reason is why a verdict is what it is: a code with its texts under
// "reason.<code>" in the catalogue, and Arg for the one value a text may name
// (a date, a rule's id, minutes since the last scan). Arg never holds a name or
// a document number.
type Reason struct {
	Code string `cbor:"1,keyasint" json:"code"`
	Arg  string `cbor:"2,keyasint,omitempty" json:"arg,omitempty"`
}
