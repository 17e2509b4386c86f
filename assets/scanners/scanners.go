package scanners

import (
	_ "embed"
	"encoding/json"
	"sync"
)

// Manual says where the configuration codes of a maker's scanners stand in its
// manual. The codes themselves are not here: what the barcodes of each make hold
// could not be verified from published text in November 2026 (manuals show them as
// pictures and name neither their symbology nor, for most makers, their content),
// and a wrong one can leave a scanner that answers to nothing but a factory reset.
// Empty fields are not known.
type Manual struct {
	Maker    string `json:"maker"`
	Models   string `json:"models"`
	Manual   string `json:"manual"`   // its title
	Begin    string `json:"begin"`    // code to scan before and after the others
	Serial   string `json:"serial"`   // where the code for USB-COM stands
	Keyboard string `json:"keyboard"` // for typing as a keyboard
	Layout   string `json:"layout"`   // for the US layout
	Suffix   string `json:"suffix"`   // for Enter behind each code
	Source   string `json:"source"`   // what was read, and when
}

//go:embed manuals.json
var manuals []byte

// Manuals are the makers of scanners that posts have, in the order of the file.
var Manuals = sync.OnceValue(func() []Manual {
	var all []Manual
	if err := json.Unmarshal(manuals, &all); err != nil {
		panic("assets/scanners/manuals.json: " + err.Error()) // a test reads it
	}
	return all
})
