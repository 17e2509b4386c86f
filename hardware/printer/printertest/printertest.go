// Package printertest is the conformance suite of printers: every driver, and
// every real peer a driver is tested against, passes it.
package printertest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"sync"
	"testing"
	"time"

	"quachot/hardware/printer"
)

// Options are what a peer can do. The zero value asks for everything.
type Options struct {
	NoPictures bool          // takes PDF only; pictures are ErrRefused
	Settle     time.Duration // how long a job may take; 0 = 20 s
	// Got gives back what came out for a job, to compare; nil = it cannot be seen.
	Got func(t *testing.T, id printer.JobID) []byte
}

// Run tests the printer that open makes; each call makes one anew. Where a device
// is needed, open calls t.Skip when there is none.
func Run(t *testing.T, o Options, open func(t *testing.T) printer.Printer) {
	if o.Settle == 0 {
		o.Settle = 20 * time.Second
	}
	t.Run("PDF", func(t *testing.T) { prints(t, o, open(t), PDF()) })
	t.Run("Pictures", func(t *testing.T) { pictures(t, o, open(t)) })
	t.Run("RefusesNothing", func(t *testing.T) { refuses(t, open(t)) })
	t.Run("EndedContext", func(t *testing.T) { ended(t, open(t)) })
	t.Run("AtOnce", func(t *testing.T) { atOnce(t, o, open(t)) })
	t.Run("Health", func(t *testing.T) { health(t, open(t)) })
	t.Run("UnknownJob", func(t *testing.T) { unknownJob(t, open(t)) })
}

// PDF is a small page that any printer takes: 80 x 40 mm with one black square.
func PDF() printer.Page {
	return printer.Page{Title: "Thử máy in", Width: 80, Height: 40, PDF: []byte("%PDF-1.4\n" +
		"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 226 113]/Contents 4 0 R>>endobj\n" +
		"4 0 obj<</Length 17>>stream\n20 20 50 50 re f\n\nendstream\nendobj\n" +
		"trailer<</Root 1 0 R>>\n%%EOF\n")}
}

// Pictures are two pages of 203 dots per inch.
func Pictures() printer.Page {
	p := printer.Page{Title: "Thử máy in", Width: 50, Height: 25, DPI: 203}
	for i := range 2 {
		img := image.NewGray(image.Rect(0, 0, 400, 200))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(img, image.Rect(20, 20, 60+40*i, 60), image.NewUniform(color.Black), image.Point{}, draw.Src)
		p.Pictures = append(p.Pictures, img)
	}
	return p
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// prints prints p and waits for it.
func prints(t *testing.T, o Options, d printer.Printer, p printer.Page) {
	t.Helper()
	ctx := within(t, o.Settle)
	id, err := d.Print(ctx, p)
	if err != nil || id == "" {
		t.Fatalf("print: %q, %v", id, err)
	}
	if w, ok := d.(printer.Tracker); ok {
		if err := w.Wait(ctx, id); err != nil {
			t.Fatalf("wait for %s: %v", id, err)
		}
		// Asked again, it says the same.
		if err := w.Wait(ctx, id); err != nil {
			t.Errorf("wait again for %s: %v", id, err)
		}
	}
	if o.Got != nil && len(p.PDF) > 0 {
		if got := o.Got(t, id); !bytes.Equal(got, p.PDF) {
			t.Errorf("%d bytes came out, want the %d that went in", len(got), len(p.PDF))
		}
	}
}

func pictures(t *testing.T, o Options, d printer.Printer) {
	if !o.NoPictures {
		prints(t, o, d, Pictures())
		return
	}
	if id, err := d.Print(within(t, o.Settle), Pictures()); !errors.Is(err, printer.ErrRefused) {
		t.Errorf("pictures: %q, %v, want ErrRefused", id, err)
	}
}

// refuses: a page with nothing on it never becomes a job.
func refuses(t *testing.T, d printer.Printer) {
	for _, bad := range []printer.Page{{}, {Title: "x", PDF: []byte("x"), Pictures: Pictures().Pictures, DPI: 300}, {Pictures: Pictures().Pictures}} {
		if id, err := d.Print(within(t, time.Second), bad); !errors.Is(err, printer.ErrRefused) || id != "" {
			t.Errorf("%+v: %q, %v, want ErrRefused", bad.Title, id, err)
		}
	}
}

// ended: a context that is over starts no job, and says so at once.
func ended(t *testing.T, d printer.Printer) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	id, err := d.Print(ctx, PDF())
	if err == nil || id != "" || errors.Is(err, printer.ErrUncertain) {
		t.Errorf("%q, %v: want an error that says that nothing was printed", id, err)
	}
}

// atOnce: jobs from several goroutines all come out, each with a name of its own.
func atOnce(t *testing.T, o Options, d printer.Printer) {
	ctx := within(t, o.Settle)
	var all sync.WaitGroup
	ids := make([]printer.JobID, 4)
	errs := make([]error, len(ids))
	for i := range ids {
		all.Go(func() { ids[i], errs[i] = d.Print(ctx, PDF()) })
	}
	all.Wait()
	seen := map[printer.JobID]bool{}
	for i, id := range ids {
		if errs[i] != nil || id == "" || seen[id] {
			t.Errorf("job %d: %q, %v", i, id, errs[i])
		}
		seen[id] = true
	}
	w, ok := d.(printer.Tracker)
	for _, id := range ids {
		if !ok || id == "" {
			continue
		}
		if err := w.Wait(ctx, id); err != nil {
			t.Errorf("wait for %s: %v", id, err)
		}
	}
}

func health(t *testing.T, d printer.Printer) {
	teller, ok := d.(printer.Teller)
	if !ok {
		t.Skip("this printer says nothing of itself")
	}
	h, err := teller.Health(within(t, 5*time.Second))
	if err != nil || h.State == "" || h.State == printer.Lost || h.Reach == "" || h.At.IsZero() {
		t.Errorf("%+v, %v", h, err)
	}
}

// unknownJob: of a job that nobody knows, nothing is claimed.
func unknownJob(t *testing.T, d printer.Printer) {
	w, ok := d.(printer.Tracker)
	if !ok {
		t.Skip("this printer follows no jobs")
	}
	if err := w.Wait(within(t, 5*time.Second), "987654"); !errors.Is(err, printer.ErrUncertain) {
		t.Errorf("got %v, want ErrUncertain", err)
	}
}
