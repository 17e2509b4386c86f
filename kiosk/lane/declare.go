package lane

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
)

// ErrEmpty is for a declaration of nobody.
var ErrEmpty = errors.New("a declaration needs at least a name or a document")

// DeclaredBucket is the journal's state bucket of the last declaration per
// identity key, key the 16 bytes, value the CBOR of [remembered].
const DeclaredBucket = "declared"

// declaredKeep is how long a declaration counts, from when it was made.
const declaredKeep = checkpoint.DeclaredFor

// remembered is what the next scan's rules are told of a declaration: what was
// answered, not who answered: the station needs name and numbers no more.
type remembered struct {
	_    struct{} `cbor:",toarray"`
	At   int64    // unix ms
	Said record.Declaration
}

// Declared is a declaration that was saved.
type Declared struct {
	journal.Saved
	checkpoint.Outcome      // what the lists and rules say of the person as declared
	Twice              bool // a paper form of this number was entered as a declaration today already
}

// Declare saves a health declaration with what the lists and rules say of it,
// and remembers it for 72 hours by the person's identity keys and those of the
// scans it names (Scans, Earlier; as in Decide), so that the next scan's rules
// know it.
func (l *Lane) Declare(ctx context.Context, d record.Declaration) (Declared, error) {
	d = normal(d)
	if d.Name == "" && len(d.Documents) == 0 {
		return Declared{}, ErrEmpty
	}
	if err := l.past(d.HappenedAt); err != nil {
		return Declared{}, err
	}
	scans, err := l.named(d.Scans, d.Earlier)
	if err != nil {
		return Declared{}, fmt.Errorf("declare: %w", err)
	}
	out := Declared{Outcome: l.Try(d), Twice: l.entered(formDeclaration, d.Form)}
	d.Verdict, d.Reasons = out.Verdict, out.Reasons
	counted, uncount := l.count(step{countDeclarations, 1})
	state := append(append(counted, l.form(formDeclaration, d.Form)...), l.recall(d, l.keysOf(out.Keys, scans))...)
	out.Saved, err = l.saveNaming(ctx, scans, func(seqs []uint64, full []record.ID, wrong *record.ID) journal.Item {
		d := d
		d.Scans, d.Earlier = seqs, full
		if wrong != nil {
			d.Corrects = wrong
		}
		urgent := out.Watch != nil || len(d.Symptoms) > 0 || d.Contact
		return journal.Item{Kind: record.KindDeclaration, Body: d, State: state, Urgent: urgent}
	})
	if err != nil {
		uncount()
		return out, fmt.Errorf("save the declaration: %w", err)
	}
	if len(scans) == 0 && d.Form == "" { // somebody without a code is decided about by the declaration's name
		l.scanned(out.Saved.At, out.Saved.ID, out.Outcome)
	}
	return out, nil
}

// Try is what Declare would say of d, with nothing written: for a form's live
// line. A number that is new costs milliseconds.
func (l *Lane) Try(d record.Declaration) checkpoint.Outcome {
	return l.judgeDeclared(normal(d))
}

// normal writes numbers the way they are matched.
func normal(d record.Declaration) record.Declaration {
	documents := make([]identity.Document, 0, len(d.Documents))
	for _, doc := range d.Documents {
		if doc = identity.NewDocument(doc.Kind, doc.Number); doc.Number != "" {
			documents = append(documents, doc)
		}
	}
	d.Documents = documents
	d.Name = strings.TrimSpace(d.Name)
	d.Form = strings.TrimSpace(d.Form)
	d.Plate = identity.NewDocument(identity.Plate, d.Plate).Number
	return d
}

// keysOf are the identity keys of a declared person, those of the scans that
// belong to it among them.
func (l *Lane) keysOf(own []identity.Keys, scans []record.ID) map[identity.Match]bool {
	all := map[identity.Match]bool{}
	for _, k := range own {
		all[k.Match] = true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.known(scans) {
		for _, m := range s.keys {
			all[m] = true
		}
	}
	return all
}

// recall makes the changes of state by which the next scan knows d.
func (l *Lane) recall(d record.Declaration, keys map[identity.Match]bool) (puts []journal.Put) {
	now := l.d.Clock.Now()
	at := now
	if d.HappenedAt != 0 {
		at = time.UnixMilli(d.HappenedAt)
	}
	keep := declaredKeep - now.Sub(at)
	if keep <= 0 {
		return nil
	}
	said := record.Declaration{
		Birth: d.Birth, From: d.From, Through: d.Through, To: d.To, Purpose: d.Purpose, Symptoms: d.Symptoms, Contact: d.Contact,
		Tests: d.Tests, Doses: d.Doses, HappenedAt: d.HappenedAt, Source: d.Source, Units: d.Units, Verdict: d.Verdict,
	}
	b, err := cbor.Marshal(remembered{At: at.UnixMilli(), Said: said})
	if err != nil {
		panic(err) // a struct of our own with nothing that cannot be encoded
	}
	for m := range keys {
		puts = append(puts, journal.Put{Bucket: DeclaredBucket, Key: m[:], Value: b, Keep: keep})
	}
	return puts
}

// declared finds the declaration of an identity key, not older than 72 hours.
func (l *Lane) declared(m identity.Match) (record.Declaration, time.Time, bool) {
	b, ok := l.d.Journal.Get(DeclaredBucket, m[:])
	if !ok {
		return record.Declaration{}, time.Time{}, false
	}
	var r remembered
	if err := cbor.Unmarshal(b, &r); err != nil {
		l.d.Log.Warn("a declaration is not readable", "err", err)
		return record.Declaration{}, time.Time{}, false
	}
	return r.Said, time.UnixMilli(r.At), true
}
