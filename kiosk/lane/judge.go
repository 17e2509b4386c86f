package lane

import (
	"slices"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
)

// Plate is what the watch-list has on a vehicle's plate; Verdict 0 for no plate.
func (l *Lane) Plate(plate string) (out checkpoint.Outcome) {
	if identity.NewDocument(identity.Plate, plate).Number == "" {
		return out
	}
	out.Verdict = record.Pass
	out.Reasons, out.Watch = checkpoint.Vehicle(plate, l.input())
	if len(out.Reasons) > 0 {
		out.Verdict = record.Stop
	}
	return out
}

// judgeDeclared holds a person as declared against lists and rules.
func (l *Lane) judgeDeclared(d record.Declaration) checkpoint.Outcome {
	in := l.input()
	out := checkpoint.Outcome{Verdict: record.Pass}
	asked := d.Documents
	if d.Phone != "" {
		asked = append(slices.Clip(asked), identity.NewDocument(identity.Phone, d.Phone))
	}
	keys := in.Derive(asked)
	out.Keys = keys[:len(d.Documents)]
	for _, k := range keys {
		if details, ok := in.Lists.Watch(k); ok {
			out.Verdict, out.Reasons, out.Watch = record.Stop, []record.Reason{{Code: "watch"}}, &details
			break
		}
	}
	return out
}
