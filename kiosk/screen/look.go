package screen

import (
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lane"
)

// Look is the part of Doing that writes nothing.
type Look interface {
	// Try is what the lists and rules would say of a declaration: a form's live
	// line. It costs milliseconds for each number it has not seen yet.
	Try(d record.Declaration) checkpoint.Outcome
	// Plate is what the watch-list has on a vehicle; the zero Verdict when nothing
	// is asked.
	Plate(plate string) checkpoint.Outcome
	// Counts are the numbers of the shift for the hand-over: "passages" (people
	// who went through), "scans", "pass", "check", "stop", "unreadable",
	// "let-through", "turned-back", "to-test", "to-quarantine", "declarations",
	// "incidents", "notes", "cards" (issued), "repeats", and "unsent" (records that
	// wait for the office).
	Counts() map[string]uint64
	Meter() lane.Meter
}
