package screen

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"quachot/internal/badge"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
)

// guarded does what pages of duty have done, against a list of officers.
type guarded struct {
	Doing
	officers []wire.Officer
	guard    duty.Guard
	now      func() time.Time
	on       string // whom the lane has on duty
	did      []string
	counts   map[string]uint64
	fail     error
}

func (g *guarded) Login(_ context.Context, who Credentials) (wire.Officer, error) {
	if len(g.officers) == 0 {
		return wire.Officer{}, station.ErrNoOfficers
	}
	o, err := duty.Login(g.officers, who, g.now(), &g.guard)
	if err == nil && !who.Only {
		g.on = o.ID
		g.did = append(g.did, "login "+o.ID)
	}
	return o, err
}

func (g *guarded) Handover(_ context.Context, next string) error {
	if g.fail != nil {
		return g.fail
	}
	g.did = append(g.did, "handover "+g.on+" to "+next)
	g.on = next
	return nil
}

func (g *guarded) Lock(_ context.Context, locked bool) error {
	g.did = append(g.did, fmt.Sprintf("lock %v", locked))
	return nil
}

func (g *guarded) Note(_ context.Context, text string, _ *record.ID) (record.ID, error) {
	g.did = append(g.did, "note "+text)
	return record.ID{Seq: 1}, nil
}

func (g *guarded) Print(_ context.Context, what Paper) (string, error) {
	g.did = append(g.did, fmt.Sprintf("print %s %s>%s %s", what.Name, what.Data["giving"], what.Data["taking"], what.Data["count.scans"]))
	return "HP", nil
}

func (g *guarded) Counts() map[string]uint64 { return g.counts }

// cheapPIN is a verifier that costs little.
func cheapPIN(code string) string {
	salt, b64 := []byte("salt of the test"), base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=64,t=1,p=1$" + b64(salt) + "$" + b64(argon2.IDKey([]byte(code), salt, 1, 64, 1, 32))
}

// dutyBench is a lane whose office has named An and Bình, stewards, and Chi, a
// supervisor; each has a badge.
type dutyBench struct {
	*bench
	office *guarded
	badges map[string]badge.Badge
}

func newDutyBench(t *testing.T) *dutyBench {
	b := &dutyBench{bench: newBench(t), office: &guarded{counts: map[string]uint64{"passages": 1204, "scans": 1300}}, badges: map[string]badge.Badge{}}
	b.office.now = func() time.Time { return b.at }
	for _, o := range []wire.Officer{
		{ID: "C001", Name: "An", Role: duty.Steward, PIN: cheapPIN("1111")},
		{ID: "C002", Name: "Bình", Role: duty.Steward, PIN: cheapPIN("2222")},
		{ID: "C009", Name: "Chi", Role: duty.Supervisor, PIN: cheapPIN("9999")},
	} {
		made, err := badge.New(o.ID)
		if err != nil {
			t.Fatal(err)
		}
		b.badges[o.ID], o.Badge = made, made.Hash()
		b.office.officers = append(b.office.officers, o)
	}
	b.Model.on = onDuty{}
	b.run(b.SetStatus(b.state(), b.at))
	return b
}

func (b *dutyBench) state() Status {
	s := b.status
	s.Duty = Duty{Officers: len(b.office.officers), Idle: 15 * time.Minute}
	return s
}

// run does the work that was asked for and tells the model of it.
func (b *dutyBench) run(effects []Effect) {
	b.effects = append(b.effects, effects...)
	for _, e := range effects {
		if e.Work == nil {
			continue
		}
		if told := e.Work(context.Background(), b.office); told != nil {
			b.run(told(b.Model, b.at))
		}
	}
}

// keys types: words are named keys, "=1111" is typed one by one.
func (b *dutyBench) keys(all ...string) {
	for _, k := range all {
		if typed, ok := strings.CutPrefix(k, "="); ok {
			for _, r := range typed {
				b.run(b.Key(Key(r), false, b.at))
			}
			continue
		}
		b.run(b.Key(Key(k), false, b.at))
	}
}

func (b *dutyBench) wait(d time.Duration) { b.at = b.at.Add(d); b.run(b.Tick(b.at)) }

func (b *dutyBench) badge(id string) {
	b.run(b.Scan(Scan{Texts: []string{b.badges[id].Text()}, At: b.at}, b.at))
}

// page is the name of what is open; "" = the lane.
func (b *dutyBench) page() string {
	if p := b.State().Page; p != nil {
		return p.Name
	}
	return ""
}

func (b *dutyBench) wantPage(want string) {
	b.t.Helper()
	if got := b.page(); got != want {
		b.t.Errorf("page %q, want %q", got, want)
	}
}

func (b *dutyBench) wantDid(want ...string) {
	b.t.Helper()
	if got := strings.Join(b.office.did, "; "); got != strings.Join(want, "; ") {
		b.t.Errorf("did %q, want %q", got, want)
	}
}

func (b *dutyBench) wantError(part string) {
	b.t.Helper()
	if p := b.State().Page; p == nil || !strings.Contains(p.Error, part) || part == "" && p.Error != "" {
		b.t.Errorf("page %+v, want an error with %q", p, part)
	}
}

// login puts An on duty.
func (b *dutyBench) login() {
	b.keys("=1", "Enter", "=1111", "Enter")
	b.wantPage("")
	b.office.did = nil
}

func TestLoginByNumberAndPIN(t *testing.T) {
	b := newDutyBench(t)
	b.wantPage("login") // at start, since the office has named officers
	if h := b.State().Header.Officer; h.Level != Bad {
		t.Errorf("the header says %+v, want it loud that nobody is on duty", h)
	}
	b.keys("=c001", "Enter", "=111", "Enter")
	b.wantError("4 chữ số")
	b.keys("=2", "Backspace", "=1")
	if p := b.State().Page; !p.Pad || p.Fields[0].Text != "C001" || p.Fields[1].Text != "●●●●" || !p.Fields[1].Secret {
		t.Errorf("page %+v", p)
	}
	b.keys("Enter")
	b.wantPage("")
	b.wantDid("login C001")
	if h := b.State().Header.Officer; h.Text != "An" || h.Level != Good {
		t.Errorf("the header says %+v", h)
	}
	b.run(b.SetStatus(Status{Duty: Duty{Officers: 3}}, b.at)) // asked for before the login
	if h := b.State().Header.Officer; h.Text != "An" {
		t.Errorf("an old status took the officer away: %+v", h)
	}
}

func TestLoginByBadge(t *testing.T) {
	b := newDutyBench(t)
	b.badge("C002")
	p := b.State().Page
	if p.Fields[0].Text != "C002" || !p.Fields[0].Given || !p.Fields[1].Focus {
		t.Errorf("after the badge: %+v", p.Fields)
	}
	b.keys("=2222", "Enter")
	b.wantPage("")
	b.wantDid("login C002")
	for _, e := range b.effects {
		if e.Judge != nil {
			t.Error("a badge went to the lane")
		}
	}
}

// A tap is the same as its key: the pad's digits find the officer.
func TestPadAndTaps(t *testing.T) {
	b := newDutyBench(t)
	b.keys("=hue-0.4_1đ+", "Tab")
	if f := b.State().Page.Fields[0].Text; f != "HUE-0.4_1" {
		t.Errorf("typed %q", f)
	}
	b.keys("Delete", "=9", "Enter", "=99")
	b.keys(string(b.State().Page.Fields[0].Key), "Delete", "=2", string(b.State().Page.Fields[1].Key), "=2222", "Enter")
	b.wantDid("login C002")
}

func TestOldOrDamagedBadge(t *testing.T) {
	b := newDutyBench(t)
	old, _ := badge.New("C001")
	b.run(b.Scan(Scan{Texts: []string{old.Text()[:40]}, At: b.at}, b.at))
	b.wantError("không còn dùng được")
	b.run(b.Scan(Scan{Texts: []string{old.Text()}, At: b.at}, b.at))
	b.keys("=1111", "Enter")
	b.wantError("không còn dùng được")
	if f := b.State().Page.Fields; f[0].Text != "" || !f[0].Focus {
		t.Errorf("fields %+v", f)
	}
	b.wantDid()
}

// A wrong PIN five times locks, and each further one longer; it runs down on
// screen, and the right PIN has to wait too.
func TestDelayGrowsOnScreen(t *testing.T) {
	b := newDutyBench(t)
	b.keys("=1", "Enter")
	for left := 4; left > 0; left-- {
		b.keys("=0000", "Enter")
		b.wantError(fmt.Sprintf("Còn %d lần", left))
	}
	for _, want := range []time.Duration{5, 10, 20, 40} {
		b.keys("=0000", "Enter")
		b.wantError(fmt.Sprintf("sau %d giây", want))
		b.keys("=1111", "Enter") // the right one
		b.wantPage("login")
		b.wait(want*time.Second - 1500*time.Millisecond)
		b.wantError("sau 2 giây")
		b.wait(time.Second)
		b.wantError("sau 1 giây")
		b.wait(500 * time.Millisecond)
		b.wantError("")
		b.keys("Backspace", "Backspace", "Backspace", "Backspace")
	}
	b.keys("=1111", "Enter")
	b.wantPage("")
}

// Another officer may log in while one has to wait.
func TestDelayIsOneOfficers(t *testing.T) {
	b := newDutyBench(t)
	b.keys("=1", "Enter")
	for range duty.FreeTries {
		b.keys("=0000", "Enter")
	}
	b.wantError("giây")
	b.keys("Delete", "=2", "Enter", "=2222", "Enter")
	b.wantPage("")
}

// Scans during the login page are judged and saved, and wait to be seen.
func TestScansDuringLoginAreSaved(t *testing.T) {
	b := newDutyBench(t)
	for _, name := range []string{"A", "B", "C"} {
		b.scan(of(record.Pass, name))
	}
	judged := 0
	for _, e := range b.effects {
		if e.Judge != nil {
			judged++
		}
	}
	if s := b.State(); judged != 3 || s.Page == nil || s.Queue != "+3 đang chờ" || !strings.Contains(s.Page.Aside.Text, "3") {
		t.Errorf("%d of 3 scans went to the lane; state %+v", judged, s)
	}
	b.keys("=1", "Enter", "=1111", "Enter")
	b.wantName("A")
	b.wait(stayQueued)
	b.wantName("B")
}

// Nobody logs in: the lane works on and says so; what an officer answers for
// asks for one.
func TestLaneWithoutAnOfficer(t *testing.T) {
	b := newDutyBench(t)
	b.keys("Escape")
	b.wantPage("")
	s := b.State()
	if !s.Alarm || !strings.Contains(s.Notice, "CHƯA CÓ NGƯỜI TRỰC") || s.Header.Officer.Level != Bad {
		t.Errorf("notice %q, header %+v", s.Notice, s.Header.Officer)
	}
	b.scan(of(record.Check, "A"))
	b.wantName("A")
	asks := []string{"1", "3", "F5"}
	for k := range pageKeys() {
		if !free[k] {
			asks = append(asks, string(k))
		}
	}
	for _, k := range asks {
		b.keys(k)
		b.wantPage("login")
		b.keys("Escape")
		b.wantPage("")
	}
	for _, e := range b.effects {
		if e.Decide != nil || e.Direction != 0 {
			t.Errorf("nobody decided: %+v", e)
		}
	}
	b.keys("1", "=1", "Enter", "=1111", "Enter")
	b.wantName("A") // and its decision is still open
	if p := b.State().Panel; p.Question == "" {
		t.Errorf("panel %+v", p)
	}
	b.keys("F2")
	if b.State().Field == nil {
		t.Error("a number cannot be typed")
	}
}

func TestStationWithoutOfficersWorksAsEver(t *testing.T) {
	b := newBench(t)
	if s := b.State(); s.Page != nil || s.Notice != "" {
		t.Errorf("state %+v", s)
	}
	b.scan(of(record.Stop, "A"))
	if e := b.press("3"); len(e) == 0 || e[0].Decide == nil {
		t.Errorf("no decision: %+v", e)
	}
	b.press(KeyDuty)
	if p := b.State().Page; p == nil || !strings.Contains(p.Lead, "không cần đăng nhập") {
		t.Errorf("page %+v", p)
	}
	b.pass(24 * time.Hour)
	if p := b.State().Page; p == nil || p.Name != "login" {
		t.Errorf("a station with nobody on duty locked: %+v", p)
	}
}

// The PIN and the badge's secret are never in what is shown.
func TestSecretsAreNeverShown(t *testing.T) {
	b := newDutyBench(t)
	seen := ""
	look := func() { seen += fmt.Sprintf("%+v %+v", b.State(), *b.State().Page) }
	b.badge("C001")
	look()
	for _, k := range []string{"=4", "=8", "=2", "=6", "=0", "Enter"} {
		b.keys(k)
		look()
	}
	if strings.Contains(seen, "4826") || strings.Contains(seen, b.badges["C001"].Text()[12:30]) {
		t.Error("a secret is in the state")
	}
}

// A scanner whose code was not understood types into the page; it presses nothing.
func TestHastyKeysPressNothing(t *testing.T) {
	b := newDutyBench(t)
	for _, k := range "1" {
		b.run(b.Key(Key(k), true, b.at))
	}
	b.run(b.Key(KeyEnter, true, b.at))
	b.run(b.Key(KeyEscape, true, b.at))
	b.wantPage("login")
	b.keys("Enter", "=1111")
	b.run(b.Key(KeyEnter, true, b.at))
	b.wantPage("login")
	b.wantDid()
	b.keys("Enter")
	b.run(b.Key(KeyDuty, true, b.at))
	b.wantPage("")
	b.wait(15 * time.Minute)
	for _, k := range []Key{KeyEnter, KeyEscape, KeyDuty} {
		b.run(b.Key(k, true, b.at))
		b.wantPage("lock")
	}
}

func TestIdleStationWarnsAndLocks(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.wait(13*time.Minute + 59*time.Second)
	if n := b.State().Notice; n != "" {
		t.Errorf("notice %q", n)
	}
	b.wait(16 * time.Second)
	if n := b.State().Notice; !strings.Contains(n, "45 giây") {
		t.Errorf("notice %q, want a warning", n)
	}
	b.keys("x") // any key
	if n := b.State().Notice; n != "" {
		t.Errorf("notice %q", n)
	}
	b.wait(14 * time.Minute)
	b.scan(of(record.Pass, "A")) // a scan is as good
	b.wait(14*time.Minute + 30*time.Second)
	b.wantPage("")
	b.wait(30 * time.Second)
	b.wantPage("lock")
	b.wantDid("lock true")
	b.scan(of(record.Stop, "B")) // is saved, and waits
	if s := b.State(); s.Panel != nil && s.Panel.Name == "B" || s.Queue != "+1 đang chờ" {
		t.Errorf("state %+v", s)
	}
	b.keys("Escape", "F5", "1")
	b.wantPage("lock")
	b.keys("Delete", "=2222", "Enter")
	b.wantError("Còn 4 lần")
	b.keys("=1111", "Enter")
	b.wantPage("")
	b.wantDid("lock true", "lock false")
	b.wantName("B")
}

// A clock that is set back does not keep a station open for years, and one that
// stood still during sleep locks it at once.
func TestIdleAndTheClock(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.wait(-24 * time.Hour)
	b.wait(14 * time.Minute)
	b.wantPage("")
	b.wait(time.Minute)
	b.wantPage("lock")
}

func TestLockKeepsWhatWasOpen(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.keys("F9", "F9")
	b.wantPage("lock")
	if b.Model.on.officer.ID != "C001" {
		t.Errorf("on duty: %+v", b.Model.on)
	}
	b.badge("C001")
	b.keys("=1111", "Enter")
	b.wantPage("")
	b.wantDid("lock true", "lock false")
}

func TestHandoverIsConfirmedByBoth(t *testing.T) {
	b := newDutyBench(t)
	s := b.state()
	s.Duty.Last = &LastShift{Officer: Officer{"C009", "Chi", ""}, Next: Officer{"C001", "An", ""}, To: b.at, Counts: map[string]uint64{"passages": 7}}
	b.run(b.SetStatus(s, b.at))
	if p := b.State().Page; p.Table == nil || p.Table.Rows[0][1] != "7" || !strings.Contains(p.Text[0], "Chi (C009) giao cho An (C001)") {
		t.Errorf("the login does not say what was handed over last: %+v", p)
	}
	b.login()
	b.scan(of(record.Check, "A"))
	b.scan(of(record.Pass, "B"))
	b.keys("F9")
	p := b.State().Page
	if p.Name != "handover" || p.Table.Rows[0][1] != "1.204" || p.Table.Rows[0][2] != "7" || p.Fields[0].Text != "C001" || !p.Fields[1].Focus {
		t.Fatalf("page %+v", p)
	}
	b.keys("=2222", "Enter") // Bình's
	b.wantError("Còn 4 lần")
	b.keys("=1111", "Enter")
	b.keys("=1", "Enter", "=1111", "Enter")
	b.wantError("người khác")
	b.wantDid()
	b.badge("C002")
	b.keys("F7", "=2222", "Enter")
	b.wantDid("print shift An (C001)> 1300", "handover C001 to C002")
	if p := b.State().Page; !strings.Contains(p.Lead, "An (C001) giao cho Bình (C002)") {
		t.Errorf("page %+v", p)
	}
	if h := b.State().Header.Officer.Text; h != "Bình" {
		t.Errorf("on duty: %s", h)
	}
	b.keys("F7", "Enter")
	if got := b.office.did[len(b.office.did)-1]; got != "print shift An (C001)>Bình (C002) 1300" {
		t.Errorf("did %q", got)
	}
	// The queue is as it was: A is open, B waits.
	b.wantName("A")
	if s := b.State(); s.Queue != "+1 đang chờ" || s.Panel.Question == "" {
		t.Errorf("the queue was touched: %+v", s)
	}
}

func TestSupervisorStandsInForOneWhoIsGone(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.wait(15 * time.Minute)
	b.wantPage("lock")
	b.badge("C002") // opens the hand-over, and is the one who comes
	b.wantPage("handover")
	b.keys(string(b.State().Page.Fields[0].Key), "Delete", "=2", "Enter", "=2222", "Enter")
	b.wantError("hoặc của chỉ huy") // a steward cannot
	b.keys("Delete", "=9", "Enter", "=9999", "Enter")
	if p := b.State().Page; p.Fields[0].Text != "C002" || !strings.Contains(p.Text[0], "Chi") {
		t.Fatalf("page %+v", p)
	}
	b.keys("=2222", "Enter", "Enter")
	b.wantPage("")
	b.wantDid("lock true", "note Ca của C001 kết thúc theo xác nhận của chỉ huy C009", "handover C001 to C002")
	if b.Model.on.locked || b.Model.on.officer.Name != "Bình" {
		t.Errorf("on duty: %+v", b.Model.on)
	}
}

func TestShiftEndsWithNobodyToFollow(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.keys("F9", "=1111", "Enter", "Enter")
	if a := b.State().Page.Aside; !strings.Contains(a.Text, "Enter lần nữa") {
		t.Errorf("aside %+v", a)
	}
	b.wantDid()
	b.keys("Enter", "Enter")
	b.wantDid("handover C001 to ")
	b.wantPage("login")
}

func TestFailedHandoverChangesNobody(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.office.fail = errors.New("disk")
	b.keys("F9", "=1111", "Enter", "=2", "Enter", "=2222", "Enter")
	b.wantError("disk")
	if b.Model.on.officer.ID != "C001" {
		t.Errorf("on duty: %+v", b.Model.on)
	}
	b.office.fail = nil
	b.keys("=2222", "Enter")
	b.wantDid("handover C001 to C002")
}

func TestEscapeLeavesTheHandover(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.keys("F9", "=1111", "Enter", "Escape")
	if p := b.State().Page; p == nil || p.Fields[0].Text != "C001" || p.Fields[1].Text != "" {
		t.Errorf("page %+v", p)
	}
	b.keys("Escape")
	b.wantPage("")
	b.wantDid()
}

func TestOverrideNeedsASupervisor(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(b *dutyBench)
		by   string
		err  string
	}{
		{"a supervisor's number", func(b *dutyBench) { b.keys("=9", "Enter", "=9999", "Enter") }, "C009", ""},
		{"a supervisor's badge", func(b *dutyBench) { b.badge("C009"); b.keys("=9999", "Enter") }, "C009", ""},
		{"a steward", func(b *dutyBench) { b.keys("=2", "Enter", "=2222", "Enter") }, "", "cần chỉ huy"},
		{"a wrong PIN", func(b *dutyBench) { b.keys("=9", "Enter", "=1234", "Enter") }, "", "Còn 4 lần"},
	} {
		b := newDutyBench(t)
		b.login()
		by := ""
		b.begin(newOverride("cấp cứu", func(supervisor string) []Effect { by = supervisor; return nil }))
		tt.do(b)
		if by != tt.by {
			t.Errorf("%s: by %q, want %q", tt.name, by, tt.by)
		}
		if tt.err != "" {
			b.wantError(tt.err)
		} else {
			b.wantPage("")
		}
		if b.Model.on.officer.ID != "C001" || len(b.office.did) != 0 {
			t.Errorf("%s: on duty %+v, did %q", tt.name, b.Model.on, b.office.did)
		}
	}
}

func TestOverrideWhereThereAreNoOfficers(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.begin(newOverride("cấp cứu", func(string) []Effect { asked++; return nil }))
	b.Key(KeyEnter, true, b.at)
	b.press("1")
	if asked != 0 {
		t.Error("a scanner's key confirmed")
	}
	b.press(KeyEnter)
	if asked != 1 || b.State().Page != nil {
		t.Errorf("asked %d, page %+v", asked, b.State().Page)
	}
}

// A badge that nobody asked for is no citizen's code.
func TestBadgeAtTheLane(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	b.effects = nil
	b.badge("C002")
	b.wantPage("handover")
	damaged := b.badges["C001"].Text()[:50]
	b.keys("Escape")
	b.run(b.Scan(Scan{Texts: []string{"&é\"'", damaged}, At: b.at}, b.at))
	b.wantPage("handover")
	for _, e := range b.effects {
		if e.Judge != nil {
			t.Errorf("a badge went to the lane: %q", e.Judge.Texts)
		}
	}
}

// A patrol does not move, and nobody checks in, without an officer.
func TestOtherKeysThatNeedAnOfficer(t *testing.T) {
	for kind, k := range map[string]string{"patrol": "p", "lodging": "Enter"} {
		b := newDutyBench(t)
		b.keys("Escape")
		b.status.Kind = kind
		b.scan(of(record.Pass, "A"))
		b.keys("h") // shows what is hidden: changes nothing
		b.wantPage("")
		b.keys(k)
		b.wantPage("login")
	}
}

// taker is a page that takes every code.
type taker struct{ got []string }

func (p *taker) key(*Model, Key, bool) ([]Effect, bool) { return nil, true }
func (p *taker) draw(*Model) (Page, []Hint)             { return Page{Name: "taker"}, nil }
func (p *taker) scan(_ *Model, s Scan) ([]Effect, bool, bool) {
	p.got = append(p.got, s.Texts...)
	return nil, true, true
}

// The scanner's self-test, say, shows what it read.
func TestBadgeGoesToNoOtherPage(t *testing.T) {
	b := newDutyBench(t)
	b.login()
	other := &taker{}
	b.begin(other)
	b.badge("C001")
	b.wantPage("handover")
	if len(other.got) != 0 {
		t.Errorf("another page got the badge")
	}
	b.keys("Escape")
	b.wantPage("taker")
}
