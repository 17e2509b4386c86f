package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"quachot/build/programs"
)

// shift is one officer's shift, played in the real window, and the story that the
// office must tell in the end.
type shift struct {
	*site
	*player
	story []fact
	// by is the officer who is on duty; supervisor who is called.
	by, supervisor string
}

// fact is one thing that happened, as far as it is compared.
type fact struct {
	Kind, By string
	What     string // verdict, decision, event or kind of incident
	More     string // who, which plate, how many people
}

func (h *shift) happened(kind, what, more string) {
	h.story = append(h.story, fact{kind, h.by, what, more})
}

const pinOfAll = "24680"

// officer adds an officer and gives the number to log in with.
func (s *site) officer(name, role string) string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "pin")
	if err := os.WriteFile(file, []byte(pinOfAll), 0o600); err != nil {
		s.t.Fatal(err)
	}
	var made struct{ ID string }
	out := s.run("officer", "add", name, "--role", role, "--pin-file", file)
	unmarshal(s.t, out.Stdout, &made)
	return made.ID
}

// An officer's whole shift from the keyboard alone: log in, 60 mixed scans, a
// lorry with five people, a paper form, a watch-list hit, an override, an incident
// and a hand-over, with no network; then the office tells the same story.
func TestShift(t *testing.T) {
	x := newXserver(t)
	s := newSite(t)
	h := &shift{site: s}
	first, second := s.officer("Nguyễn Văn Hải", "steward"), s.officer("Trần Thị Lan", "steward")
	h.supervisor = s.officer("Lê Văn Chỉ", "supervisor")
	people := newCrowd(s)
	s.sync()
	if err := s.office.Stop(); err != nil { // the network is cut
		t.Fatal(err)
	}
	kiosk := builtWindow(t)
	h.player = &player{t: t, x: x, w: x.openWindow(kiosk, s.data), dir: picturesDir(t)}

	h.login(first)
	h.sixty(people)
	h.lorry(people)
	h.paperForm()
	h.hit(people)
	h.override(people)
	h.incident()
	h.handOver(second)
	h.last(people)

	s.startOffice()
	s.sync()
	h.compare()
	h.picture("12-da-gui")
	if err := h.w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-h.w.done; err != nil {
		t.Errorf("the window ended with %v", err)
	}
	s.wholeBothEnds()
}

// crowd are the people who come by.
type crowd struct {
	cards   []printed
	revoked printed
	watched string // CCCD number on the watch-list
}

const cardsOfCrowd = 30

func newCrowd(s *site) crowd {
	var rows []string
	for n := range cardsOfCrowd {
		rows = append(rows, fmt.Sprintf("Trần Văn %c%c,19%02d-05-06,Nam,cccd:0460%02d%06d,19768", 'A'+n/26, 'A'+n%26, 60+n, 60+n, 700+n))
	}
	c := crowd{cards: s.issue(rows...), watched: "046085000999"}
	c.revoked = c.cards[len(c.cards)-1]
	c.cards = c.cards[:len(c.cards)-1]
	s.run("card", "revoke", c.revoked.number)
	s.run("watch", "add", "cccd:"+c.watched, "--reason", "f1", "--note", "Tiếp xúc ca bệnh tại chợ Phú Bài")
	return c
}

func (h *shift) login(id string) {
	h.page("login")
	h.picture("01-dang-nhap")
	h.typed(id)
	h.press("Return")
	h.until("the PIN's field", func(s screenState) bool { return s.number("focus") == 1 })
	h.typed(pinOfAll)
	h.press("Return")
	h.until("somebody on duty", func(s screenState) bool { return s.is("page", "") && s.is("officer", "true") })
	h.picture("02-cho-quet")
	h.by = id
	h.happened("shift", "login", id)
}

// sixty are 60 mixed scans with the decision that each verdict asks for.
func (h *shift) sixty(c crowd) {
	seen := map[string]bool{}
	for n := range 60 {
		var text, who string
		switch {
		case n%10 == 9:
			text = c.cards[n%len(c.cards)].text[:40+n] // half a code
		case n%3 == 1:
			text, who = citizenASCII(n), fmt.Sprintf("046187%06d", n)
		default:
			card := c.cards[n%len(c.cards)]
			text, who = card.text, card.number
		}
		s := h.shows(text)
		verdict := s["verdict"]
		h.happened("scan", verdict, who)
		if !seen[verdict] {
			seen[verdict] = true
			h.picture("03-" + verdict)
		}
		if s.is("ask", "true") {
			h.decide(n)
		}
		h.press("Escape") // the next one at once
		h.until("the waiting screen", func(s screenState) bool { return s.is("verdict", "") && s.is("page", "") })
	}
}

// decide lets most through, with the first reason offered, and turns some back.
func (h *shift) decide(n int) {
	if n%4 == 0 {
		h.press("3")
		h.decided()
		h.happened("passage", "turned-back", "")
		return
	}
	h.press("1")
	h.page("reasons")
	if n < 5 {
		h.picture("04-ly-do")
	}
	h.press("Return")
	h.decided()
	h.happened("passage", "let-through", "")
}

func (h *shift) decided() {
	h.until("the decision is made", func(s screenState) bool { return s.is("decided", "true") && s.is("page", "") })
}

// lorry is one vehicle with five people.
func (h *shift) lorry(c crowd) {
	h.press("F4")
	h.page("vehicle")
	h.typed("75C12345")
	h.press("Return")
	h.until("the next field", func(s screenState) bool { return s.number("focus") == 1 })
	for turn := 1; turn < 20 && h.w.state().is("page", "vehicle"); turn++ {
		focus := h.w.state().number("focus")
		h.press("Return")
		h.until("the next field, or the lane", func(s screenState) bool { return !s.is("page", "vehicle") || s.number("focus") != focus })
	}
	for n := range 5 {
		s := h.shows(c.cards[n].text)
		h.happened("scan", s["verdict"], c.cards[n].number)
		h.until(fmt.Sprintf("%d aboard", n+1), func(s screenState) bool { return s.number("aboard") == n+1 })
	}
	h.picture("05-xe")
	h.press("Return")
	s := h.until("the vehicle is closed, or asked about", func(s screenState) bool {
		return s.number("aboard") < 0 || s.is("page", "vehicle-end")
	})
	if s.is("page", "vehicle-end") {
		h.picture("05-xe-quyet-dinh")
		h.press("1")
		h.page("reasons")
		h.press("Return")
		h.until("the vehicle is closed", func(s screenState) bool { return s.number("aboard") < 0 && s.is("page", "") })
	}
	h.happened("passage", "let-through", "75C12345 5")
}

// paperForm enters a form that was filled in by hand yesterday.
func (h *shift) paperForm() {
	h.press("F7")
	h.page("paper")
	turn := h.w.state().number("turn")
	for _, text := range []string{
		"PB0101", time.Now().AddDate(0, 0, -1).Format("0201"), "0830", "046187000777", "Le Thi Giay", "18011987", "0912345678",
	} {
		h.field(text)
	}
	h.pick("phu bai")
	h.press("Return") // nothing on the way
	h.pick("vinh ninh")
	h.picture("06-phieu-giay")
	h.press("F7")
	h.until("the next form", func(s screenState) bool { return s.is("page", "paper") && s.number("turn") == turn+1 })
	h.happened("declaration", "paper", "PB0101 Le Thi Giay 046187000777")
	h.press("Escape")
	h.page("")
}

// field fills the field with the focus and goes on to the next.
func (h *shift) field(text string) {
	focus := h.w.state().number("focus")
	h.typed(text)
	if h.w.state().number("focus") == focus {
		h.press("Return")
	}
	h.until("the field after "+text, func(s screenState) bool { return s.number("focus") > focus })
}

// pick searches in the field with the focus and takes the first find.
func (h *shift) pick(text string) {
	focus := h.w.state().number("focus")
	h.typed(text)
	h.until("finds for "+text, func(s screenState) bool { return s.number("choices") > 0 })
	h.press("Return")
	h.until("the field after "+text, func(s screenState) bool { return s.number("focus") > focus })
}

// hit is somebody on the watch-list, who is sent to quarantine.
func (h *shift) hit(c crowd) {
	s := h.shows(c.watched + "||HO VAN CANH|07091985|Nam|Phu Bai, Hue|25042021")
	h.happened("scan", s["verdict"], c.watched)
	if !s.is("verdict", "stop") {
		h.player.t.Errorf("the hit shows %q", s["verdict"])
	}
	h.picture("07-danh-sach-theo-doi")
	h.press("5")
	s = h.until("a place, or the decision", func(s screenState) bool {
		return s.is("page", "places") && s.number("choices") > 0 || s.is("decided", "true")
	})
	if s.is("page", "places") {
		h.picture("08-noi-cach-ly")
		h.press("Return")
	}
	h.decided()
	h.happened("passage", "to-quarantine", "")
	h.clear()
	if h.dir != "" { // the slip's message names a file of this computer
		h.until("the message is gone", func(s screenState) bool { return s.is("question", "false") && s.is("alarm", "false") })
	}
}

// override lets a revoked card through with a supervisor's PIN.
func (h *shift) override(c crowd) {
	s := h.shows(c.revoked.text)
	h.happened("scan", s["verdict"], c.revoked.number)
	h.press("1")
	h.page("reasons")
	h.press("Return")
	h.page("override")
	h.typed(h.supervisor)
	h.press("Return")
	h.until("the PIN's field", func(s screenState) bool { return s.number("focus") == 1 })
	h.typed(pinOfAll)
	h.picture("09-chi-huy")
	h.press("Return")
	h.decided()
	h.happened("passage", "let-through", "override "+h.supervisor)
	h.clear()
}

// clear puts the verdict on show away.
func (h *shift) clear() {
	h.press("Escape")
	h.until("the waiting screen", func(s screenState) bool { return s.is("verdict", "") && s.is("page", "") })
}

func (h *shift) incident() {
	h.press("F6")
	h.page("incident")
	h.press("1")
	h.until("the words' field", func(s screenState) bool { return s.number("focus") == 0 })
	h.typed("khong dung")
	h.picture("10-su-viec")
	h.press("F6")
	h.page("")
	h.happened("incident", "ran-post", "Khong dung") // the form begins words with a capital
}

// handOver ends the shift: both officers type their PIN.
func (h *shift) handOver(next string) {
	h.press("F9")
	h.until("the counts", func(s screenState) bool { return s.is("page", "handover") && s.number("focus") == 1 })
	h.typed(pinOfAll)
	h.press("Return")
	h.until("the other officer's number", func(s screenState) bool { return s.number("focus") == 0 && s.number("chars") == 0 })
	h.typed(next)
	h.press("Return")
	h.until("the other officer's PIN", func(s screenState) bool { return s.number("focus") == 1 })
	h.typed(pinOfAll)
	h.picture("11-ban-giao")
	h.press("Return")
	h.until("the hand-over is done", func(s screenState) bool {
		return s.is("page", "handover") && s.number("focus") < 0 && s.number("filled") == 0
	})
	h.happened("shift", "logout", h.by)
	h.by = next
	h.happened("shift", "login", next)
	h.press("Return")
	h.page("")
}

// last is the second officer's first scan.
func (h *shift) last(c crowd) {
	s := h.shows(c.cards[9].text)
	h.happened("scan", s["verdict"], c.cards[9].number)
}

// compare holds the office's records against the story.
func (h *shift) compare() {
	h.site.t.Helper()
	var told []fact
	records := h.records("")
	// Urgent records came ahead of the others; the story is told in the order it
	// was written.
	slices.SortStableFunc(records, func(a, b programs.Record) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Seq, b.Seq)) })
	for _, r := range records {
		if f, ok := factOf(r); ok {
			told = append(told, f)
		}
	}
	for _, kind := range []string{"shift", "scan", "passage", "declaration", "incident"} {
		got, want := ofKind(told, kind), ofKind(h.story, kind)
		for i := range max(len(got), len(want)) {
			switch {
			case i >= len(want):
				h.site.t.Errorf("the office has more: %+v", got[i])
			case i >= len(got):
				h.site.t.Errorf("the office lacks %+v", want[i])
			case got[i] != want[i]:
				h.site.t.Errorf("%s %d: the office has %+v, want %+v", kind, i, got[i], want[i])
			}
		}
	}
}

func ofKind(all []fact, kind string) []fact {
	return slices.DeleteFunc(slices.Clone(all), func(f fact) bool { return f.Kind != kind })
}

// factOf is what a record says of the story; false when it is no part of it.
func factOf(r programs.Record) (fact, bool) {
	var b struct {
		Verdict, Decision, Event, What, Plate, Override, Text, Officer, Source, Form, Name string
		Card                                                                               uint64
		Party                                                                              int
		Documents                                                                          []struct{ Number string }
	}
	if json.Unmarshal(r.Body, &b) != nil {
		return fact{}, false
	}
	f := fact{Kind: r.Kind, By: r.Officer}
	switch r.Kind {
	case "scan":
		f.What = b.Verdict
		if b.Card != 0 {
			f.More = fmt.Sprintf("%013d", b.Card)
		} else if len(b.Documents) > 0 {
			f.More = b.Documents[0].Number
		}
	case "passage":
		f.What = b.Decision
		f.More = strings.TrimSpace(strings.ReplaceAll(b.Plate, "-", ""))
		if b.Party > 0 {
			f.More += fmt.Sprint(" ", b.Party)
		}
		if b.Override != "" {
			f.More = "override " + b.Override
		}
	case "shift":
		f.What, f.More, f.By = b.Event, b.Officer, b.Officer
	case "incident":
		f.What, f.More = b.What, b.Text
	case "declaration":
		f.What, f.More = b.Source, b.Form+" "+b.Name
		if len(b.Documents) > 0 {
			f.More += " " + b.Documents[0].Number
		}
	default:
		return fact{}, false
	}
	return f, true
}

// citizenASCII is a CCCD code that any keyboard can type.
func citizenASCII(n int) string {
	return fmt.Sprintf("046187%06d||NGUYEN THI SO %d|18011987|Nu|%d Nguyen Hue, Vinh Ninh, Hue|25042021", n, n, n)
}
