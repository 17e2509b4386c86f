package screen

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
	"quachot/kiosk/uplink"
)

func TestMeter(t *testing.T) {
	total := lane.Hour{Scans: 1204, PerPerson: 4100 * time.Millisecond, Declarations: 7}
	total.Verdicts[record.Pass], total.Verdicts[record.Check] = 1000, 204
	total.Decisions[record.TurnedBack] = 3
	of := lane.Meter{PerMinute: 38.4, Total: total}
	for i := range 14 {
		h := lane.Hour{Start: noon.Add(time.Duration(i) * time.Hour), Scans: 5}
		h.Verdicts[record.Stop] = uint64(i)
		of.Hours = append(of.Hours, h)
	}
	b := newBench(t)
	b.SetStatus(Status{Meter: of}, b.at)
	if got := b.State().Tally; got != "38 lượt/phút · 4,1 s/người · ca này 1.204" {
		t.Errorf("footer %q", got)
	}
	b.press(KeyMeter)
	p := b.wantPage("meter")
	var rows []string
	for _, r := range p.Table.Rows {
		rows = append(rows, strings.Join(r, " "))
	}
	for _, want := range []string{"MỜI QUA 1.000 83,1 %", "KIỂM TRA 204 16,9 %", "» Quay đầu 3 0,2 %", "Khai báo y tế 7 0,6 %"} {
		if !slices.Contains(rows, want) {
			t.Errorf("rows %q have no %q", rows, want)
		}
	}
	if c := p.Chart; len(c.Bars) != hoursShown || c.Bars[11].Parts[2] != 13 || c.Bars[0].Label != "14h" {
		t.Errorf("chart %+v, want the last %d hours", c.Bars, hoursShown)
	}
	b.press(KeyMeter)
	b.wantPage("")
	slow := newBench(t)
	slow.words = text.Load("en")
	slow.SetStatus(Status{Meter: lane.Meter{PerMinute: 1.25, Total: lane.Hour{Scans: 2}}}, noon)
	if got := slow.State().Tally; got != "1.2 a minute · this shift 2" {
		t.Errorf("footer %q", got)
	}
}

func TestSyncPage(t *testing.T) {
	b := newBench(t)
	b.SetStatus(Status{
		Counts:    journal.Counts{Head: 1416, Held: 1204, Unsent: 212, OldestUnsent: noon.Add(-3 * time.Hour), Waiting: 2},
		Link:      uplink.State{ErrorCode: uplink.CodeOffline, NextTry: noon.Add(40 * time.Second)},
		ListsAsOf: noon.Add(-12 * time.Minute),
		Lists:     []ListState{{Name: "watch", Version: 41, Entries: 18233}, {Name: "places", Entries: -1}, {Name: "later", Version: 1}},
	}, b.at)
	b.press(KeySync)
	p := b.wantPage("sync")
	if got := strings.Join(p.Text, "|"); got != "Trung tâm đã giữ 1.204 trong 1.416 bản ghi của trạm này|Còn chờ gửi: 212|Lâu nhất: 3 giờ (từ 09:00 hôm nay)|CHƯA GHI XUỐNG ĐĨA: 2 bản ghi chỉ ở trong bộ nhớ" {
		t.Errorf("numbers %q", got)
	}
	if !strings.Contains(p.Error, "xem lại dây mạng") || !strings.HasSuffix(p.Error, ". Thử lại lúc 12:00:40.") {
		t.Errorf("error %q", p.Error)
	}
	if got := fmt.Sprint(p.Table.Rows); got != "[[Theo dõi 41 18.233] [Nơi xét nghiệm, cách ly chưa có ] [later 1 0]]" {
		t.Errorf("lists %s", got)
	}
}

// Every key of the lane is on the help page, and every verdict is explained.
func TestHelp(t *testing.T) {
	b := newBench(t)
	b.press(KeyHelp)
	p := b.wantPage("help")
	shown := map[string]bool{}
	for _, r := range p.Table.Rows {
		shown[r[0]], shown[r[2]] = true, true
	}
	for k := range pageKeys() {
		if !shown[string(k)] {
			t.Errorf("%s is not on the help page", k)
		}
	}
	for k := range decisions {
		if !shown[string(k)] {
			t.Errorf("%s is not on the help page", k)
		}
	}
	if len(p.Text) != 5 {
		t.Errorf("texts %q, want four verdicts and the watch-list", p.Text)
	}
	b.press(KeyHelp)
	b.wantPage("")
}
