// Package folder "prints" into a folder: each job becomes one PDF, or a PNG a
// page. It is what a station without a printer does, and a way to any printer
// that watches a folder.
//
// A file has its name only when it is whole and on the disk: written beside,
// synced, linked, the folder synced. No file is ever overwritten.
package folder

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"quachot/hardware/printer"
)

// Printer writes into Dir. Its fields are set before the first job.
type Printer struct {
	Dir string // made when it is missing
	// Keep is how long this driver's own files stay; 0 = for ever. Slips hold
	// people's names: a station that prints into its own folder sets a day. Old
	// files go when the next job comes.
	Keep time.Duration
	Now  func() time.Time // nil = the clock; names of files are made of it
}

var (
	_ printer.Printer = (*Printer)(nil)
	_ printer.Tracker = (*Printer)(nil)
	_ printer.Teller  = (*Printer)(nil)
)

// mark is in the name of every file of this driver, so that no other is ever
// deleted.
const mark = "quachot-"

// Print writes the job; its JobID is the path of the (first) file. A job of which
// not every page could be written leaves none.
func (p *Printer) Print(ctx context.Context, page printer.Page) (printer.JobID, error) {
	if err := page.Check(); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("write %q: %w: %w", page.Title, printer.ErrLost, err)
	}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder to print into: %w: %w", printer.ErrLost, err)
	}
	p.tidy()
	files, err := contents(page)
	if err != nil {
		return "", err
	}
	var written []string
	for i, b := range files {
		path, err := p.write(p.name(page, i, len(files)), extension(page), b)
		if err != nil {
			for _, w := range written {
				_ = os.Remove(w)
			}
			return "", fmt.Errorf("write %q into %s: %w: %w", page.Title, p.Dir, printer.ErrLost, err)
		}
		written = append(written, path)
	}
	return printer.JobID(written[0]), nil
}

// Wait is nil while the file is there: it was on the disk when Print returned.
func (p *Printer) Wait(_ context.Context, id printer.JobID) error {
	if filepath.Dir(string(id)) != filepath.Clean(p.Dir) {
		return fmt.Errorf("job %s is none of %s: %w", id, p.Dir, printer.ErrUncertain)
	}
	if _, err := os.Stat(string(id)); err != nil {
		return fmt.Errorf("job %s: %w: %w", id, printer.ErrUncertain, err)
	}
	return nil
}

// Health says whether the folder can be written to.
func (p *Printer) Health(context.Context) (printer.Health, error) {
	h := printer.Health{State: printer.Ready, Reach: printer.ReachFile, At: p.now()}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		h.State = printer.Lost
		return h, fmt.Errorf("the folder to print into: %w: %w", printer.ErrLost, err)
	}
	f, err := os.CreateTemp(p.Dir, ".try-*")
	if err != nil {
		h.State = printer.Lost
		return h, fmt.Errorf("write into %s: %w: %w", p.Dir, printer.ErrLost, err)
	}
	return h, errors.Join(f.Close(), os.Remove(f.Name()))
}

func (p *Printer) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

// name is the file's name without its ending: the time and the title, never
// longer than a file system takes.
func (p *Printer) name(page printer.Page, i, n int) string {
	title := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			return r
		}
		return '-'
	}, page.Title)
	if r := []rune(title); len(r) > 40 {
		title = string(r[:40])
	}
	name := mark + p.now().Format("20060102-150405") + "-" + strings.Trim(title, "-")
	if n > 1 {
		name += fmt.Sprintf("-%d", i+1)
	}
	return strings.TrimSuffix(name, "-")
}

func extension(page printer.Page) string {
	if len(page.PDF) > 0 {
		return ".pdf"
	}
	return ".png"
}

// contents are the files that page becomes.
func contents(page printer.Page) ([][]byte, error) {
	if len(page.PDF) > 0 {
		return [][]byte{page.PDF}, nil
	}
	var all [][]byte
	for _, img := range page.Pictures {
		b, err := encode(img, page.DPI)
		if err != nil {
			return nil, fmt.Errorf("write %q as PNG: %w: %w", page.Title, printer.ErrRefused, err)
		}
		all = append(all, b)
	}
	return all, nil
}

// encode writes a PNG that says its dots per inch (pHYs, right behind IHDR), so
// that it is printed in its true size.
func encode(img image.Image, dpi int) ([]byte, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, err
	}
	const head = 8 + 4 + 4 + 13 + 4 // signature and IHDR
	perMetre := uint32(float64(dpi)/0.0254 + 0.5)
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	out := append([]byte(nil), b.Bytes()[:head]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, b.Bytes()[head:]...), nil
}

// write puts b on the disk under name, or under name-2, name-3 ... when there is
// one already, and gives the path.
func (p *Printer) write(name, ext string, b []byte) (string, error) {
	f, err := os.CreateTemp(p.Dir, ".part-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	for n := 1; n < 1000; n++ {
		path := filepath.Join(p.Dir, name+ext)
		if n > 1 {
			path = filepath.Join(p.Dir, fmt.Sprintf("%s-%d%s", name, n, ext))
		}
		err := place(f.Name(), path)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return path, syncDir(p.Dir)
	}
	return "", fmt.Errorf("a thousand files are named %s already", name)
}

// place gives a whole file its name without ever taking one that exists: a hard
// link fails then, a rename would not. File systems without links (FAT sticks)
// get the name reserved first.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	reserved, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := reserved.Close(); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// tidy deletes this driver's files older than Keep. What cannot be deleted stays.
func (p *Printer) tidy() {
	if p.Keep <= 0 {
		return
	}
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), mark) && info.Mode().IsRegular() && p.now().Sub(info.ModTime()) > p.Keep {
			_ = os.Remove(filepath.Join(p.Dir, e.Name()))
		}
	}
}
