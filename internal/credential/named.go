package credential

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// hcertVersion is another version of the HC1: prefix.
var hcertVersion = regexp.MustCompile(`^H[A-Z][0-9A-Z]:`)

// named is the reading of a format that is recognised and not read further.
func named(kind Kind) Reading { return Reading{Kind: kind, Reason: NotSupported} }

// readBinary recognises the formats whose first bytes are not text, before the
// text is normalised: an ICAO VDS (0xDC and its version; some scanners send the
// byte as the letter Ü) and the zip of DIVOC.
func readBinary(text string) (Reading, bool) {
	rest, found := strings.CutPrefix(text, "\xdc")
	if !found {
		rest, found = strings.CutPrefix(text, "\u00dc")
	}
	if found && rest != "" && rest[0] <= 0x03 {
		return named(VDS), true
	}
	if strings.HasPrefix(text, "PK\x03\x04") {
		return named(DIVOC), true
	}
	return Reading{}, false
}

// readVDS recognises the text form of an ICAO barcode, IDB (TR-03137).
func readVDS(s scan) (Reading, bool) {
	if strings.HasPrefix(s.text, "NDB1") || strings.HasPrefix(s.text, "RDB1") {
		return named(VDS), true
	}
	return Reading{}, false
}

// readVDSNC recognises the JSON of an ICAO VDS-NC by data.hdr.t.
func readVDSNC(s scan) (Reading, bool) {
	if !strings.HasPrefix(strings.TrimSpace(s.text), "{") {
		return Reading{}, false
	}
	var seal struct {
		Data struct {
			Hdr struct {
				T  string
				IS string
			}
		}
		Sig json.RawMessage
	}
	if json.Unmarshal([]byte(s.text), &seal) != nil {
		if strings.Contains(s.text, `"icao.`) {
			return Reading{Reason: Truncated}, true
		}
		return Reading{}, false
	}
	if !strings.HasPrefix(seal.Data.Hdr.T, "icao.") || seal.Sig == nil {
		return Reading{}, false
	}
	r := named(VDSNC)
	r.set("type", seal.Data.Hdr.T)
	r.set("country", seal.Data.Hdr.IS)
	return r, true
}

// readURL recognises a web address. It is kept as text and never opened.
func readURL(s scan) (Reading, bool) {
	text := strings.TrimSpace(s.text)
	lower := strings.ToLower(text[:min(len(text), 8)])
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return Reading{}, false
	}
	r := Reading{Kind: URL, Reason: Link}
	r.set("url", text)
	if u, err := url.Parse(text); err == nil {
		r.set("host", u.Hostname())
	}
	return r, true
}
