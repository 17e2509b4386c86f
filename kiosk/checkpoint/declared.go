package checkpoint

import (
	"slices"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
)

// JudgeDeclared judges a person by a health declaration: r is the credential it
// belongs to, as it was read, or zero when there is none and the person is only
// as declared, which is never green. The documents, the phone and the plate of
// both are held against the watch-list and the rules are asked; of in, Text,
// Declared and Recent are not looked at. When HappenedAt is absent, the
// declaration is of now.
func JudgeDeclared(d record.Declaration, r credential.Reading, in Input) Outcome {
	c := newCase(in)
	c.out.Reading = r
	if _, nobody := unreadable(r); nobody {
		c.out.Reading = credential.Reading{}
		r = credential.Reading{}
		c.find(record.Check, "declared", "")
	} else {
		c.verify(r)
		c.valid(r)
	}
	c.watchAll(declaredDocuments(d, r), phones(d.Phone, r.Phone))
	c.vehicle(d.Plate)
	c.stale()
	at := c.now
	if d.HappenedAt != 0 {
		at = time.UnixMilli(d.HappenedAt)
	}
	c.ask(r, d, at, true)
	return c.outcome()
}

// declaredDocuments are the numbers of the credential and of the declaration,
// the credential's first. Those of a forged one are somebody else's.
func declaredDocuments(d record.Declaration, r credential.Reading) []identity.Document {
	var all []identity.Document
	if r.Trust != credential.Forged {
		all = documentsOf(r)
	}
	for _, doc := range d.Documents {
		doc = identity.NewDocument(doc.Kind, doc.Number)
		if doc.Number != "" && !slices.Contains(all, doc) {
			all = append(all, doc)
		}
	}
	return all
}

// phones are the numbers as the watch-list has them, each once.
func phones(numbers ...string) []identity.Document {
	var all []identity.Document
	for _, n := range numbers {
		if doc := identity.NewDocument(identity.Phone, n); doc.Number != "" && !slices.Contains(all, doc) {
			all = append(all, doc)
		}
	}
	return all
}
