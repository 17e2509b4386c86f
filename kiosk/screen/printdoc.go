package screen

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quachot/hardware/printer"
	"quachot/internal/paper"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/training"
)

// PaperFacts are what every paper of a station says.
type PaperFacts struct {
	Province string // its name; may be empty
	Post     string
	Training bool
}

// ErrPaper is returned for a paper whose name or data mean nothing.
var ErrPaper = errors.New("no such paper")

// Document makes the document of a paper; see [Paper] for the data of each. Size
// is for the slips. An error wraps ErrPaper.
func Document(what Paper, size paper.Size, facts PaperFacts, words *text.Catalogue) (paper.Doc, error) {
	data := paperData{what.Data, nil}
	var doc paper.Doc
	switch what.Name {
	case "handover-slip":
		doc = data.slip(size, facts)
	case "shift":
		doc = data.shift(facts)
	case "form":
		doc = paper.Form{Province: facts.Province, Post: data.orElse("post", facts.Post), Series: data.of["series"],
			First: uint(data.number("first")), Count: int(data.number("count")), Training: facts.Training}
	case "test-card":
		doc = paper.TestCard{Training: facts.Training}
	case "samples":
		return SampleSheet(words)
	default:
		data.fault = fmt.Errorf("%q", what.Name)
	}
	if data.fault != nil {
		return nil, fmt.Errorf("paper %s: %w: %w", what.Name, ErrPaper, data.fault)
	}
	return doc, nil
}

// SampleSheet is the sheet of the citizens of training.
func SampleSheet(words *text.Catalogue) (paper.Doc, error) {
	all, err := training.Samples()
	if err != nil {
		return nil, err
	}
	var cards paper.SampleCards
	for i, s := range all {
		cards.Samples = append(cards.Samples, paper.Sample{
			Title: words.T("print.sample", "n", strconv.Itoa(i+1)), Name: s.Who, Text: s.Code, Expect: words.T("training.sample." + s.Name),
		})
	}
	return cards, nil
}

// PageOf renders a document for a printer. Its title in the printer's queue is the
// paper's name and nothing else.
func PageOf(doc paper.Doc, name string, words *text.Catalogue) (printer.Page, error) {
	b, err := paper.Render(doc, words)
	if err != nil {
		return printer.Page{}, err
	}
	w, h, err := paper.Dimensions(doc, words)
	return printer.Page{Title: name, PDF: b, Width: w, Height: h}, err
}

// paperData reads what a page filled in; the first thing that cannot be read is
// its fault.
type paperData struct {
	of    map[string]string
	fault error
}

func (d *paperData) orElse(key, other string) string {
	if v := d.of[key]; v != "" {
		return v
	}
	return other
}

// number is a whole number from 0 to a million; 0 when it is not given.
func (d *paperData) number(key string) uint64 {
	v := d.of[key]
	if v == "" {
		return 0
	}
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil || n > 999_999 {
		d.fault = fmt.Errorf("%s %q is no number", key, v)
	}
	return n
}

func (d *paperData) time(key string) time.Time {
	v := d.of[key]
	if v == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		d.fault = fmt.Errorf("%s %q is no time", key, v)
	}
	return at
}

func (d *paperData) slip(size paper.Size, facts PaperFacts) paper.Doc {
	decision := record.ToTest
	switch v := d.of["decision"]; v {
	case record.ToTest.String():
	case record.ToQuarantine.String():
		decision = record.ToQuarantine
	default:
		d.fault = fmt.Errorf("decision %q sends nobody anywhere", v)
	}
	return paper.HandoverSlip{
		Size: size, Decision: decision, Name: d.of["name"], Birth: d.of["birth"], Document: d.of["document"], From: d.of["from"], Reason: d.of["reason"],
		Place: paper.Place{Name: d.of["place"], Address: d.of["address"], Phone: d.of["phone"]},
		At:    d.time("at"), Post: d.orElse("post", facts.Post), Lane: d.of["lane"], Officer: d.of["officer"],
		Province: facts.Province, Record: d.record(), Training: facts.Training,
	}
}

// record is "segment in hex/number"; zero when it is not given.
func (d *paperData) record() (id record.ID) {
	v := d.of["record"]
	if v == "" {
		return id
	}
	segment, seq, _ := strings.Cut(v, "/")
	n, err := hex.Decode(id.Segment[:], []byte(segment[:min(len(segment), 2*len(id.Segment))]))
	if id.Seq, _ = strconv.ParseUint(seq, 10, 64); err != nil || n != len(id.Segment) || len(segment) != 2*n || id.Seq == 0 {
		d.fault = fmt.Errorf("record %q is none", v)
	}
	return id
}

func (d *paperData) shift(facts PaperFacts) paper.Doc {
	return paper.ShiftSheet{
		Province: facts.Province, Post: d.orElse("post", facts.Post), Lane: d.of["lane"], From: d.time("from"), To: d.time("to"),
		Giving: d.of["giving"], Taking: d.of["taking"], Note: d.of["note"], Counts: d.counts(), Training: facts.Training,
	}
}

// counts are those of the screen in its order, then the others by name.
func (d *paperData) counts() (all []paper.Count) {
	names := slices.Clone(shiftCounts)
	for key := range d.of {
		if name, ok := strings.CutPrefix(key, "count."); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[len(shiftCounts):])
	for _, name := range names {
		if _, ok := d.of["count."+name]; !ok {
			continue
		}
		c := paper.Count{Name: name, Value: d.number("count." + name)}
		if _, ok := d.of["before."+name]; ok {
			before := d.number("before." + name)
			c.Before = &before
		}
		all = append(all, c)
	}
	return all
}
