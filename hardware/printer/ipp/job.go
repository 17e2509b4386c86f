package ipp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"quachot/hardware/printer"
)

// Job states (RFC 8011 section 5.3.7).
const (
	jobHeld      = 4
	jobStopped   = 6
	jobCanceled  = 7
	jobAborted   = 8
	jobCompleted = 9
)

// looks is how often in a row a printer must say that it waits for somebody
// before it is believed: many say so for a moment while they wake up. Silence
// takes twice as long, a mere warning of paper, jam or cover four times: it may be
// about the other tray (ippeveprinter calls everything a warning).
const looks = 3

// Wait looks at the job until it is over. CUPS calls a job completed when it has
// handed the device all of it; see Reach.
func (p *Printer) Wait(ctx context.Context, id printer.JobID) error {
	number, err := strconv.ParseInt(string(id), 10, 32)
	if err != nil {
		return fmt.Errorf("job %q: no number: %w", id, printer.ErrUncertain)
	}
	clock := time.NewTicker(p.every)
	defer clock.Stop()
	waits, patience := 0, 0
	for {
		over, err := p.look(ctx, int32(number))
		if over {
			return wrapped(id, err)
		}
		if wait := patient(err); err == nil || wait != patience {
			waits, patience = 0, wait
		}
		if waits++; err != nil && waits >= patience {
			return wrapped(id, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("job %s: %w: %w", id, printer.ErrUncertain, ctx.Err())
		case <-clock.C:
		}
	}
}

// patient is how many looks an error must last.
func patient(err error) int {
	switch {
	case errors.Is(err, errSilent):
		return 2 * looks
	case errors.Is(err, errWarned):
		return 4 * looks
	}
	return looks
}

// What lies between all is well and a known fault.
var (
	errSilent = errors.New("the printer does not answer")
	errWarned = errors.New("the printer only warns of it")
)

func wrapped(id printer.JobID, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errSilent) {
		err = fmt.Errorf("%w: %w", printer.ErrUncertain, err)
	}
	return fmt.Errorf("job %s: %w", id, err)
}

// look asks once. Over says that nothing more will happen to the job; an error
// that is not over is what it waits for now.
func (p *Printer) look(ctx context.Context, id int32) (over bool, err error) {
	job, err := p.job(ctx, id)
	if err != nil {
		return !errors.Is(err, errSilent), err
	}
	state, why := job.number("job-state"), printer.Clean(job.words("job-state-reasons"))
	switch state {
	case jobCompleted:
		for _, w := range why {
			if w == "job-completed-with-errors" {
				return true, fmt.Errorf("it ended %v: %w", why, printer.ErrUncertain)
			}
		}
		return true, nil
	case jobCanceled:
		return true, fmt.Errorf("%v: %w", why, printer.ErrCancelled)
	case jobAborted:
		// Some pages may be out: a filter or the device gave up on the way.
		return true, fmt.Errorf("the printer gave up %v: %w", why, printer.ErrUncertain)
	}
	a, err := p.attributes(ctx, "printer-state", "printer-state-reasons")
	if err != nil {
		return false, fmt.Errorf("%w: %w", errSilent, err)
	}
	words := append(a.words("printer-state-reasons"), job.words("job-state-reasons")...)
	stopped := state == jobStopped || a.number("printer-state") == printerStopped
	if found := printer.Blocking(words, stopped); found != nil {
		return false, fmt.Errorf("%v: %w", printer.Clean(words), found)
	}
	if found := printer.Blocking(words, true); found != nil {
		return false, fmt.Errorf("%v: %w: %w", printer.Clean(words), errWarned, found)
	}
	if stopped || state == jobHeld {
		return false, fmt.Errorf("%v: %w", printer.Clean(words), printer.ErrAttention)
	}
	return false, nil
}

// job asks for the state of a job. Errors: errSilent, ErrUncertain when the
// printer does not know it (any more).
func (p *Printer) job(ctx context.Context, id int32) (attrs, error) {
	got, err := p.c.call(ctx, p.path, opJobAttributes, []attr{
		number(tagInteger, "job-id", id),
		word(tagName, "requesting-user-name", me()),
		word(tagKeyword, "requested-attributes", "job-state", "job-state-reasons"),
	}, nil, nil)
	var status statusError
	switch {
	case errors.As(err, &status):
		return nil, fmt.Errorf("%w: %w", printer.ErrUncertain, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errSilent, err)
	}
	a := got.first(tagJob)
	if a.number("job-state") == 0 {
		return nil, fmt.Errorf("%w: no state in its answer", errSilent)
	}
	return a, nil
}

// Cancel takes a job back. It is nil when the job is cancelled, or was before;
// ErrUncertain when it is over already, or nobody knows.
func (p *Printer) Cancel(ctx context.Context, id printer.JobID) error {
	n, err := strconv.ParseInt(string(id), 10, 32)
	if err != nil {
		return fmt.Errorf("cancel job %q: no number: %w", id, printer.ErrUncertain)
	}
	_, err = p.c.call(ctx, p.path, opCancelJob, []attr{
		number(tagInteger, "job-id", int32(n)),
		word(tagName, "requesting-user-name", me()),
	}, nil, nil)
	var status statusError
	if err != nil && !(errors.As(err, &status) && status.status == statusNotPossible) {
		return fmt.Errorf("cancel job %s: %w: %w", id, printer.ErrUncertain, err)
	}
	job, asked := p.job(ctx, int32(n))
	if asked == nil && job.number("job-state") == jobCompleted {
		return fmt.Errorf("cancel job %s: it is printed already: %w", id, printer.ErrUncertain)
	}
	if err != nil && (asked != nil || job.number("job-state") != jobCanceled) {
		return fmt.Errorf("cancel job %s: %w: %w", id, printer.ErrUncertain, err)
	}
	return nil
}
