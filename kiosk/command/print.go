package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quachot/hardware"
	"quachot/hardware/printer"
	"quachot/internal/paper"
	"quachot/internal/text"
	"quachot/kiosk/screen"
	"quachot/kiosk/station"
)

// How long the commands wait for printers.
const (
	lookFor    = 5 * time.Second
	printFor   = 30 * time.Second // until the job is taken
	comeOutFor = 2 * time.Minute  // until it came out
)

// outDPI is the resolution of pictures written with --out.
const outDPI = 300

type printersCmd struct {
	JSON bool `help:"As JSON (always so)." name:"json"`
}

// Run prints a line per printer, the default one first.
func (printersCmd) Run(c *call) error {
	ctx, stop := context.WithTimeout(c.ctx, lookFor)
	defer stop()
	all, failed := hardware.Printers(ctx)
	for _, p := range all {
		if err := line(c.stdout, p); err != nil {
			return err
		}
	}
	return failed
}

type printCmd struct {
	Paper  string `arg:"" enum:"form,test-card,samples" help:"form (blank declarations), test-card (for scanners) or samples (codes to train with)."`
	Out    string `help:"Write a file instead: .pdf, or .png for a picture of each page." placeholder:"FILE"`
	Series string `help:"form: what every number begins with; none = a line to write the number on."`
	First  uint   `help:"form: the first number." default:"1"`
	Count  uint   `help:"form: how many, two on a page." default:"2"`
}

// printedLine is the answer of `kiosk print`.
type printedLine struct {
	Paper   string        `json:"paper"`
	Printer string        `json:"printer,omitempty"`
	Job     string        `json:"job,omitempty"`
	File    string        `json:"file,omitempty"`
	Reach   printer.Reach `json:"reach,omitempty"` // how sure it is; see printer.Reach
}

// Run prints, and waits until it came out. Exit 1 when the printer has taken the
// job and it did not come out, or nobody knows; 2 when nothing was printed.
func (p printCmd) Run(c *call, flags *cli) error {
	facts, words := screen.PaperFacts{Training: flags.Training}, text.Load(flags.Lang)
	if p.Paper == "form" {
		err := c.withStation(nil, func(s *station.Station) error {
			facts = screen.FactsOf(s)
			facts.Training = facts.Training || flags.Training
			return p.print(c, flags.Printer, facts, words)
		})
		if !errors.Is(err, station.ErrNotEnrolled) {
			return err
		}
	}
	return p.print(c, flags.Printer, facts, words)
}

func (p printCmd) print(c *call, spec string, facts screen.PaperFacts, words *text.Catalogue) error {
	doc, err := screen.Document(screen.Paper{Name: p.Paper, Data: map[string]string{
		"series": p.Series, "first": fmt.Sprint(p.First), "count": fmt.Sprint(p.Count),
	}}, paper.A4, facts, words)
	if err != nil {
		return fmt.Errorf("%w. Nothing was printed", err)
	}
	if p.Out != "" {
		return p.write(c, doc, words)
	}
	page, err := screen.PageOf(doc, p.Paper, words)
	if err != nil {
		return fmt.Errorf("%w. Nothing was printed", err)
	}
	ctx, stop := context.WithTimeout(c.ctx, printFor)
	defer stop()
	at, err := hardware.OpenPrinter(ctx, spec, c.data)
	if err != nil {
		return fmt.Errorf("%w. Nothing was printed. See `kiosk printers`", err)
	}
	id, err := at.Print(ctx, page)
	if errors.Is(err, printer.ErrUncertain) {
		fmt.Fprintf(c.stderr, "%v. Look at the printer before you print again.\n", err)
		return exit(exitFindings)
	}
	if err != nil {
		return fmt.Errorf("%w. Nothing was printed. See `kiosk printers`", err)
	}
	return p.follow(c, at, id)
}

// follow waits for the job and says where it came out.
func (p printCmd) follow(c *call, at hardware.OpenedPrinter, id printer.JobID) error {
	ctx, stop := context.WithTimeout(c.ctx, comeOutFor)
	defer stop()
	l := printedLine{Paper: p.Paper, Printer: at.Spec, Job: string(id), Reach: printer.ReachNone}
	if t, ok := at.Printer.(printer.Teller); ok {
		if h, err := t.Health(ctx); err == nil {
			l.Reach = h.Reach
		}
	}
	if l.Reach == printer.ReachFile {
		l.File, l.Job = l.Job, ""
	}
	if t, ok := at.Printer.(printer.Tracker); ok {
		if err := t.Wait(ctx, id); err != nil {
			fmt.Fprintf(c.stderr, "%v. The job is in the printer's queue still unless it says otherwise. See to the printer; do not print again before.\n", err)
			return exit(exitFindings)
		}
	}
	return line(c.stdout, l)
}

// write puts the document into the file of --out, whole or not at all.
func (p printCmd) write(c *call, doc paper.Doc, words *text.Catalogue) error {
	path := c.path(p.Out)
	var files [][]byte
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pdf":
		b, err := paper.Render(doc, words)
		if err != nil {
			return err
		}
		files = append(files, b)
	case ".png":
		pages, err := paper.Pictures(doc, words, outDPI)
		if err != nil {
			return err
		}
		for _, img := range pages {
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
			files = append(files, b.Bytes())
		}
	default:
		return fmt.Errorf("write %s: its name must end in .pdf or .png. Nothing was written", path)
	}
	for i, b := range files {
		name := path
		if len(files) > 1 {
			name = strings.TrimSuffix(path, filepath.Ext(path)) + fmt.Sprintf("-%d", i+1) + filepath.Ext(path)
		}
		if err := replace(name, b); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := line(c.stdout, printedLine{Paper: p.Paper, File: name, Reach: printer.ReachFile}); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file beside its name, syncs it and moves it there.
func replace(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
