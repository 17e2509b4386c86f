package screen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// paperForm fills the form on show from the number of the document on.
func (b *bench) paperForm(h Doing, name string) {
	b.types(h, "191234567")
	b.work(h, KeyEnter)
	b.types(h, name)
	b.work(h, KeyEnter)
}

func TestPaperFormsOneAfterTheOther(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.status.Province = "46"
	b.work(h, KeyPaper)
	b.types(h, "a21-000099")
	b.work(h, KeyEnter)
	b.types(h, "2011")
	b.work(h, KeyEnter)
	b.types(h, "0640")
	b.work(h, KeyEnter)
	b.paperForm(h, "le a")
	b.work(h, KeyEnter, KeyEnter) // birth, phone
	b.types(h, "tan chinh")
	b.work(h, KeyEnter, KeyEnter)
	b.types(h, "an cuu")
	b.work(h, KeyEnter)
	b.types(h, "6") // home
	b.work(h, KeyEnter, KeyEnter)
	b.types(h, "10") // one dose, no test
	b.types(h, "75a12345")
	b.work(h, KeyEnter)
	b.work(h, "3") // turned back
	if len(h.declared) != 1 || len(h.passages) != 1 {
		t.Fatalf("declared %d, passages %d, page %+v", len(h.declared), len(h.passages), b.State().Page)
	}
	at := time.Date(2021, 11, 20, 6, 40, 0, 0, time.UTC).UnixMilli()
	d, p := h.declared[0], h.passages[0]
	if d.Source != "paper" || d.Form != "A21-000099" || d.HappenedAt != at || d.Name != "Le A" || d.Plate != "75A12345" || d.Doses != 1 || d.Tests != nil {
		t.Errorf("declared %+v", d)
	}
	if p.Decision != record.TurnedBack || p.Form != d.Form || p.HappenedAt != at || len(p.Earlier) != 1 || p.Earlier[0].Seq != 1001 || p.Plate != d.Plate {
		t.Errorf("passage %+v", p)
	}
	page := b.State().Page
	if page == nil || page.Lead != "Đã nhập 1 tờ. Tờ kế tiếp:" || !strings.Contains(page.Aside.Text, "A21-000099") {
		t.Fatalf("page %+v, want the next form and a word on the last", page)
	}
	for label, want := range map[string]string{
		"Số tờ khai": "A21-000100", "Ngày trên tờ": "20/11/2021", "Giờ trên tờ": "06:40", "Họ và tên": "", "Biển số": "",
		"Đi từ": "Phường Tân Chính, Quận Thanh Khê, Đà Nẵng",
	} {
		if f := b.shownField(label); f.Text != want || f.Given != (want != "") {
			t.Errorf("%s is %+v, want %q", label, f, want)
		}
	}
	b.paperForm(h, "le b")
	b.work(h, KeyPaper)
	if len(h.declared) != 2 || len(h.passages) != 1 {
		t.Fatalf("declared %d, passages %d, want a form without a decision", len(h.declared), len(h.passages))
	}
	if d := h.declared[1]; d.Form != "A21-000100" || d.HappenedAt != at || d.Name != "Le B" || d.From != h.declared[0].From {
		t.Errorf("declared %+v", d)
	}
	if h.prefs.Form != "A21-000101" {
		t.Errorf("kept for the next start: %q, want the next form's number", h.prefs.Form)
	}
	b.work(h, KeyEscape)
	if b.pageName() != "" {
		t.Errorf("page %q: an empty form asks before it closes", b.pageName())
	}
	if b.State().Panel != nil {
		t.Error("a paper form took the lane's panel")
	}
}

func TestPaperTimesAreOfThePast(t *testing.T) {
	b, h := newBench(t), &clerk{}
	b.work(h, KeyPaper)
	b.types(h, "1")
	b.work(h, KeyEnter)
	b.types(h, "23112021")
	if f := b.shownField("Ngày trên tờ"); f.Error == "" {
		t.Errorf("day %+v, want tomorrow refused", f)
	}
	b.work(h, KeyDelete)
	b.types(h, "2211")
	b.work(h, KeyEnter)
	b.types(h, "2560")
	if f := b.shownField("Giờ trên tờ"); f.Error == "" {
		t.Errorf("time %+v, want 25:60 refused", f)
	}
	b.work(h, KeyDelete)
	b.types(h, "1201")
	b.work(h, KeyEnter)
	if f := b.shownField("Giờ trên tờ"); f.Error == "" || !f.Focus {
		t.Errorf("time %+v, want a minute to come refused", f)
	}
	b.work(h, KeyDelete)
	b.types(h, "1159")
	b.work(h, KeyEnter)
	if !b.shownField("Số giấy tờ").Focus {
		t.Errorf("page %+v, want to go on", b.State().Page)
	}
}

func TestPaperTroubleIsSaid(t *testing.T) {
	b, h := newBench(t), &clerk{twice: true}
	start := func() {
		b.work(h, KeyPaper)
		b.types(h, "7")
		b.work(h, KeyEnter)
		b.types(h, "2011")
		b.work(h, KeyEnter)
		b.types(h, "0640")
		b.work(h, KeyEnter)
		b.paperForm(h, "le a")
		b.work(h, KeyPaper)
	}
	start()
	if p := b.State().Page; !strings.Contains(p.Error, "Số 7 hôm nay đã nhập") {
		t.Errorf("error %q, want to hear of the number entered twice", p.Error)
	}
	h.fail = errors.New("disk full")
	b.paperForm(h, "le b")
	b.work(h, KeyPaper)
	if p := b.State().Page; !strings.Contains(p.Error, "disk full") || b.shownField("Họ và tên").Text != "Le B" || b.shownField("Số tờ khai").Text != "8" {
		t.Errorf("page %+v, want the form to stay", p)
	}
}

func TestNextNumber(t *testing.T) {
	for s, want := range map[string]string{"A21-000099": "A21-000100", "9": "10", "99": "100", "A": "", "": "", "A99999999999999999999": ""} {
		if got := nextNumber(s); got != want {
			t.Errorf("after %q comes %q, want %q", s, got, want)
		}
	}
}

// A watch-list hit on a paper form is shown by the lane as soon as it can be.
func TestPaperHitReachesTheLane(t *testing.T) {
	b, h := newBench(t), &clerk{}
	h.judged.Outcome = checkpoint.Outcome{Verdict: record.Stop, Watch: &wire.WatchDetails{Reason: "f0"}}
	b.work(h, KeyPaper)
	b.types(h, "7")
	b.work(h, KeyEnter)
	b.types(h, "2011")
	b.work(h, KeyEnter)
	b.types(h, "0640")
	b.work(h, KeyEnter)
	b.paperForm(h, "le a")
	b.work(h, KeyPaper)
	if a := b.State().Page.Aside.Text; strings.Contains(a, "DỪNG") {
		t.Errorf("aside %q tells the street", a)
	}
	b.work(h, KeyEscape)
	if p := b.State().Panel; p == nil || p.Name != "Le A" || p.Source != "Tờ khai giấy 7" || len(p.Private) == 0 {
		t.Errorf("panel %+v, want the hit with the form's number", p)
	}
}
