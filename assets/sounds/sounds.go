// Package sounds holds the rhythm of every verdict. They differ in rhythm and
// not only in pitch, so that they are told apart over traffic and by a worn ear.
package sounds

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

//go:embed rhythms.json
var rhythms []byte

// Tone is one note; Hz 0 is a rest.
type Tone struct {
	Hz float64 `json:"hz"`
	MS int     `json:"ms"`
}

// Length is how long the tone lasts.
func (t Tone) Length() time.Duration { return time.Duration(t.MS) * time.Millisecond }

// Rhythms are the tones by name: "pass", "check", "stop", "unreadable", "watch".
func Rhythms() (map[string][]Tone, error) {
	var all map[string][]Tone
	if err := json.Unmarshal(rhythms, &all); err != nil {
		return nil, fmt.Errorf("read rhythms: %w", err)
	}
	return all, nil
}
