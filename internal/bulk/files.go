package bulk

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"quachot/internal/cardart"
)

// file is one file ready to be written.
type file struct {
	name    string
	content []byte
}

// release records the cards and then lets their files appear.
func (r *run) release(ctx context.Context, cards []drawn) error {
	files, err := r.files(cards)
	if err != nil {
		return err
	}
	issued := make([]Issued, len(cards))
	for i, d := range cards {
		issued[i] = d.issued
	}
	if r.Record != nil {
		if err := r.Record(ctx, issued); err != nil {
			return fmt.Errorf("record %d cards: %w", len(cards), err)
		}
	}
	for _, f := range files {
		if err := appear(r.Out, f); err != nil {
			return fmt.Errorf("the cards %s to %s are recorded but not written: %w",
				issued[0].Number.Grouped(), issued[len(issued)-1].Number.Grouped(), err)
		}
		r.summary.Files = append(r.summary.Files, f.name)
	}
	for i := range issued {
		issued[i].Text = ""
	}
	r.summary.Cards = append(r.summary.Cards, issued...)
	return nil
}

// files draws the block and says in each card where it is.
func (r *run) files(cards []drawn) ([]file, error) {
	base := fmt.Sprintf("%s-%s-%s", r.Format, cards[0].issued.Number, cards[len(cards)-1].issued.Number)
	var files []file
	if r.Format == PNG {
		for i := range cards {
			d := &cards[i]
			var b bytes.Buffer
			if err := r.art.PNG(&b, d.art); err != nil {
				return nil, err
			}
			d.issued.File = string(d.issued.Number) + ".png"
			files = append(files, file{d.issued.File, b.Bytes()})
		}
		return append(files, index(base, cards)), nil
	}
	sheet := cardart.A4
	if r.Format == CR80 {
		sheet = cardart.CR80
	}
	all := make([]cardart.Card, len(cards))
	for i := range cards {
		all[i] = cards[i].art
		cards[i].issued.File, cards[i].issued.Page = base+".pdf", 1+i/sheet.PerPage()
	}
	var b bytes.Buffer
	if err := r.art.PDF(&b, sheet, all); err != nil {
		return nil, err
	}
	return append(files, file{base + ".pdf", b.Bytes()}, index(base, cards)), nil
}

// index says whose card is where, as CSV that Excel opens (with BOM).
func index(base string, cards []drawn) file {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.Write([]string{"number", "name", "dob", "ward", "hamlet", "file", "page"})
	for _, d := range cards {
		p, page := d.issued.Person, ""
		if d.issued.Page > 0 {
			page = strconv.Itoa(d.issued.Page)
		}
		w.Write([]string{d.issued.Number.Grouped(), harmless(p.Name), p.Birth, harmless(d.art.Ward), harmless(p.Hamlet), d.issued.File, page})
	}
	w.Flush() // into memory: cannot fail
	return file{base + ".csv", b.Bytes()}
}

// harmless keeps a spreadsheet from running a name as a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// appear writes a file whole: under another name, to the disk, then renamed.
func appear(folder string, f file) error {
	path := filepath.Join(folder, f.name)
	part, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", f.name, err)
	}
	_, err = part.Write(f.content)
	if err == nil {
		err = part.Sync()
	}
	if closing := part.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		_ = os.Remove(path + ".part")
		return fmt.Errorf("write %s: %w", f.name, err)
	}
	return nil
}
