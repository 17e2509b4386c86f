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
	r := credential.Read(in.Text, in.Lists.Trusted(), newCase(in).now)
	if _, no := unreadable(r); no {
		return nil
	}
	asked := documentsOf(r)
	if r.Phone != "" {
		asked = append(slices.Clip(asked), identity.NewDocument(identity.Phone, r.Phone))
	}
	return asked
}
