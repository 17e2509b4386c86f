package station

import (
	"maps"
	"slices"
	"time"

	"quachot/internal/record"
)

// Status is the JSON of `kiosk status`. Ages are in seconds; null = not known.
type Status struct {
	Station   string     `json:"station"`
	Name      string     `json:"name"`
	Post      string     `json:"post"`
	Head      uint64     `json:"head"` // records ever written
	Held      uint64     `json:"held"` // of them at the office
	Kept      uint64     `json:"kept"` // of them there for good
	Unsent    uint64     `json:"unsent"`
	OldestS   *int64     `json:"oldest_unsent_s"` // null when nothing waits; after a restart up to an hour, a segment's length, too old
	Lists     []ListHeld `json:"lists"`
	ListAgeS  *int64     `json:"list_age_s"`
	ListBad   []string   `json:"list_problems,omitempty"` // what of the lists cannot be used here, in words
	SkewMS    *int64     `json:"skew_ms"`                 // this clock minus the office's
	Health    string     `json:"health"`
	Connected bool       `json:"connected"`
	Contact   *int64     `json:"last_contact"` // unix ms
	Error     string     `json:"last_error,omitempty"`
	ErrorCode string     `json:"error_code,omitempty"`
	Forks     []string   `json:"forks,omitempty"`
	Address   string     `json:"office"`
	StoreKey  string     `json:"store_key"` // keyring or file
	Key       string     `json:"fingerprint"`
	OfficeKey string     `json:"office_fingerprint"`
	FreeBytes uint64     `json:"free_bytes"`
}

// ListHeld is one list with its version.
type ListHeld struct {
	Name    string `json:"name"`
	Version uint64 `json:"version"`
}

// Status tells how the station stands now.
func (s *Station) Status() Status {
	counts, link, snap := s.Journal.Counts(), s.Uplink.State(), s.Lists.Snapshot()
	st := Status{
		Station: s.Identity.Station, Name: s.Identity.Name, Post: s.Post(),
		Head: counts.Head, Held: counts.Held, Kept: counts.Kept, Unsent: counts.Unsent,
		Lists: []ListHeld{}, SkewMS: link.SkewMS, Health: counts.Health,
		Connected: link.Connected, Error: link.LastError, ErrorCode: link.ErrorCode, Forks: names(link.Forks),
		Address: s.Identity.Address, StoreKey: s.Identity.StorePlace, Key: s.Identity.Fingerprint(), OfficeKey: s.Identity.OfficeFingerprint(), FreeBytes: counts.FreeBytes,
	}
	versions := snap.Versions()
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		st.Lists = append(st.Lists, ListHeld{name, versions[name]})
	}
	now := s.Now()
	st.ListAgeS, st.ListBad = age(now, snap.AsOf()), snap.Problems()
	st.OldestS = age(s.Clock.Now(), counts.OldestUnsent)
	if at := s.LastContact(); !at.IsZero() {
		ms := at.UnixMilli()
		st.Contact = &ms
	}
	return st
}

// LastContact is when the office was last heard: in this run of the program, or
// at the latest known time of the lists that came before it. Zero = never.
func (s *Station) LastContact() time.Time {
	if at := s.Uplink.State().LastContact; !at.IsZero() {
		return at
	}
	return s.Lists.Snapshot().AsOf()
}

// LatestOffice is a time the office's clock has certainly reached, by the link
// or by the lists; zero when neither has told.
func (s *Station) LatestOffice() time.Time {
	latest := s.Uplink.State().LatestOffice
	if asOf := s.Lists.Snapshot().AsOf(); asOf.After(latest) {
		return asOf
	}
	return latest
}

// Now is the wall clock, set back by what it is measured to be ahead of the
// office's, and never before what the office's clock has reached.
func (s *Station) Now() time.Time {
	ahead, _ := s.Uplink.Skew()
	return officeNow(s.Clock.Now(), ahead, s.LatestOffice())
}

func officeNow(wall time.Time, ahead time.Duration, latest time.Time) time.Time {
	if ahead > 0 {
		wall = wall.Add(-ahead)
	}
	if latest.After(wall) {
		return latest
	}
	return wall
}

func age(now, since time.Time) *int64 {
	if since.IsZero() {
		return nil
	}
	seconds := max(0, int64(now.Sub(since).Seconds()))
	return &seconds
}

func names(ids []record.SegmentID) (out []string) {
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}
