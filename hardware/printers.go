package hardware

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"quachot/hardware/printer"
	"quachot/hardware/printer/folder"
	"quachot/hardware/printer/ipp"
)

// PrinterDriver is one way to print.
type PrinterDriver struct {
	Name  string // as in "--printer NAME:DEVICE"
	About string // one line for people
	// Find lists the printers there are; nil when there is nothing to find.
	Find func(ctx context.Context) ([]printer.Info, error)
	// Open makes a printer of a device name; it touches nothing.
	Open func(device string) (printer.Printer, error)
}

// PrinterDrivers are all printer drivers of this build.
func PrinterDrivers() []PrinterDriver {
	return []PrinterDriver{
		{Name: "ipp", About: "queues of CUPS, and network printers (IPP)", Find: ipp.List, Open: openIPP},
		{Name: "folder", About: "one PDF or PNG file a job", Open: openFolder},
	}
}

// OpenedPrinter is a printer with the name that people know it by.
type OpenedPrinter struct {
	printer.Printer
	Spec string // what OpenPrinter takes to open it again
	Name string // of the queue, or the folder
}

// keepPrinted is how long a station keeps what it printed into its own folder.
const keepPrinted = 24 * time.Hour

// OpenPrinter makes the printer that spec names: "ipp:HP_LaserJet" for a queue of
// CUPS, "ipp://10.0.0.7/ipp/print" for a network printer, "folder:DIR". An empty
// spec is the default printer of CUPS, or its only one, else the folder "printed"
// below dir, whose files go after a day. Only an empty spec asks CUPS, for as
// long as ctx allows. An error wraps printer.ErrUnknown.
func OpenPrinter(ctx context.Context, spec, dir string) (OpenedPrinter, error) {
	if spec == "" {
		return standardPrinter(ctx, dir)
	}
	name, device, _ := strings.Cut(spec, ":")
	var names []string
	for _, d := range PrinterDrivers() {
		if d.Name == name {
			p, err := d.Open(device)
			return OpenedPrinter{p, spec, strings.TrimPrefix(device, "//")}, err
		}
		names = append(names, d.Name)
	}
	return OpenedPrinter{}, fmt.Errorf("no printer driver %q in this program; there are: %s: %w", name, strings.Join(names, ", "), printer.ErrUnknown)
}

func standardPrinter(ctx context.Context, dir string) (OpenedPrinter, error) {
	all, err := ipp.List(ctx)
	if err == nil && len(all) > 0 && (all[0].Default || len(all) == 1) {
		return OpenPrinter(ctx, "ipp:"+all[0].Name, dir)
	}
	own := filepath.Join(dir, "printed")
	return OpenedPrinter{&folder.Printer{Dir: own, Keep: keepPrinted}, "folder:" + own, own}, nil
}

// Printers lists the printers that every driver finds. One that cannot look does
// not hide the others: what it said is in the error, beside them. Where there is
// no CUPS there is nothing to find, and no error.
func Printers(ctx context.Context) (all []printer.Info, err error) {
	for _, d := range PrinterDrivers() {
		if d.Find == nil {
			continue
		}
		found, failed := d.Find(ctx)
		if failed != nil && !errors.Is(failed, printer.ErrLost) {
			err = errors.Join(err, fmt.Errorf("look for printers by %s: %w", d.Name, failed))
		}
		all = append(all, found...)
	}
	return all, err
}

func openIPP(device string) (printer.Printer, error) {
	p, err := ipp.Open(device)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func openFolder(device string) (printer.Printer, error) {
	if device == "" {
		return nil, fmt.Errorf("printer folder: which folder? Such as folder:/home/me/printed: %w", printer.ErrUnknown)
	}
	return &folder.Printer{Dir: device}, nil
}
