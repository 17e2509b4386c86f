package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"quachot/hardware"
	"quachot/internal/control"
	"quachot/kiosk/journal"
	"quachot/kiosk/station"
)

type checkCmd struct {
	JSON bool `help:"The whole report as JSON." name:"json"`
}

// Run proves the journal; exit 1 when it is not whole. It works on the journal
// of a running program too, and on one whose station file is lost.
func (k checkCmd) Run(c *call) error {
	var report journal.Report
	var err error
	if c.station != nil {
		report, err = c.station.Journal.Check()
	} else {
		code, running, callErr := control.Call(c.ctx, c.data, c.args, nil, c.stdout, c.stderr)
		if callErr != nil {
			return callErr
		}
		if running {
			return exit(code)
		}
		report, err = journal.Check(filepath.Join(c.data, "journal"), k.options(c))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no journal in %s. Nothing was changed. Either nothing was ever scanned there, or --data means another directory", c.data)
	}
	if err != nil {
		return err
	}
	return k.tell(c.stdout, report)
}

// options has the station's key, by which a journal that somebody else wrote is
// told. Without the station's file the rest is proven all the same.
func (k checkCmd) options(c *call) journal.CheckOptions {
	public, err := station.PublicKey(c.data)
	if err != nil {
		c.log.Warn("signatures are not checked", "err", err)
	}
	return journal.CheckOptions{Public: public}
}

func (k checkCmd) tell(w io.Writer, r journal.Report) error {
	var err error
	switch {
	case k.JSON:
		err = line(w, r)
	case r.OK && !r.Signatures:
		_, err = fmt.Fprintln(w, "whole: every record is there; the signatures were not checked, because the station's own file is not there")
	case r.OK && !r.CopyAOK:
		_, err = fmt.Fprintln(w, "whole: every record is there and proven; the second copy is not whole, see `kiosk check --json`: the disk may be failing, keep the station connected until everything is sent")
	case r.OK:
		_, err = fmt.Fprintln(w, "whole: every record is there and proven")
	default:
		_, err = fmt.Fprintln(w, "NOT whole: see `kiosk check --json`. Copy the data directory before anything else, and ring the office.")
	}
	if err == nil && !r.OK {
		return exit(exitFindings)
	}
	return err
}

// probe is the child that checks a journal file for its parent: whatever happens
// here, the parent lives.
func probe(dir string, stderr io.Writer) int {
	err := journal.Probe(dir)
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	return journal.ProbeCode(err)
}

type scannersCmd struct {
	JSON bool `help:"As JSON (always so)." name:"json"`
}

// Run prints a line per device that was found. A driver that cannot look is said
// and does not hide the others.
func (scannersCmd) Run(c *call) error {
	var failed error
	for _, d := range hardware.Drivers() {
		if d.Devices == nil {
			continue
		}
		found, err := d.Devices()
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("look for %s: %w", d.Name, err))
		}
		for _, device := range found {
			if err := line(c.stdout, device); err != nil {
				return err
			}
		}
	}
	return failed
}
