package screen

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"quachot/hardware"
	"quachot/hardware/printer"
	"quachot/internal/paper"
	"quachot/internal/text"
)

// How long printing may take. The lane waits no longer than printPatience for any
// printer: what becomes known later is told later.
const (
	printPatience = 1500 * time.Millisecond // until Print answers
	printAccept   = 30 * time.Second        // until the printer has taken the job
	printAsk      = time.Second             // for the paper in the printer
	printFollow   = 3 * time.Minute         // until a job that does not come out is taken back
	printAgain    = 2 * time.Second         // between two looks at a printer that waits for somebody
	printCancel   = 10 * time.Second
)

// Bounds of the queue: a lane prints a few papers an hour. Beyond them a paper is
// refused, and a job is not followed, with a line in the log.
const (
	printQueue   = 8
	printFollows = 16
)

// PapersConfig is all that Papers needs; Later and Facts may be nil.
type PapersConfig struct {
	// Open gives the printer; it is asked for each paper, so that one that was
	// plugged in, or became the default, is found.
	Open     func(ctx context.Context) (hardware.OpenedPrinter, error)
	Words    *text.Catalogue
	Training bool
	Facts    func() PaperFacts
	// Later is told what becomes known of a paper after Print has answered, on a
	// goroutine of Papers.
	Later func(PrintNews)
	Log   *slog.Logger
}

// PrintNews is what became of a paper after Print answered.
type PrintNews struct {
	Paper   string // its name
	Printer string // its name, for people
	// Err is nil when it came out after all, else wraps an error of package
	// printer: what the printer waits for, or why nothing will come out.
	Err error
	// Waiting says that the job still waits in the printer and will be printed.
	Waiting bool
}

// Papers prints beside the lane: Print hands a paper to the queue and waits for
// the printer a moment, no more. One goroutine prints, in order; each job is then
// followed until it came out. A job that does not come out in time is taken back,
// so that nothing with a name on it is printed later with nobody there.
type Papers struct {
	c     PapersConfig
	queue chan *printJob
	// follows are the jobs that are followed now; owned by Run.
	follows sync.WaitGroup
	many    atomic.Int32
}

// printJob is one paper on its way.
type printJob struct {
	what Paper
	done chan printed // holds one
	// late is set by Print when it has waited long enough, or by the printing
	// goroutine when it answers: who sets it first decides who tells the outcome.
	late atomic.Bool
}

type printed struct {
	where string
	err   error
}

// NewPapers makes a queue that prints once Run runs.
func NewPapers(c PapersConfig) *Papers {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Papers{c: c, queue: make(chan *printJob, printQueue)}
}

// Print hands a paper over and says where it comes out: the printer's name or a
// file. Any goroutine may call it; it takes at most printPatience. An error says
// in words why nothing comes out; what is safe and what to do is known to the
// page that asked.
func (p *Papers) Print(ctx context.Context, what Paper) (where string, err error) {
	j := &printJob{what: what, done: make(chan printed, 1)}
	select {
	case p.queue <- j:
	default:
		return "", errors.New(p.c.Words.T("print.fault.queue"))
	}
	patience := time.NewTimer(printPatience)
	defer patience.Stop()
	select {
	case got := <-j.done:
		return got.where, got.err
	case <-patience.C:
	case <-ctx.Done():
	}
	if j.late.CompareAndSwap(false, true) {
		return p.c.Words.T("print.where.later"), nil
	}
	got := <-j.done
	return got.where, got.err
}

// Run prints until ctx ends, and returns when all that it started has ended. What
// is in a printer's queue by then stays there.
func (p *Papers) Run(ctx context.Context) error {
	defer p.follows.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case j := <-p.queue:
			p.one(ctx, j)
		}
	}
}

// one prints a paper and answers who asked for it.
func (p *Papers) one(ctx context.Context, j *printJob) {
	accept, stop := context.WithTimeout(ctx, printAccept)
	defer stop()
	at, id, err := p.print(accept, j.what)
	p.c.Log.Info("paper printed", "paper", j.what.Name, "printer", at.Spec, "job_id", string(id), "err", err)
	if early := j.late.CompareAndSwap(false, true); early {
		got := printed{where: p.where(at, id)}
		if err != nil {
			got = printed{err: errors.New(printFault(p.c.Words, at.Name, err))}
		}
		j.done <- got
	} else if err != nil {
		p.tell(PrintNews{Paper: j.what.Name, Printer: at.Name, Err: err})
	} else {
		p.tell(PrintNews{Paper: j.what.Name, Printer: p.where(at, id)})
	}
	if tracker, ok := at.Printer.(printer.Tracker); ok && err == nil {
		if p.many.Add(1) > printFollows {
			p.many.Add(-1)
			p.c.Log.Warn("too many jobs wait: one is not followed", "job_id", string(id))
			return
		}
		p.follows.Go(func() {
			defer p.many.Add(-1)
			p.follow(ctx, tracker, at, id, j.what.Name)
		})
	}
}

// print renders the paper for the printer there is, and hands it over.
func (p *Papers) print(ctx context.Context, what Paper) (hardware.OpenedPrinter, printer.JobID, error) {
	at, err := p.c.Open(ctx)
	if err != nil {
		return at, "", err
	}
	facts := PaperFacts{}
	if p.c.Facts != nil {
		facts = p.c.Facts()
	}
	facts.Training = facts.Training || p.c.Training
	doc, err := Document(what, p.size(ctx, at), facts, p.c.Words)
	if err != nil {
		return at, "", err
	}
	page, err := PageOf(doc, what.Name, p.c.Words)
	if err != nil {
		return at, "", err
	}
	id, err := at.Print(ctx, page)
	return at, id, err
}

// size is the size of a slip for the paper in the printer; A4 where it does not
// say.
func (p *Papers) size(ctx context.Context, at hardware.OpenedPrinter) paper.Size {
	sizer, ok := at.Printer.(printer.Sizer)
	if !ok {
		return paper.A4
	}
	ctx, stop := context.WithTimeout(ctx, printAsk)
	defer stop()
	w, h, err := sizer.Paper(ctx)
	short := min(w, h)
	switch {
	case err != nil:
		return paper.A4
	case w <= 82: // a receipt printer: its paper is as long as one likes
		return paper.Roll80
	case short > 140 && short < 160 && max(w, h) < 220:
		return paper.A5
	}
	return paper.A4
}

// where names the file of a printer that makes files, else the printer.
func (p *Papers) where(at hardware.OpenedPrinter, id printer.JobID) string {
	if len(id) > 0 && len(id) > len(at.Name) && string(id[:len(at.Name)]) == at.Name {
		return p.c.Words.T("print.where.file", "file", filepath.Base(string(id)), "dir", filepath.Base(at.Name))
	}
	return p.c.Words.T("print.where.printer", "printer", at.Name)
}

// follow waits until the job came out, tells what it waits for, and takes it back
// when that lasts.
func (p *Papers) follow(ctx context.Context, t printer.Tracker, at hardware.OpenedPrinter, id printer.JobID, name string) {
	limit, stop := context.WithTimeout(ctx, printFollow)
	defer stop()
	var told error
	for {
		err := t.Wait(limit, id)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			if told != nil {
				p.tell(PrintNews{Paper: name, Printer: at.Name})
			}
			return
		case limit.Err() != nil:
			p.takeBack(ctx, at, id, name, told)
			return
		case !waiting(err):
			p.tell(PrintNews{Paper: name, Printer: at.Name, Err: err})
			return
		case told == nil || kindOf(told) != kindOf(err):
			told = err
			p.tell(PrintNews{Paper: name, Printer: at.Name, Err: err, Waiting: true})
		}
		select {
		case <-limit.Done():
		case <-time.After(printAgain):
		}
	}
}

// takeBack cancels a job that does not come out.
func (p *Papers) takeBack(ctx context.Context, at hardware.OpenedPrinter, id printer.JobID, name string, why error) {
	ctx, stop := context.WithTimeout(ctx, printCancel)
	defer stop()
	err := printer.ErrUncertain
	if c, ok := at.Printer.(printer.Canceller); ok && c.Cancel(ctx, id) == nil {
		err = printer.ErrCancelled
	}
	p.c.Log.Warn("job taken back", "job_id", string(id), "err", err, "waited_for", why)
	p.tell(PrintNews{Paper: name, Printer: at.Name, Err: err})
}

func (p *Papers) tell(n PrintNews) {
	if p.c.Later != nil {
		p.c.Later(n)
	}
}

// waiting says that the job is in the printer's queue still.
func waiting(err error) bool {
	switch kindOf(err) {
	case printer.ErrNoCards, printer.ErrJam, printer.ErrAttention, printer.ErrLost:
		return true
	}
	return false
}
