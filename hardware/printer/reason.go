package printer

import (
	"slices"
	"strings"
)

// A reason is one keyword of printer-state-reasons, or job-state-reasons, and
// what it means for a job that waits.
type reason struct {
	word string
	err  error // what waits for somebody; nil = goes on
}

// reasons are the keywords that stop a job. Source: IANA IPP registrations,
// printer-state-reasons (RFC 8011 section 5.4.12, PWG 5100.4, 5100.9), and those of
// CUPS ("cups-" and "-report", cups.org/doc/spec-ipp.html). A word that is not
// here stops nothing by itself: printer-state 5 (stopped) does.
var reasons = []reason{
	{"media-empty", ErrNoCards},
	{"media-needed", ErrNoCards},
	{"input-media-supply-empty", ErrNoCards},
	{"input-tray-missing", ErrNoCards},
	{"media-jam", ErrJam},
	{"cover-open", ErrAttention},
	{"door-open", ErrAttention},
	{"interlock-open", ErrAttention},
	{"marker-supply-empty", ErrAttention},
	{"toner-empty", ErrAttention},
	{"marker-waste-full", ErrAttention},
	{"output-area-full", ErrAttention},
	{"output-tray-missing", ErrAttention},
	{"paused", ErrAttention},
	{"moving-to-paused", ErrAttention},
	{"stopped-partly", ErrAttention},
	{"spool-area-full", ErrAttention},
	{"fuser-over-temp", ErrAttention},
	{"printer-stopped", ErrAttention},
	{"offline", ErrLost}, // CUPS backends say "offline-report" when a device is switched off
	{"shutdown", ErrLost},
	{"timed-out", ErrLost},
	{"connecting-to-device", nil}, // for a moment at every job
}

// Bare is a reason without its severity: "media-empty-warning" -> "media-empty".
func Bare(word string) string {
	for _, severity := range []string{"-report", "-warning", "-error"} {
		if bare, ok := strings.CutSuffix(word, severity); ok {
			return bare
		}
	}
	return word
}

// Blocking is what keeps a waiting job; nil when nothing in words does. A reason
// counts when it is an error, which a word without severity is too (RFC 8011), or
// when the printer prints nothing, said by stopped: many printers report a jam
// or empty paper as a mere warning or report while they stand still.
func Blocking(words []string, stopped bool) error {
	for _, r := range reasons {
		for _, w := range words {
			if Bare(w) == r.word && r.err != nil && (stopped || w == r.word || strings.HasSuffix(w, "-error")) {
				return r.err
			}
		}
	}
	return nil
}

// Clean are the bare reasons in order, each once, without "none".
func Clean(words []string) []string {
	var out []string
	for _, w := range words {
		if w = Bare(w); w != "" && w != "none" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}
