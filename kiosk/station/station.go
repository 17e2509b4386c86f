// Package station opens a station's data directory and wires what works on it:
// journal, lists, uplink and identity keys. The window, `kiosk lane` and the
// subcommands all start here.
//
// The directory holds station.cbor (who this station is, mode 0600), journal/,
// lists.db and, while a program runs, control.sock.
package station

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"quachot/internal/clock"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/kiosk/duty"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
	"quachot/kiosk/lists"
	"quachot/kiosk/uplink"
)

// ErrNotEnrolled says that the directory belongs to no station yet.
var ErrNotEnrolled = errors.New("this computer is not enrolled as a station yet")

// Options are what a program says of itself. The zero value works.
type Options struct {
	Program string       // version of the program; "" = "dev"
	Log     *slog.Logger // nil = none
	Clock   clock.Clock  // nil = the system's
	// Probe is the command that checks the journal before it is opened; see
	// journal.Options.
	Probe []string
	CopyB string // directory of a further copy of the journal; "" = none
}

// Station is an open data directory. Its fields are set by Open and may be used
// until Close.
type Station struct {
	Identity Identity
	Journal  *journal.Journal
	Lists    *lists.Store
	Uplink   *uplink.Client
	Deriver  *identity.Deriver
	Clock    clock.Clock
	Guard    *duty.Guard // of all lanes' logins, kept over restarts
	Training bool        // opened by OpenTraining: nothing counts

	dir string
	log *slog.Logger
}

// Open opens the station in dir. Errors: ErrNotEnrolled, journal.ErrRunning when
// another program has it open, journal.ErrNewer.
func Open(dir string, o Options) (*Station, error) {
	o = o.defaults()
	id, err := Load(dir)
	if err != nil {
		return nil, err
	}
	s := &Station{Identity: id, Clock: o.Clock, dir: dir, log: o.Log}
	s.Journal, err = journal.Open(filepath.Join(dir, "journal"), journal.Options{
		Station:    id.Station,
		Sign:       id.Key,
		Recipients: []seal.Recipient{id.Office.Seal, id.Office.Recovery},
		Office:     id.Office.Sign,
		StoreKey:   id.StoreKey,
		Program:    o.Program,
		Clock:      o.Clock,
		Log:        o.Log,
		CopyB:      o.CopyB,
		Probe:      o.Probe,
	})
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	s.Lists, err = lists.Open(filepath.Join(dir, "lists.db"), id.Office)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open lists: %w", err), s.Journal.Close())
	}
	s.Deriver = identity.NewDeriver(id.Office.Salt, id.Office.SaltEpoch)
	s.Guard = s.guard()
	s.Uplink = uplink.New(uplink.Config{
		Address: id.Address, Key: id.Key, Station: id.Station, Office: id.Office,
		Outbox: s.Journal, Lists: s.Lists, Clock: o.Clock, Program: o.Program, Log: o.Log,
		Versions: func() map[string]uint64 { return s.Lists.Snapshot().Versions() },
		Enrol:    id.Enrol, Enrolled: s.enrolled,
	})
	return s, nil
}

func (o Options) defaults() Options {
	if o.Program == "" {
		o.Program = "dev"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	return o
}

// Close writes what waits and lets go of the directory. Lanes and the uplink
// must have ended.
func (s *Station) Close() error {
	return errors.Join(s.Lists.Close(), s.Journal.Close())
}

// Dir is the data directory.
func (s *Station) Dir() string { return s.dir }

// NewLane makes a lane of this station.
func (s *Station) NewLane(dir record.Direction) *lane.Lane { return lane.New(s.LaneDeps(), dir) }

// LaneDeps are what NewLane stands on, for a caller that has more to say, such
// as the scanner's name.
func (s *Station) LaneDeps() lane.Deps {
	return lane.Deps{
		Journal:      s.Journal,
		Lists:        s.Lists.Snapshot,
		Deriver:      s.Deriver,
		Clock:        s.Clock,
		Post:         s.Post(),
		Name:         s.Identity.Name,
		Province:     s.Identity.Station[:min(2, len(s.Identity.Station))],
		Log:          s.log,
		LatestOffice: s.LatestOffice,
		Skew:         s.Uplink.Skew,
	}
}

// Post is the code of the post the station stands at: the office's latest word,
// else what it was enrolled with.
func (s *Station) Post() string {
	if post := s.Lists.Snapshot().Settings().Stations[s.Identity.Station]; post != "" {
		return post
	}
	return s.Identity.Post
}

// DefaultDir is the platform's place for the data.
func DefaultDir() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return "quachot-kiosk" // no home directory: beside the program's start
	}
	return filepath.Join(base, "quachot", "kiosk")
}

// Fingerprint is the station's key in a form that two people can compare.
func (i Identity) Fingerprint() string { return fingerprint(i.Key.Public().(ed25519.PublicKey)) }

// OfficeFingerprint is the hash of the office's keys as `syncserver station add`
// and the office's page say it: whoever enrols compares the two.
func (i Identity) OfficeFingerprint() string {
	h := i.Office.Hash()
	return fmt.Sprintf("%X-%X-%X-%X-%X", h[0:2], h[2:4], h[4:6], h[6:8], h[8:10])
}
