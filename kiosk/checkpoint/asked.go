package checkpoint

import (
	"slices"

	"quachot/internal/credential"
	"quachot/internal/identity"
)

// Asked are the numbers whose keys Judge will want for in.Text, so that they can
// be derived while a code still waits in a queue. Of in only Text, Lists and the
// time are looked at. A number missing here costs time, no verdict.
func Asked(in Input) []identity.Document {
	c := newCase(in)
	r := credential.Read(in.Text, in.Lists.Trusted(), c.now)
	if _, no := unreadable(r); no {
		return nil
	}
	asked := documentsOf(r)
	if r.Phone != "" && c.watches(identity.Phone) {
		asked = append(slices.Clip(asked), identity.NewDocument(identity.Phone, r.Phone))
	}
	return asked
}

// watches says that the watch-list may name somebody by a document of that kind.
// A phone and a plate are nobody's identity: where none is listed, their keys,
// milliseconds each, are not wanted.
func (c *caseOf) watches(kind identity.DocumentKind) bool {
	l, ok := c.in.Lists.(interface {
		Watches(identity.DocumentKind) bool
	})
	return !ok || l.Watches(kind)
}
