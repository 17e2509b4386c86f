package credential

import (
	"embed"
	"encoding/json"
	"sync"
)

// The EU's value sets, unmodified; their licence and origin lie beside them.
//
//go:embed valuesets/*.json
var valueSets embed.FS

// displayNames maps the codes of all value sets to words in English. No code
// means two things.
var displayNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	files, err := valueSets.ReadDir("valuesets")
	if err != nil {
		return names
	}
	for _, f := range files {
		b, err := valueSets.ReadFile("valuesets/" + f.Name())
		if err != nil {
			continue
		}
		var set struct {
			Values map[string]struct{ Display string } `json:"valueSetValues"`
		}
		if json.Unmarshal(b, &set) != nil {
			continue // a test reads every file
		}
		for code, v := range set.Values {
			names[code] = v.Display
		}
	}
	return names
})

// displayName is the words of a code, or the code itself when it has none.
func displayName(code string) string {
	if name := displayNames()[code]; name != "" {
		return name
	}
	return code
}
