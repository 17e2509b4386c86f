package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"quachot/internal/bundle"
	"quachot/kiosk/station"
	"quachot/kiosk/uplink"
)

type exportCmd struct {
	File string `arg:"" help:"Bundle to write, such as a file on a stick." placeholder:"FILE"`
	All  bool   `help:"Everything that is still stored here, not only what the office lacks."`
}

// Run writes a bundle for the office. The file appears whole or not at all.
func (e exportCmd) Run(c *call) error {
	return c.withStation(nil, func(s *station.Station) error {
		done, err := Export(c.ctx, s.Uplink, c.path(e.File), e.All, c.progress("records written"))
		if err != nil {
			return fmt.Errorf("%w. No bundle was left behind and every record is still here. See that the stick has room and is not write-protected, then export again", err)
		}
		if err := line(c.stdout, done); err != nil {
			return err
		}
		if done.Skipped > 0 {
			fmt.Fprintf(c.stderr, "%d segments could not be read and are not in the bundle. They are safe as far as their copies are. Run `kiosk check`, then export again.\n", done.Skipped)
			return exit(exitFindings)
		}
		return nil
	})
}

// Export writes a bundle to a file beside path and gives it its name when it is
// whole and on the medium: a stick may be pulled at any time.
func Export(ctx context.Context, up *uplink.Client, path string, all bool, progress func(done, of uint64)) (uplink.Carried, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".bundle-*")
	if err != nil {
		return uplink.Carried{}, fmt.Errorf("write bundle: %w", err)
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	done, err := up.Export(ctx, f, all, progress)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return done, fmt.Errorf("write bundle %s: %w", path, err)
	}
	syncDir(filepath.Dir(path))
	return done, nil
}

// syncDir brings the name to the medium. Where a directory cannot be synced, as
// on Windows, the name is safe a moment later.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

type receiveCmd struct {
	File string `arg:"" help:"Bundle with the office's answer." placeholder:"FILE"`
}

// receivedLine is the answer of `kiosk receive`.
type receivedLine struct {
	Made     int64  `json:"made"` // unix ms, by the office's clock
	Receipts int    `json:"receipts"`
	Held     uint64 `json:"held"`
	Unsent   uint64 `json:"unsent"`
	Lists    bool   `json:"lists"` // the lists are now those of the bundle, or newer
	Serial   uint64 `json:"serial"`
	Forks    int    `json:"forks,omitempty"`
}

// Run takes the receipts and lists that an office's bundle brings.
func (r receiveCmd) Run(c *call) error {
	f, err := os.Open(c.path(r.File))
	if err != nil {
		return fmt.Errorf("open bundle: %w. Nothing was changed", err)
	}
	defer f.Close()
	return c.withStation(nil, func(s *station.Station) error {
		got, err := s.Uplink.Take(c.ctx, f)
		if err != nil {
			return BundleFailed(err)
		}
		err = line(c.stdout, receivedLine{
			got.Made.UnixMilli(), got.Receipts, got.Held, s.Journal.Counts().Unsent, got.Lists, s.Lists.Serial(), got.Forks,
		})
		if err == nil && got.Forks > 0 {
			fmt.Fprintln(c.stderr, "The office knows another history of this station. Nothing was thrown away here. Ring the office: if this computer's disk was copied, one of the two must be enrolled anew.")
			return exit(exitFindings)
		}
		return err
	})
}

// BundleFailed says in words for people why an office's bundle was not taken.
func BundleFailed(err error) error {
	say := func(what, do string) error {
		return fmt.Errorf("%s. What was proven before stands, nothing else was changed, and every record is still here. %s (%w)", what, do, err)
	}
	switch {
	case errors.Is(err, bundle.ErrNotBundle):
		return say("This file is no bundle", "Choose the file that the office wrote")
	case errors.Is(err, bundle.ErrNewer):
		return say("The bundle was written by a newer version of the program", "Install the newest version here")
	case errors.Is(err, bundle.ErrDeployment):
		return say("The bundle belongs to another province", "Ask this station's own office for one")
	case errors.Is(err, bundle.ErrStranger):
		return say("The bundle does not come from this station's office", "Do not use it; ring the office")
	case errors.Is(err, bundle.ErrNotForUs):
		return say("The bundle is for another station", "Ask the office for the answer to this station's own bundle")
	case errors.Is(err, bundle.ErrCut), errors.Is(err, bundle.ErrDamaged), errors.Is(err, io.ErrUnexpectedEOF):
		return say("The bundle is cut off or damaged", "Copy it onto the stick again")
	}
	return say("The bundle was not taken", "Try it again")
}

// progress writes a line on standard error at every tenth, for work that may
// take long.
func (c *call) progress(what string) func(done, of uint64) {
	var told uint64
	return func(done, of uint64) {
		if of < 1000 || done*10/of <= told {
			return
		}
		told = done * 10 / of
		fmt.Fprintf(c.stderr, "%d of %d %s\n", done, of, what)
	}
}
