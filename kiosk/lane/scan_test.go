package lane

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/journal"
)

const (
	cccd = "046187001234|191234567|Nguyễn Thị Minh Khai|18011987|Nữ|12/3 Kiệt 45 Nguyễn Huệ, Huế|25042021"
	man  = "046203005678||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Huế|11032021"
)

// Of our own card only its number is kept.
func TestOwnCardKeepsOnlyItsNumber(t *testing.T) {
	p := newPost(t)
	text, number := p.card(7)
	r := p.scan(text)
	if r.Verdict != record.Pass || r.Reading.Name != "NGUYỄN THỊ ỬNG" || len(r.Keys) != 1 || !r.Durable || r.Health != journal.HealthOK {
		t.Errorf("result %+v", r)
	}
	got := last[record.Scan](t, p.journal)
	if got.Card != number.Uint() || got.Name+got.Birth+got.Sex+got.Address != "" || got.Documents != nil || got.Token != nil || got.Raw != nil {
		t.Errorf("record %+v", got)
	}
	if r.ID != (record.ID{Segment: record.SegmentID{1}, Seq: 2}) || got.Direction != record.In {
		t.Errorf("id %v, record %+v", r.ID, got)
	}
}

// Fields of a document once per person, segment and day; its numbers always.
func TestFieldsOncePerPersonSegmentAndDay(t *testing.T) {
	p := newPost(t)
	scan := func(what, text string, wantFields bool) {
		t.Helper()
		p.clock.pass(time.Minute)
		p.scan(text)
		got := last[record.Scan](t, p.journal)
		if (got.Name != "") != wantFields || (got.Address != "") != wantFields {
			t.Errorf("%s: fields %q %q, want them: %v", what, got.Name, got.Address, wantFields)
		}
		if len(got.Documents) == 0 || got.Documents[0].Kind != identity.CCCD {
			t.Errorf("%s: numbers %v", what, got.Documents)
		}
	}
	scan("first", cccd, true)
	scan("again", cccd, false)
	scan("another person", man, true)
	scan("another name under the same number", strings.Replace(cccd, "Khai", "Khôi", 1), true)
	p.clock.pass(13 * time.Hour) // past midnight in Huế
	scan("next day", cccd, true)
	scan("next day again", cccd, false)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil { // opens a new segment
		t.Fatal(err)
	}
	scan("new segment", cccd, true)
}

func TestWhatCannotBeTrustedIsKeptAsItWas(t *testing.T) {
	p := newPost(t)
	own, number := p.card(7)
	tampered := own[:len(own)-8] + "00000000"
	long := strings.Repeat("rác ", 2000)
	for _, tt := range []struct {
		name, text string
		verdict    record.Verdict
		raw        string
		rawLen     int
	}{
		{"garbage", "hello?", record.Unreadable, "hello?", 0},
		{"binary", "\xff\x00\x01", record.Unreadable, "\xff\x00\x01", 0},
		{"nothing", "", record.Unreadable, "", 0},
		{"half a card", own[:100], record.Unreadable, own[:100], 0},
		{"a broken card", tampered, record.Unreadable, tampered, 0},
		{"long", long, record.Unreadable, long[:2048], len(long)},
		{"a link", "https://example.org/", record.Check, "https://example.org/", 0},
		{"a pass", own, record.Pass, "", 0},
		{"a document", cccd, record.Check, "", 0},
	} {
		before := len(p.journal.kinds())
		r := p.scan(tt.text)
		got := last[record.Scan](t, p.journal)
		if len(p.journal.kinds()) == before {
			t.Errorf("%s: not recorded", tt.name)
		}
		if r.Verdict != tt.verdict || got.Verdict != tt.verdict {
			t.Errorf("%s: verdict %v, recorded %v, want %v", tt.name, r.Verdict, got.Verdict, tt.verdict)
		}
		if string(got.Raw) != tt.raw || got.RawLen != tt.rawLen {
			t.Errorf("%s: kept %d bytes of %d, want %d of %d", tt.name, len(got.Raw), got.RawLen, len(tt.raw), tt.rawLen)
		}
	}
	// A forged card: number, token and text are kept, the name is not.
	stranger := *p
	stranger.issuer = append([]byte{}, p.office...)
	forged, _ := stranger.card(7)
	if r := p.scan(forged); r.Verdict != record.Stop {
		t.Fatalf("forged: %v", r.Verdict)
	}
	got := last[record.Scan](t, p.journal)
	if got.Card != number.Uint() || len(got.Token) != 32 || string(got.Raw) != forged || got.Name != "" || got.Why != "bad_signature" {
		t.Errorf("forged: %+v", got)
	}
}

// The same code within 2.5 s is one scan, the repeats counted in the next.
func TestRepeats(t *testing.T) {
	p := newPost(t)
	own, _ := p.card(7)
	first := p.scan(own)
	for range 3 {
		p.clock.pass(600 * time.Millisecond)
		r := p.scan(own)
		if !r.Repeat || r.ID != first.ID || r.Verdict != record.Pass || !r.Durable {
			t.Errorf("repeat: %+v", r)
		}
	}
	p.clock.pass(600 * time.Millisecond)
	other, _ := p.card(8)
	if r := p.scan(other); r.Repeat || last[record.Scan](t, p.journal).Repeats != 3 {
		t.Errorf("the next record says %d repeats, want 3", last[record.Scan](t, p.journal).Repeats)
	}
	if r := p.scan(own); !r.Repeat { // both faces of a card: the code between does not matter
		t.Error("2.4 s after the first read with another code between: a new scan")
	}
	p.clock.pass(100 * time.Millisecond)
	r := p.scan(own)
	if r.Repeat || r.ID == first.ID || len(r.Reasons) != 1 || r.Reasons[0].Code != "recent" {
		t.Errorf("after 2.5 s: %+v, want a scan that was made lately", r)
	}
	if n := len(bodies[record.Scan](p.journal)); n != 3 {
		t.Errorf("%d scan records, want 3", n)
	}
}

func TestRepeatWaitsForTheFirstAnswer(t *testing.T) {
	p := newPost(t)
	own, _ := p.card(7)
	p.journal.hold, p.journal.entered = make(chan struct{}), make(chan struct{}, 9)
	results := make(chan Result, 2)
	scan := func() {
		r, err := p.Scan(t.Context(), own)
		if err != nil {
			t.Error(err)
		}
		results <- r
	}
	go scan()
	<-p.journal.entered
	go scan()
	close(p.journal.hold)
	a, b := <-results, <-results
	if a.ID != b.ID || a.ID.Seq == 0 || a.Repeat == b.Repeat {
		t.Errorf("%+v and %+v, want one record and one repeat", a, b)
	}
}

func TestJournalThatTakesNothing(t *testing.T) {
	p := newPost(t)
	p.journal.err = errDisk
	r, err := p.Scan(t.Context(), cccd)
	if !errors.Is(err, errDisk) || r.Durable || r.Health != journal.HealthFailing {
		t.Errorf("%+v, %v", r, err)
	}
	if r.Verdict != record.Check || r.Reading.Name == "" {
		t.Errorf("the outcome is lost: %+v", r.Outcome)
	}
	p.journal.err = nil
	if r := p.scan(cccd); r.Repeat || r.ID.Seq == 0 {
		t.Errorf("the same code right after is not tried again: %+v", r)
	}
	if got := last[record.Scan](t, p.journal); got.Name == "" {
		t.Error("the fields went with the scan that was not saved")
	}
	if k := p.journal.kinds(); !slices.Equal(k, []string{"context", "scan"}) {
		t.Errorf("records %v", k)
	}
}

// Design, section 7: what is on no disk is said to be so, and the scans go on.
func TestJournalWithoutDisk(t *testing.T) {
	p := newPost(t)
	p.journal.volatile, p.journal.health = true, journal.HealthFull
	r := p.scan(cccd)
	if r.Durable || r.Health != journal.HealthFull || r.ID.Seq == 0 {
		t.Errorf("full disk: %+v", r)
	}
	p.clock.pass(time.Minute)
	r = p.scan(cccd)
	if got := last[record.Scan](t, p.journal); !got.Unsaved {
		t.Error("the record does not say that it was shown unsaved")
	}
	if len(r.Reasons) != 2 || r.Reasons[1].Code != "recent" {
		t.Errorf("reasons %v, want the memory of the last scan", r.Reasons)
	}
	p.journal.volatile, p.journal.health = false, journal.HealthOK
	for health, set := range map[string]func(){
		journal.HealthOK:       func() {},
		journal.HealthSlow:     func() { p.journal.slow = true },
		journal.HealthCopyOnly: func() { p.journal.failed = errDisk },
	} {
		p.journal.slow, p.journal.failed = false, nil
		set()
		p.clock.pass(time.Minute)
		if r := p.scan(cccd); !r.Durable || r.Health != health {
			t.Errorf("durable %v, health %q, want %q", r.Durable, r.Health, health)
		}
	}
	if last[record.Scan](t, p.journal).Unsaved {
		t.Error("still unsaved")
	}
}

// A patient known by CCCD and card is stopped with either in hand.
func TestWatchedPersonShowsOurCard(t *testing.T) {
	p := newPost(t)
	own, number := p.card(7)
	if r := p.scan(own); r.Verdict != record.Pass {
		t.Fatalf("before: %v", r.Verdict)
	}
	p.publish(identity.NewDocument(identity.CCCD, "046187001234"), identity.NewDocument(identity.Card, string(number)))
	p.clock.pass(time.Minute)
	for name, text := range map[string]string{"card": own, "CCCD": cccd, "number typed": number.Grouped()} {
		r := p.scan(text)
		if r.Verdict != record.Stop || r.Reasons[0].Code != "watch" || r.Watch == nil || r.Watch.Note != "ring 115" {
			t.Errorf("%s: %v %v %+v", name, r.Verdict, r.Reasons, r.Watch)
		}
		if got := last[record.Scan](t, p.journal); got.Verdict != record.Stop || strings.Contains(fmt.Sprintf("%+v", got), "ring") {
			t.Errorf("%s: recorded %+v", name, got)
		}
	}
}

// Several scanners feed one lane while it is turned: nothing is lost, and every
// scan stands behind a context.
func TestEightScanners(t *testing.T) {
	p := newPost(t)
	var wg sync.WaitGroup
	const each = 40
	for s := range 8 {
		wg.Go(func() {
			for i := range each {
				r, err := p.Scan(t.Context(), fmt.Sprintf("garbage %d %d", s, i))
				if err != nil || r.Verdict != record.Unreadable || !r.Durable {
					t.Errorf("scanner %d: %+v, %v", s, r, err)
				}
				if s == 0 && i%10 == 5 {
					if err := p.SetDirection(t.Context(), record.In+record.Direction(i/10%2)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	scans := 0
	for _, w := range p.journal.records {
		if _, ok := w.item.Body.(record.Scan); ok {
			scans++
		}
	}
	if p.journal.records[0].item.Kind != record.KindContext {
		t.Errorf("the first record is a %v", p.journal.records[0].item.Kind)
	}
	if scans != 8*each {
		t.Errorf("%d scans recorded, want %d", scans, 8*each)
	}
}

// Getting ready leaves no trace.
func TestWarmWritesNothing(t *testing.T) {
	p := newPost(t)
	p.Warm()
	if k := p.journal.kinds(); len(k) != 0 || p.Counts()["scans"] != 0 || len(p.journal.state) != 0 {
		t.Errorf("wrote %v, counts %v", k, p.Counts())
	}
	p.Warm()
	if r := p.scan(cccd); r.ID.Seq != 2 || r.Last != nil {
		t.Errorf("%+v", r)
	}
}
