package station

import (
	"testing"
	"time"
)

// A laptop whose clock is years ahead told that lists of this minute were years
// old, though the office had just told it the time.
func TestOfficeNow(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	const year = 365 * 24 * time.Hour
	for _, c := range []struct {
		name   string
		wall   time.Time
		ahead  time.Duration
		latest time.Time
		want   time.Time
	}{
		{"right clock", noon, 0, noon.Add(-time.Hour), noon},
		{"never heard of the office", noon, 0, time.Time{}, noon},
		{"years ahead, measured", noon.Add(3 * year), 3 * year, noon, noon},
		{"years ahead, not measured", noon.Add(3 * year), 0, noon, noon.Add(3 * year)},
		{"years behind", noon.Add(-2 * year), -2 * year, noon, noon},
	} {
		if got := officeNow(c.wall, c.ahead, c.latest); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
