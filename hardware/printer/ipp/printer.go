package ipp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"quachot/hardware/printer"
)

// Printer is one queue of CUPS, or one network printer. Make it with Open.
type Printer struct {
	c     *client
	path  string
	reach printer.Reach
	every time.Duration // between two looks at a job
}

var (
	_ printer.Printer   = (*Printer)(nil)
	_ printer.Tracker   = (*Printer)(nil)
	_ printer.Canceller = (*Printer)(nil)
	_ printer.Teller    = (*Printer)(nil)
	_ printer.Sizer     = (*Printer)(nil)
)

// Open makes the printer of a device name: the name of a queue of CUPS, or
// "//host/path" or "//host:port/path" of a network printer. It touches nothing.
// There is no TLS: printers' certificates prove nothing, and the cable is ours.
func Open(device string) (*Printer, error) {
	p := &Printer{every: 500 * time.Millisecond}
	rest, network := strings.CutPrefix(device, "//")
	if !network {
		if device == "" || strings.ContainsAny(device, "/#?\x00") {
			return nil, fmt.Errorf("printer ipp:%s: want the name of a queue, or ipp://host/ipp/print: %w", device, printer.ErrUnknown)
		}
		p.c, p.path, p.reach = newClient(cupsServer()), "/printers/"+url.PathEscape(device), printer.ReachQueue
		return p, nil
	}
	host, path, _ := strings.Cut(rest, "/")
	if host == "" || strings.ContainsAny(host, " @\x00") {
		return nil, fmt.Errorf("printer ipp:%s: no host: %w", device, printer.ErrUnknown)
	}
	if !strings.Contains(host[strings.LastIndexByte(host, ']')+1:], ":") {
		host += ":631"
	}
	p.c, p.path, p.reach = newClient(host), "/"+path, printer.ReachDevice
	// A queue of a CUPS elsewhere vouches for no more than one here.
	if strings.HasPrefix(path, "printers/") || strings.HasPrefix(path, "classes/") {
		p.reach = printer.ReachQueue
	}
	return p, nil
}

// Print hands the job in; its JobID is the number in the queue.
func (p *Printer) Print(ctx context.Context, page printer.Page) (printer.JobID, error) {
	if err := page.Check(); err != nil {
		return "", err
	}
	doc := page.PDF
	if len(doc) == 0 {
		var err error
		if doc, err = wrap(page); err != nil {
			return "", err
		}
	}
	got, err := p.hand(ctx, page, doc)
	if err != nil {
		return "", fmt.Errorf("print %q: %w", page.Title, fate(err))
	}
	id := got.first(tagJob).number("job-id")
	if id <= 0 {
		return "", fmt.Errorf("print %q: the answer names no job: %w", page.Title, printer.ErrUncertain)
	}
	return printer.JobID(strconv.Itoa(id)), nil
}

// hand sends the job. A printer that is busy with another and says so has not
// taken it: that one answer is asked again until ctx ends.
func (p *Printer) hand(ctx context.Context, page printer.Page, doc []byte) (message, error) {
	options := p.options(ctx, page)
	for {
		got, err := p.c.call(ctx, p.path, opPrintJob, []attr{
			word(tagName, "requesting-user-name", me()),
			word(tagName, "job-name", page.Title),
			word(tagMIME, "document-format", "application/pdf"),
		}, options, doc)
		var status statusError
		if !errors.As(err, &status) || status.status != statusBusy {
			return got, err
		}
		select {
		case <-ctx.Done():
			return got, err
		case <-time.After(p.every):
		}
	}
}

// fate says what an error of Print-Job means for the paper.
func fate(err error) error {
	var status statusError
	switch {
	case errors.Is(err, printer.ErrLost), errors.Is(err, printer.ErrRefused), errors.Is(err, printer.ErrUnknown):
		return err
	case errors.As(err, &status) && status.status == statusNotFound:
		return fmt.Errorf("%w: %w", printer.ErrUnknown, err)
	case errors.As(err, &status):
		return fmt.Errorf("%w: %w", printer.ErrRefused, err)
	}
	return fmt.Errorf("%w: %w", printer.ErrUncertain, err)
}

// options are the job's attributes: its paper, when the printer has a name for it,
// and true size, so that a code's module is what it was drawn as. A page that is
// larger than the paper in the printer is made to fit instead of being cut.
func (p *Printer) options(ctx context.Context, page printer.Page) []attr {
	options := []attr{number(tagInteger, "copies", 1)}
	if page.Width == 0 || page.Height == 0 {
		return options
	}
	a, err := p.attributes(ctx, "media-supported", "media-default")
	if err != nil {
		return options // Print-Job will say what is wrong
	}
	for _, name := range a.words("media-supported") {
		if w, h, ok := size(name); ok && alike(w, h, page.Width, page.Height) {
			return append(options, word(tagKeyword, "media", name), word(tagKeyword, "print-scaling", "none"))
		}
	}
	scaling := "none"
	if w, h, ok := size(a.word("media-default")); ok &&
		(max(page.Width, page.Height) > max(w, h)+1 || min(page.Width, page.Height) > min(w, h)+1) {
		scaling = "fit"
	}
	return append(options, word(tagKeyword, "print-scaling", scaling))
}

// mediaSize is the end of a self-describing media name, "iso_a4_210x297mm"
// (PWG 5101.1).
var mediaSize = regexp.MustCompile(`_([0-9.]{1,9})x([0-9.]{1,9})(mm|in)$`)

// size is what a media name says of its size, in mm.
func size(name string) (w, h float64, ok bool) {
	m := mediaSize.FindStringSubmatch(name)
	if m == nil {
		return 0, 0, false
	}
	w, err := strconv.ParseFloat(m[1], 64)
	h, err2 := strconv.ParseFloat(m[2], 64)
	if m[3] == "in" {
		w, h = w*25.4, h*25.4
	}
	return w, h, err == nil && err2 == nil && w > 0 && h > 0
}

// alike compares two papers, whichever way they are fed.
func alike(w, h, w2, h2 float64) bool {
	const near = 1.0
	same := math.Abs(w-w2) < near && math.Abs(h-h2) < near
	return same || math.Abs(w-h2) < near && math.Abs(h-w2) < near
}

// Paper is the printer's default paper.
func (p *Printer) Paper(ctx context.Context) (w, h float64, err error) {
	a, err := p.attributes(ctx, "media-default", "media-ready")
	if err != nil {
		return 0, 0, err
	}
	for _, name := range append(a.words("media-ready"), a.words("media-default")...) {
		if w, h, ok := size(name); ok {
			return w, h, nil
		}
	}
	return 0, 0, fmt.Errorf("the printer does not say what paper it has: %w", printer.ErrUnknown)
}

// attributes asks the printer. Errors: ErrLost, ErrUnknown, ErrRefused.
func (p *Printer) attributes(ctx context.Context, names ...string) (attrs, error) {
	got, err := p.c.call(ctx, p.path, opPrinterAttrs, []attr{word(tagKeyword, "requested-attributes", names...)}, nil, nil)
	if err == nil {
		return got.first(tagPrinter), nil
	}
	// Asking changes nothing, so that no answer is as good as no printer.
	if err = fate(err); errors.Is(err, printer.ErrUncertain) {
		err = fmt.Errorf("%w: %v", printer.ErrLost, err)
	}
	return nil, fmt.Errorf("ask the printer: %w", err)
}

// Health asks the printer how it is.
func (p *Printer) Health(ctx context.Context) (printer.Health, error) {
	a, err := p.attributes(ctx, "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "marker-names", "marker-levels", "queued-job-count")
	if err != nil {
		return printer.Health{State: printer.Lost, Reach: p.reach, At: time.Now()}, err
	}
	return health(a, p.reach), nil
}

// Printer states (RFC 8011 section 5.4.11).
const (
	printerIdle       = 3
	printerProcessing = 4
	printerStopped    = 5
)

func health(a attrs, reach printer.Reach) printer.Health {
	h := printer.Health{State: printer.Ready, Reach: reach, At: time.Now(),
		Reasons: printer.Clean(a.words("printer-state-reasons")), Queued: max(a.number("queued-job-count"), 0)}
	levels := a.numbers("marker-levels")
	for i, name := range a.words("marker-names") {
		if i < len(levels) {
			h.Levels = append(h.Levels, printer.Level{Name: name, Percent: max(min(levels[i], 100), -1)})
		}
	}
	state := a.number("printer-state")
	switch {
	case state == printerStopped || a.no("printer-is-accepting-jobs") || printer.Blocking(a.words("printer-state-reasons"), false) != nil:
		h.State = printer.Stopped
	case len(h.Reasons) > 0:
		h.State = printer.Warning
	case state == printerProcessing:
		h.State = printer.Busy
	}
	return h
}

// List are the printers of CUPS on this machine, the default one first. An error
// wraps printer.ErrLost where no CUPS answers.
func List(ctx context.Context) ([]printer.Info, error) {
	c := newClient(cupsServer())
	got, err := c.call(ctx, "/", opPrinters, []attr{word(tagKeyword, "requested-attributes", "printer-name", "printer-info", "printer-make-and-model",
		"printer-type", "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "marker-names", "marker-levels", "queued-job-count")}, nil, nil)
	var status statusError
	if errors.As(err, &status) && status.status == statusNotFound {
		return nil, nil // CUPS without any printer
	}
	if err != nil {
		return nil, fmt.Errorf("list the printers of CUPS: %w", err)
	}
	standard, err := Default(ctx)
	if err != nil {
		return nil, err
	}
	var all []printer.Info
	for _, a := range got.all(tagPrinter) {
		const class = 0x0001 // of printer-type: several printers under one name
		name := a.word("printer-name")
		if name == "" || a.number("printer-type")&class != 0 {
			continue
		}
		all = append(all, printer.Info{Driver: "ipp", Name: name, About: a.word("printer-info"), Model: a.word("printer-make-and-model"),
			Default: name == standard, Health: health(a, printer.ReachQueue)})
	}
	slices.SortStableFunc(all, func(a, b printer.Info) int {
		if a.Default != b.Default {
			if a.Default {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// Default is the name of CUPS's default printer; "" when it has none. An error
// wraps printer.ErrLost where no CUPS answers.
func Default(ctx context.Context) (string, error) {
	c := newClient(cupsServer())
	got, err := c.call(ctx, "/", opDefaultPrinter, []attr{word(tagKeyword, "requested-attributes", "printer-name")}, nil, nil)
	var status statusError
	if errors.As(err, &status) && status.status == statusNotFound {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("ask CUPS for its default printer: %w", err)
	}
	return got.first(tagPrinter).word("printer-name"), nil
}
