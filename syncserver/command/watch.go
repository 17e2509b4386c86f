package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

type watchCmd struct {
	Add    watchAdd    `cmd:"" help:"Stop a person: every document and card linked with this one."`
	Remove watchRemove `cmd:"" help:"Take a person off the list."`
	Load   watchLoad   `cmd:"" help:"Add everybody of a CSV file: document, reason, until, note."`
	List   watchList   `cmd:"" help:"Who is on the list, one JSON line each."`
}

var watchReasons = []string{"f0", "f1", "f2", "quarantine", "wanted"}

type watchAdd struct {
	Document string `arg:"" help:"KIND:NUMBER, such as cccd:046187001234."`
	Reason   string `required:"" enum:"f0,f1,f2,quarantine,wanted" help:"f0, f1, f2, quarantine or wanted."`
	Until    string `help:"Last day, YYYY-MM-DD; empty = no end." placeholder:"DATE"`
	Note     string `help:"What to do and whom to ring, for the officer." placeholder:"TEXT"`
}

func (w watchAdd) Run(c *call) error {
	entry, err := watchOf(w.Document, w.Reason, w.Until, w.Note)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		if err := o.store.AddWatch(c.ctx, []store.Watch{entry}); err != nil {
			return err
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "watch add "+w.Reason, entry.Document.String())); err != nil {
			return err
		}
		docs, err := o.store.Links(c.ctx, entry.Document)
		if err != nil {
			return err
		}
		return json.NewEncoder(c.stdout).Encode(watchLineOf(entry, docs))
	})
}

// watchOf checks one wish.
func watchOf(document, reason, until, note string) (store.Watch, error) {
	doc, err := parseDocument(document)
	if err != nil {
		return store.Watch{}, err
	}
	if err := matchable(doc); err != nil {
		return store.Watch{}, err
	}
	if !slices.Contains(watchReasons, reason) {
		return store.Watch{}, fmt.Errorf("reason %q: want one of %s", reason, strings.Join(watchReasons, " "))
	}
	w := store.Watch{Document: doc, Details: wire.WatchDetails{Reason: reason, Note: strings.TrimSpace(note)}, Added: time.Now()}
	if len(w.Details.Note) > 500 {
		return w, errors.New("the note is longer than 500 bytes")
	}
	if until != "" {
		day, err := time.ParseInLocation(time.DateOnly, until, time.FixedZone("+07", 7*60*60))
		if err != nil {
			return w, fmt.Errorf("the date %q is not YYYY-MM-DD", until)
		}
		w.Details.Until = day.AddDate(0, 0, 1).Unix() - 1
		if w.Details.Until < w.Added.Unix() {
			return w, fmt.Errorf("the last day %s is over: nobody would be stopped", until)
		}
	}
	return w, nil
}

// matchable refuses a number that no credential can carry: a slip of the finger
// would put somebody on the list whom no lane ever stops.
func matchable(d identity.Document) error {
	fits := map[identity.DocumentKind]func(string) bool{
		identity.CCCD: docnum.IsPersonal, identity.CMND: docnum.IsOld,
		// Of an army card letters are left; foreign passports have any form.
		identity.BHYT: func(n string) bool { return len(n) == 10 },
	}[d.Kind]
	if fits != nil && !fits(d.Number) {
		return fmt.Errorf("%s is not a number of its kind: count its digits", d)
	}
	return nil
}

// parseDocument reads KIND:NUMBER; a card's number is checked, its other forms
// are made one.
func parseDocument(s string) (identity.Document, error) {
	doc, err := identity.ParseDocument(s)
	if err != nil || doc.Kind != identity.Card {
		return doc, err
	}
	n, err := card.ParseNumber(doc.Number)
	if err != nil {
		return doc, err
	}
	return identity.NewDocument(identity.Card, string(n)), nil
}

type watchLine struct {
	Document string   `json:"document"`
	Reason   string   `json:"reason"`
	Until    int64    `json:"until,omitempty"` // unix seconds
	Note     string   `json:"note,omitempty"`
	Linked   []string `json:"linked,omitempty"` // other documents and cards of the person, on the list too
}

func watchLineOf(w store.Watch, docs []identity.Document) watchLine {
	line := watchLine{Document: w.Document.String(), Reason: w.Details.Reason, Until: w.Details.Until, Note: w.Details.Note}
	for _, d := range docs {
		if d != w.Document {
			line.Linked = append(line.Linked, d.String())
		}
	}
	return line
}

type watchRemove struct {
	Document string `arg:"" help:"KIND:NUMBER, as it was added, or any document of the person."`
}

func (w watchRemove) Run(c *call) error {
	doc, err := parseDocument(w.Document)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		docs, err := o.store.Links(c.ctx, doc)
		if err != nil {
			return err
		}
		removed := 0
		for _, d := range docs { // every wish about the person, else he would stay on the list
			switch err := o.store.RemoveWatch(c.ctx, d); {
			case err == nil:
				removed++
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		if removed == 0 {
			return fmt.Errorf("%s is not on the watch-list", doc)
		}
		return errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "watch remove", doc.String()))
	})
}

type watchLoad struct {
	File string `arg:"" help:"CSV, UTF-8, with a header line: document, reason, until, note."`
}

// maxRejects bounds the rejected lines that are printed.
const maxRejects = 1000

func (w watchLoad) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		b, err := os.ReadFile(c.path(w.File))
		if err != nil {
			return fmt.Errorf("read the watch-list file: %w", err)
		}
		entries, rejected, err := parseWatches(b)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(entries, 2000) {
			if err := o.store.AddWatch(c.ctx, some); err != nil {
				return err
			}
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "watch load", fmt.Sprint(len(entries)))); err != nil {
			return err
		}
		if err := json.NewEncoder(c.stdout).Encode(map[string]any{"loaded": len(entries), "rejected": rejected}); err != nil {
			return err
		}
		if len(rejected) > 0 {
			return exit(exitFindings)
		}
		return nil
	})
}

type rejectedLine struct {
	Row    int    `json:"row"`
	Reason string `json:"reason"`
}

func parseWatches(b []byte) ([]store.Watch, []rejectedLine, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read the header line: %w", err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, need := range []string{"document", "reason"} {
		if _, ok := column[need]; !ok {
			return nil, nil, fmt.Errorf("the file has no column %q; its first line must be: document,reason,until,note", need)
		}
	}
	var entries []store.Watch
	rejected := []rejectedLine{}
	for row := 2; ; row++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return entries, rejected, nil
		}
		get := func(name string) string {
			if i, ok := column[name]; ok && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
			return ""
		}
		var entry store.Watch
		if err == nil {
			entry, err = watchOf(get("document"), strings.ToLower(get("reason")), get("until"), get("note"))
		}
		if err == nil {
			entries = append(entries, entry)
		} else if len(rejected) < maxRejects {
			rejected = append(rejected, rejectedLine{row, err.Error()})
		}
	}
}

type watchList struct{}

func (watchList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		all, err := o.store.Watches(c.ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, w := range all {
			docs, err := o.store.Links(c.ctx, w.Document)
			if err != nil {
				return err
			}
			if err := out.Encode(watchLineOf(w, docs)); err != nil {
				return err
			}
		}
		return nil
	})
}
