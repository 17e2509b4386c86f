package screen

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// clerk is a Doing that keeps declarations.
type clerk struct {
	hands
	declared []record.Declaration
	tried    []record.Declaration
	twice    bool
	seen     checkpoint.Outcome // what Try says
}

func (c *clerk) Declare(ctx context.Context, d record.Declaration) (Result, error) {
	r, err := c.hands.Declare(ctx, d)
	if err == nil {
		c.declared = append(c.declared, d)
	}
	r.Twice = c.twice
	return r, err
}

func (c *clerk) Try(d record.Declaration) checkpoint.Outcome {
	c.tried = append(c.tried, d)
	return c.seen
}

// types presses the characters of s one by one.
func (b *bench) types(h Doing, s string) {
	for _, r := range s {
		b.work(h, Key(string(r)))
	}
}

// shownField is a field of the page on top, by its label.
func (b *bench) shownField(label string) FormField {
	b.t.Helper()
	if p := b.State().Page; p != nil {
		for _, f := range p.Fields {
			if f.Label == label {
				return f
			}
		}
	}
	b.t.Fatalf("no field %q on %+v", label, b.State().Page)
	return FormField{}
}

func (b *bench) pageName() string {
	if p := b.State().Page; p != nil {
		return p.Name
	}
	return ""
}

// binh is a CCCD as it is read.
func binh() checkpoint.Outcome {
	return checkpoint.Outcome{
		Verdict: record.Check, Reasons: []record.Reason{{Code: "unverified"}},
		Reading: credential.Reading{
			Kind: credential.CCCD, Trust: credential.Unverified, Name: "Trần Văn Bình", Birth: "2003-09-19", Sex: "M",
			Documents: []identity.Document{{Kind: identity.CCCD, Number: "046203005678"}},
			Address:   "Tổ 3, Phú Mậu, Phú Vang, Thừa Thiên Huế",
		},
	}
}

// Keystroke-level model (Card, Moran, Newell 1980): a key of an average typist
// and of a skilled one, and the pause to think before each answer.
const (
	klmAverage = 0.28
	klmSkilled = 0.2
	klmThink   = 1.35
)

// play types answers, each a run of keys, and says how long that takes a person.
func (b *bench) play(h Doing, what string, answers ...[]Key) (keys int) {
	for _, a := range answers {
		keys += len(a)
		b.work(h, a...)
	}
	think := float64(len(answers)) * klmThink
	b.t.Logf("%s: %d keys, %d answers; %.1f s for an average typist, %.1f s for a skilled one (KLM)", what, keys, len(answers),
		float64(keys)*klmAverage+think, float64(keys)*klmSkilled+think)
	return keys
}

// typed are the keys of words, then more.
func typed(s string, more ...Key) (all []Key) {
	for _, r := range s {
		all = append(all, Key(string(r)))
	}
	return append(all, more...)
}

func TestDeclarationAfterACCCDIsQuick(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.judged.Verdict = record.Pass
	b.status.Province = "46"
	scan := b.scan(binh())
	opened := b.play(h, "opening", typed("2"))
	if b.pageName() != "declare" || !b.shownField("Điện thoại").Focus {
		t.Fatalf("page %q; want the declaration with the phone in the hand: %+v", b.pageName(), b.State().Page)
	}
	keys := opened + b.play(h, "declaration after a CCCD, everything asked",
		typed("0912345678", KeyEnter),
		typed("tan chinh", KeyEnter), // Phường Tân Chính, Đà Nẵng
		typed("", KeyEnter),          // through: nowhere
		typed("an cuu", KeyEnter),    // Phường An Cựu, Huế
		typed("6"),                   // home
		typed("h", KeyEnter),         // a cough
		typed("", KeyEnter),          // met no case
		typed("2"),                   // doses
		typed("1"),                   // rapid test, negative,
		typed("2111", KeyEnter),      // of the 21st of November
	)
	if b.pageName() != "" || len(h.declared) != 1 {
		t.Fatalf("page %q, declared %+v", b.pageName(), h.declared)
	}
	if keys > 45 {
		t.Errorf("%d keys, want at most 45", keys)
	}
	want := record.Declaration{
		Documents: []identity.Document{{Kind: identity.CCCD, Number: "046203005678"}},
		Name:      "Trần Văn Bình", Birth: "2003-09-19", Sex: "M", Phone: "0912345678",
		From: "20212", To: "19801", Purpose: "home", Symptoms: []string{"cough"}, Doses: 2,
		Tests: []string{"rapid negative 2021-11-21"}, Source: "spoken", Units: "2021-11-01",
		Earlier: []record.ID{scan.ID}, Address: "Tổ 3, Phú Mậu, Phú Vang, Thừa Thiên Huế", Way: record.In,
	}
	if got := h.declared[0]; !sameDeclaration(got, want) {
		t.Errorf("declared %+v\nwant     %+v", got, want)
	}
	if p := b.State().Panel; p == nil || p.Verdict != record.Pass || p.Name != "Trần Văn Bình" {
		t.Errorf("panel %+v, want the scan's with the verdict of the declaration", p)
	}

	b.status.Purpose = "work"
	b.scan(binh())
	b.pass(stayAlone)
	keys = b.play(h, "declaration after a CCCD on an ordinary day",
		typed("2"), typed("0912345678", KeyEnter),
		typed("1"), typed("", KeyEnter), typed("1"), // from and to as the last one; through nowhere
		typed("", KeyEnter), typed("", KeyEnter), // well, and met no case
		typed("2"), typed("0"), // doses, no test
	)
	if len(h.declared) != 2 || h.declared[1].From != want.From || h.declared[1].To != want.To || h.declared[1].Purpose != "work" {
		t.Errorf("after %d keys: page %q, declared %+v", keys, b.pageName(), h.declared)
	}
}

func TestSecondPersonOfTheSameJourneyNeedsFewKeys(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.status.Province = "46"
	b.work(h, KeyDeclare, KeyDown)
	for _, s := range []string{"le a", "1990", "0912345678", "tan chinh", "", "an cuu"} {
		b.types(h, s)
		b.work(h, KeyEnter)
	}
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 {
		t.Fatalf("F3 in the form did not finish it: %+v", b.State().Page)
	}
	b.press(KeyEscape)
	b.work(h, KeyDeclare)
	f := b.shownField("Đi từ")
	if f.Options != nil {
		t.Fatalf("offers without the focus: %+v", f)
	}
	b.work(h, "Field:from")
	f = b.shownField("Đi từ")
	if len(f.Options) == 0 || f.Options[0].Text != "Phường Tân Chính" || f.Options[0].Key != "1" {
		t.Fatalf("offers %+v, want the last one used here", f.Options)
	}
	b.work(h, "1")
	if got := b.shownField("Đi từ").Text; got != "Phường Tân Chính, Quận Thanh Khê, Đà Nẵng" {
		t.Errorf("from %q", got)
	}
}

func TestScanFillsAnOpenForm(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.work(h, KeyDeclare, KeyDown)
	b.types(h, "be ba")
	b.work(h, KeyEnter, KeyEnter)
	b.types(h, "091")
	scan := b.scan(binh())
	if f := b.shownField("Họ và tên"); f.Text != "Be Ba" || f.Given {
		t.Errorf("name %+v: the scan changed what was typed", f)
	}
	if f := b.shownField("Ngày sinh"); f.Text != "19/09/2003" || !f.Given {
		t.Errorf("birth %+v, want the scan's", f)
	}
	if f := b.shownField("Điện thoại"); f.Text != "091" || !f.Focus {
		t.Errorf("phone %+v, want it untouched and in the hand", f)
	}
	if b.State().Queue != "" {
		t.Errorf("queue %q, want the verdict to belong to the form", b.State().Queue)
	}
	b.work(h, KeyDelete)
	b.types(h, "0912345678")
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 || !slices.Equal(h.declared[0].Earlier, []record.ID{scan.ID}) || h.declared[0].Name != "Be Ba" {
		t.Fatalf("declared %+v, want it to name the scan", h.declared)
	}
	b.wantName("Trần Văn Bình")
}

func TestScansAreNeverLostBehindAForm(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.work(h, KeyDeclare)
	b.scan(binh())
	other := of(record.Pass, "Somebody Else")
	other.Reading.Documents = []identity.Document{{Kind: identity.CMND, Number: "191234567"}}
	b.scan(other)
	if q := b.State().Queue; q != "+1 đang chờ" {
		t.Errorf("queue %q, want the other person to wait", q)
	}
	again := binh()
	again.Verdict, again.Watch = record.Stop, &wire.WatchDetails{Reason: "f0"}
	b.scan(again)
	if q := b.State().Queue; q != "+2 đang chờ" {
		t.Errorf("queue %q: a watch-list hit vanished in the form", q)
	}
	b.work(h, KeyEscape)
	if b.pageName() != "" {
		t.Fatalf("page %q after Esc with nothing typed", b.pageName())
	}
	b.wantName("Trần Văn Bình")
	if q := b.State().Queue; q != "+2 đang chờ" {
		t.Errorf("queue %q after the first one's verdict came back", q)
	}
	if len(h.declared) != 0 {
		t.Errorf("declared %+v", h.declared)
	}
}

// Somebody passes, is on show for a while yet, and the next one has no code.
func TestFormIsNotOfWhoJustPassed(t *testing.T) {
	for what, first := range map[string]func(b *bench, h Doing){
		"passed":  func(b *bench, h Doing) { b.scan(of(record.Pass, "Passed")) },
		"decided": func(b *bench, h Doing) { b.scan(binh()); b.work(h, "3") },
	} {
		b, h := newBench(t), &clerk{}
		first(b, h)
		b.work(h, KeyDeclare)
		if f := b.shownField("Họ và tên"); f.Text != "" {
			t.Errorf("%s: the form is of %s", what, f.Text)
		}
	}
	b, h := newBench(t), &clerk{}
	unread := b.scan(of(record.Unreadable, ""))
	b.work(h, KeyDeclare, KeyDown)
	b.types(h, "le a")
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 || !slices.Equal(h.declared[0].Earlier, []record.ID{unread.ID}) {
		t.Errorf("declared %+v, want it to name the code that could not be read", h.declared)
	}
}

func TestSecondDocumentOfTheSamePersonJoins(t *testing.T) {
	b, h := newBench(t), &clerk{}
	first := b.scan(binh())
	b.work(h, KeyDeclare)
	bhyt := binh()
	bhyt.Reading = credential.Reading{
		Kind: credential.BHYT, Name: "TRẦN VĂN BÌNH", Birth: "2003-09-19", Phone: "0912345678",
		Documents: []identity.Document{{Kind: identity.BHYT, Number: "0123456789"}},
	}
	second := b.scan(bhyt)
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 {
		t.Fatalf("page %+v", b.State().Page)
	}
	d := h.declared[0]
	if len(d.Documents) != 2 || !slices.Equal(d.Earlier, []record.ID{first.ID, second.ID}) || d.Phone != "0912345678" {
		t.Errorf("declared %+v, want both documents, both scans and the phone", d)
	}
}

func TestLiveLine(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.seen = checkpoint.Outcome{Verdict: record.Check, Reasons: []record.Reason{{Code: "unverified"}}}
	b.work(h, KeyDeclare, KeyDown)
	if a := b.State().Page.Aside; a.Level != Quiet || len(h.tried) != 0 {
		t.Errorf("aside %+v, asked %d times; want nothing to be asked of nobody", a, len(h.tried))
	}
	effects := b.press("a")
	if len(effects) != 1 || effects[0].Work == nil {
		t.Fatalf("effects %+v, want one question on the lane's goroutine", effects)
	}
	if e := b.press("b"); len(e) != 0 {
		t.Errorf("a second question while the first is under way: %+v", e)
	}
	b.carryOut(h, effects)
	if len(h.tried) != 2 || h.tried[1].Name != "Ab" {
		t.Errorf("asked %+v, want it again with what was typed meanwhile", h.tried)
	}
	if a := b.State().Page.Aside; a.Level != Warn || !strings.HasPrefix(a.Text, "Đến đây: KIỂM TRA") {
		t.Errorf("aside %+v, want the rules' word", a)
	}
	b.work(h, KeyTab, KeyTab)
	if len(h.tried) != 2 {
		t.Errorf("asked %d times, though nothing changed", len(h.tried))
	}
	h.seen.Watch, h.seen.Verdict = &wire.WatchDetails{Reason: "f0"}, record.Stop
	b.types(h, "09")
	if a := b.State().Page.Aside; a.Level != Bad || a.Text != "MỜI VÀO BÀN SỐ 2" {
		t.Errorf("aside %+v, want neutral words to the street", a)
	}
}

func TestDeclarationStaysWhenItCannotBeSaved(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.fail = errors.New("disk full")
	b.work(h, KeyDeclare, KeyDown)
	b.types(h, "le a")
	b.work(h, KeyDeclare)
	if p := b.State().Page; p == nil || !strings.Contains(p.Error, "disk full") || b.shownField("Họ và tên").Text != "Le A" {
		t.Fatalf("page %+v, want the form with the reason", p)
	}
	h.fail = nil
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 || b.pageName() != "" {
		t.Errorf("declared %d, page %q", len(h.declared), b.pageName())
	}
}

func TestDeclarationRefusesNonsense(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.work(h, KeyDeclare)
	b.work(h, KeyDeclare)
	if f := b.shownField("Họ và tên"); f.Error == "" || !f.Focus {
		t.Errorf("name %+v, want the empty name to be asked for", f)
	}
	b.types(h, "a1b2") // digits are no part of a name
	b.work(h, KeyEnter)
	b.types(h, "13132000")
	if f := b.shownField("Ngày sinh"); f.Error == "" {
		t.Errorf("birth %+v, want 13/13 to be refused as it is typed", f)
	}
	b.work(h, KeyDelete, KeyEnter)
	b.types(h, "0912")
	if f := b.shownField("Điện thoại"); f.Error != "" {
		t.Errorf("phone %+v, want half a number to be fine while it is typed", f)
	}
	b.work(h, KeyEnter)
	if f := b.shownField("Điện thoại"); f.Error == "" || !f.Focus {
		t.Errorf("phone %+v, want half a number to hold Enter", f)
	}
	b.work(h, KeyDelete)
	b.types(h, "5")
	if f := b.shownField("Điện thoại"); f.Error == "" {
		t.Errorf("phone %+v, want it refused at the first digit", f)
	}
	if len(h.declared) != 0 {
		t.Errorf("declared %+v", h.declared)
	}
}

func TestTypedNumbersBecomeDocuments(t *testing.T) {
	for typed, want := range map[string]identity.Document{
		"046187001234":    {Kind: identity.CCCD, Number: "046187001234"},
		"191 234 567":     {Kind: identity.CMND, Number: "191234567"},
		"c1234567":        {Kind: identity.Passport, Number: "C1234567"},
		"dn4460123456789": {Kind: identity.BHYT, Number: "0123456789"},
		"LA-P 0099":       {Kind: identity.Foreign, Number: "LAP0099"},
	} {
		b, h := newBench(t), &clerk{}
		b.work(h, KeyDeclare)
		b.types(h, typed)
		b.work(h, KeyEnter)
		b.types(h, "le a")
		b.work(h, KeyDeclare)
		if len(h.declared) != 1 || !slices.Equal(h.declared[0].Documents, []identity.Document{want}) {
			t.Errorf("%s: declared %+v, want %v", typed, h.declared, want)
		}
	}
}

func TestWardSearchInTheForm(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.status.Province = "46"
	b.scan(binh())
	b.work(h, KeyDeclare, "Field:from")
	if o := b.shownField("Đi từ").Options; len(o) != 1 || o[0].Text != "Xã Phú Mậu" {
		t.Errorf("offers %+v, want the ward of the address", o)
	}
	for _, c := range [][2]string{{"phu bai", "Phường Phú Bài"}, {"phus baif", "Phường Phú Bài"}, {"pb", "Phường Phú Bài"}, {"da nang", "Thành phố Đà Nẵng"}} {
		b.work(h, "Field:from", KeyDelete)
		b.types(h, c[0])
		if o := b.shownField("Đi từ").Options; len(o) == 0 || o[0].Text != c[1] || !o[0].Marked {
			t.Errorf("%s finds %+v, want %s", c[0], o, c[1])
		}
	}
	b.work(h, KeyEnter, KeyDeclare)
	if d := h.declared[0]; d.From != "48" || d.Units != "2021-11-01" {
		t.Errorf("from %q of %q, want a province as a whole", d.From, d.Units)
	}
}

// After July 2025 people still say the old names: both are offered, and told apart.
func TestOldWardsAreMarked(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	b.pass(0)
	b.status.Province = "46"
	b.work(h, KeyDeclare, "Field:from")
	b.types(h, "phu bai")
	o := b.shownField("Đi từ").Options
	if len(o) < 2 || o[0].Detail != "Huế" || o[1].Detail != "TX Hương Thủy, Thừa Thiên Huế · trước 7/2025" {
		t.Errorf("%+v, want today's ward, then the one of before", o)
	}
}

func TestCodesKeepTheirEdition(t *testing.T) {
	for _, c := range []struct {
		keys    []string
		codes   []string
		edition string
	}{
		{nil, nil, ""},
		{[]string{"", "19960@2021-11-01", ""}, []string{"19960"}, "2021-11-01"},
		{[]string{"19960@2021-11-01", "20203@2021-11-01"}, []string{"19960", "20203"}, "2021-11-01"},
		{[]string{"19960@2021-11-01", "19960@2026-07-01"}, []string{"19960", "19960"}, "2021-11-01,2026-07-01"},
	} {
		codes, edition := codesOf(c.keys...)
		if !slices.Equal(codes, c.codes) || edition != c.edition {
			t.Errorf("%v: %v of %q, want %v of %q", c.keys, codes, edition, c.codes, c.edition)
		}
		if len(c.keys) == 2 && c.keys[0] != "" {
			d := record.Declaration{From: codes[0], To: codes[1], Units: edition}
			if got := keysOf(d); !slices.Equal(got, c.keys) {
				t.Errorf("%+v is of %v, want %v", d, got, c.keys)
			}
		}
	}
}

func TestVehicleGivesTheJourney(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.status.Province = "46"
	b.board().purpose = "goods"
	told := &record.Declaration{From: "20206", Through: []string{"48"}, To: "19960", Purpose: "work", Units: "2021-11-01"}
	b.vehicle.join(&shown{Result: Result{Outcome: of(record.Check, "First")}, told: told})
	b.work(h, KeyDeclare, KeyDown)
	b.types(h, "le b")
	b.work(h, KeyDeclare)
	if len(h.declared) != 1 {
		t.Fatalf("page %+v", b.State().Page)
	}
	if d := h.declared[0]; d.From != told.From || d.To != told.To || !slices.Equal(d.Through, told.Through) || d.Purpose != "work" || d.Units != told.Units {
		t.Errorf("declared %+v, want the journey of the person before", d)
	}
}

func TestLiveLineKnowsTheScanAtOnce(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.seen = checkpoint.Outcome{Verdict: record.Pass}
	b.scan(binh())
	b.work(h, KeyDeclare)
	if a := b.State().Page.Aside; a.Level != Good || len(h.tried) != 1 || h.tried[0].Name != "Trần Văn Bình" {
		t.Errorf("aside %+v, asked %+v", a, h.tried)
	}
}

// Where the public sees the screen, a scan shows no more in a form than on the lane.
func TestFormHidesWhatAScanGave(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.prefs.Private = true
	b.scan(binh())
	b.work(h, KeyDeclare)
	page := b.State().Page
	if f := b.shownField("Họ và tên"); f.Text != "T. V. B." || strings.Contains(page.Lead, "Bình") || b.shownField("Ngày sinh").Text != "…2003" {
		t.Errorf("%+v", page)
	}
	b.types(h, "0912345678")
	if f := b.shownField("Điện thoại"); f.Text != "0912345678" {
		t.Errorf("phone %+v, want what is typed to be seen", f)
	}
}

func TestAllPurposesAreSeen(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.work(h, KeyDeclare, "Field:purpose")
	f := b.shownField("Mục đích đi")
	if len(f.Flags) != 10 || len(f.Options) != 0 || f.Flags[9].Key != "0" {
		t.Errorf("%+v, want ten keys side by side", f)
	}
	b.work(h, "0")
	b.work(h, "Field:purpose")
	if f := b.shownField("Mục đích đi"); !f.Flags[9].On || f.Flags[0].On {
		t.Errorf("%+v, want the chosen one marked", f.Flags)
	}
}

func TestSpokenDeclarationIsShownAsSuch(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.judged.Verdict = record.Check
	b.work(h, KeyDeclare, KeyDown)
	b.types(h, "le a")
	b.work(h, KeyDeclare)
	if p := b.State().Panel; p == nil || p.Name != "Le A" || p.Source != "Khai báo miệng, không quét mã" || p.Question == "" {
		t.Errorf("panel %+v, want the declared person with a decision to take", p)
	}
}

func TestNumberThatDoesNotFitIsSaid(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.seen = checkpoint.Outcome{Verdict: record.Check, Reasons: []record.Reason{{Code: "unverified"}}}
	b.work(h, KeyDeclare)
	b.types(h, "046187001234")
	b.work(h, KeyEnter)
	b.types(h, "le thi a")
	b.work(h, KeyEnter)
	b.types(h, "18011990")
	if a := b.State().Page.Aside.Text; !strings.Contains(a, "Năm sinh") {
		t.Errorf("aside %q, want a word on the year of birth", a)
	}
}
