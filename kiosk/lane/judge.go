package lane

import (
	"quachot/internal/credential"
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

// Ride tells the rules which vehicle is open; nil = none is. It holds for the
// scans and declarations after it.
func (l *Lane) Ride(v *checkpoint.Ride) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ride = v
}

// input is what a verdict depends on, but for whom it is about.
func (l *Lane) input() checkpoint.Input {
	snap := l.d.Lists()
	post := l.post()
	in := checkpoint.Input{
		Now: l.d.Clock.Now(), LatestOffice: l.latestOffice(), Ahead: l.ahead(), Lists: snap, Derive: l.derive, Recent: l.recent,
		Rules: snap.Rules(), Declared: l.declared, Post: post, Level: checkpoint.LevelAt(snap.Settings(), post, l.d.Province),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	in.Direction, in.Purpose, in.Vehicle = l.direction, l.purpose, l.ride
	return in
}

// Warm judges somebody who does not exist and writes nothing: what is made when it
// is first needed, the rules above all, is there for the first citizen. It takes
// a fifth of a second.
func (l *Lane) Warm() {
	in := l.input()
	in.Text = "000000000000||Không Ai|01011900|Nam||01012021"
	checkpoint.Judge(in)
}

// judgeDeclared holds a person as declared against lists and rules, with the
// code that was scanned, if there was one.
func (l *Lane) judgeDeclared(d record.Declaration) checkpoint.Outcome {
	in := l.input()
	if d.Way != 0 {
		in.Direction = d.Way
	}
	return checkpoint.JudgeDeclared(d, l.readingOf(d), in)
}

// readingOf is what was read of the person who declares: of the latest scan that
// d names and that is not long ago; zero when there is none.
func (l *Lane) readingOf(d record.Declaration) credential.Reading {
	scans, err := l.named(d.Scans, d.Earlier)
	if err != nil {
		return credential.Reading{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.known(scans)
	for i := len(known) - 1; i >= 0; i-- {
		if r := known[i].reading; r != nil {
			return *r
		}
	}
	return credential.Reading{}
}
