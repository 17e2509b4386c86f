// Package printer is the contract of everything that prints. Drivers live below
// it and import it; package hardware lists them.
//
// The core is one method. What a device can do beyond it is a further interface,
// found by type assertion: [Tracker], [Canceller], [Teller],
// [Sizer].
//
// Two rules bind every driver. A job whose fate is not known is [ErrUncertain]
// and is never sent again by the driver: paper that comes out twice is worse than
// a question to the officer. And state is read from codes and reasons, never from
// a device's messages: those are in whatever language somebody chose.
package printer

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"
)

// Errors say what became of a job. They are wrapped with what is known besides.
var (
	// ErrLost: the printer cannot be reached. Nothing was printed.
	ErrLost = errors.New("the printer cannot be reached")
	// ErrUnknown: there is no printer of that name. Nothing was printed.
	ErrUnknown = errors.New("there is no such printer")
	// ErrRefused: the printer does not take this job. Nothing was printed.
	ErrRefused = errors.New("the printer refused the job")
	// ErrNoCards: paper or cards ran out. What is there was printed; the job waits
	// for more, or is cancelled.
	ErrNoCards = errors.New("the printer is out of paper or cards")
	// ErrJam: paper or a card is stuck.
	ErrJam = errors.New("paper is stuck in the printer")
	// ErrAttention: somebody must go there: a cover, ink, a full tray, a pause.
	ErrAttention = errors.New("the printer needs somebody")
	// ErrCancelled: the job was cancelled, here or at the printer. Pages that were
	// through already stay printed.
	ErrCancelled = errors.New("the job was cancelled")
	// ErrUncertain: whether it was printed is not known. Look at the printer first.
	ErrUncertain = errors.New("it is not known whether this was printed")
)

// Page is what one job prints: PDF, or pictures of its pages.
type Page struct {
	// Title names the job in the printer's queue, where anybody can read it: never
	// a person's name or number.
	Title string
	// Width and Height of the paper, in mm. Zero means what the printer has.
	Width, Height float64
	// PDF is the whole document; nil when Pictures holds it.
	PDF []byte
	// Pictures are the pages, DPI dots per inch. They have no transparent dots.
	Pictures []image.Image
	DPI      int
}

// Check says whether p can be printed at all.
func (p Page) Check() error {
	switch {
	case len(p.PDF) == 0 && len(p.Pictures) == 0:
		return fmt.Errorf("print %q: nothing on the page: %w", p.Title, ErrRefused)
	case len(p.PDF) > 0 && len(p.Pictures) > 0:
		return fmt.Errorf("print %q: both PDF and pictures: %w", p.Title, ErrRefused)
	case len(p.Pictures) > 0 && p.DPI <= 0:
		return fmt.Errorf("print %q: pictures without dots per inch: %w", p.Title, ErrRefused)
	case p.Width < 0 || p.Height < 0:
		return fmt.Errorf("print %q: %g x %g mm: %w", p.Title, p.Width, p.Height, ErrRefused)
	}
	return nil
}

// JobID names a job of one printer: a number of its queue, or the file it became.
type JobID string

// A Printer takes one job. A nil error means that the job was accepted, not that
// paper came out; how far it can be followed is said by Tracker and [Reach].
// Errors: ErrLost, ErrUnknown and ErrRefused mean that nothing was printed;
// ErrUncertain that nobody knows. Print is safe for concurrent use and ends soon
// after ctx does.
type Printer interface {
	Print(ctx context.Context, p Page) (JobID, error)
}

// A Tracker waits for a job to end. Nil means printed, as far as the device can
// say. ErrNoCards, ErrJam, ErrAttention and ErrLost are returned as soon as that is
// sure, while the job waits in the queue: Wait may be called again, or the job is
// cancelled so that nothing is printed later with nobody there. When ctx ends
// first the error wraps ErrUncertain.
type Tracker interface {
	Wait(ctx context.Context, id JobID) error
}

// A Canceller takes a job back. Nil means that nothing more of it will be printed.
type Canceller interface {
	Cancel(ctx context.Context, id JobID) error
}

// A Teller says how the printer is, without printing.
type Teller interface {
	Health(ctx context.Context) (Health, error)
}

// A Sizer says what paper lies in the printer, in mm, width first as it is fed.
type Sizer interface {
	Paper(ctx context.Context) (width, height float64, err error)
}

// Reach says how far a printer can vouch for a job that Wait calls printed.
type Reach string

// The reaches, from the least to the most.
const (
	ReachNone   Reach = "accepted" // handed over; no more is ever heard
	ReachQueue  Reach = "spooled"  // a spooler has given all of it to the device
	ReachFile   Reach = "file"     // it is a file, on the disk for good
	ReachDevice Reach = "device"   // the device itself says that it is printed
)

// State is how a printer is.
type State string

// The states.
const (
	Ready   State = "ready"
	Busy    State = "busy"    // printing something
	Warning State = "warning" // prints, and says that something runs low
	Stopped State = "stopped" // prints nothing until somebody goes there
	Lost    State = "lost"    // cannot be reached
)

// Health is a printer's own account of itself.
type Health struct {
	State State `json:"state"`
	// Reasons are keywords of the IPP registry without their severity, such as
	// "media-empty"; texts for people stand under "printer.reason.".
	Reasons []string `json:"reasons,omitempty"`
	Levels  []Level  `json:"levels,omitempty"` // ink, ribbon; none when unknown
	Reach   Reach    `json:"reach,omitempty"`
	Queued  int      `json:"queued,omitempty"` // jobs that wait
	// At is when the printer said so.
	At time.Time `json:"-"`
}

// Level is what is left of something that is used up.
type Level struct {
	Name    string `json:"name"`
	Percent int    `json:"percent"` // 0 to 100; -1 = the printer does not know
}

// Info is a printer that was found.
type Info struct {
	Driver  string `json:"driver"`
	Name    string `json:"name"` // with the driver before it, what OpenPrinter takes
	About   string `json:"about,omitempty"`
	Model   string `json:"model,omitempty"`
	Default bool   `json:"default,omitempty"`
	Health  `json:"health"`
}
