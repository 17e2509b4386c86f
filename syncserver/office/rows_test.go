package office

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/text"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC) // 12:00 in Vietnam

func TestClockTime(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{noon, "12:00:00"},
		{noon.Add(-11 * time.Hour), "01:00:00"}, // yesterday in UTC, today here
		{noon.Add(-13 * time.Hour), "21/11 23:00:00"},
		{noon.AddDate(-1, 0, 0), "22/11/2025 12:00"},
	} {
		if got := clockTime(c.at, noon); got != c.want {
			t.Errorf("clockTime(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}

func TestSpanAndNumber(t *testing.T) {
	vi, en := text.Load("vi"), text.Load("en")
	for d, want := range map[time.Duration]string{
		0: "0 giây", 59 * time.Second: "59 giây", time.Minute: "1 phút", 3599 * time.Second: "59 phút",
		time.Hour: "1 giờ", 47 * time.Hour: "47 giờ", 48 * time.Hour: "2 ngày", 720 * time.Hour: "30 ngày",
	} {
		if got := span(vi, d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567"} {
		if got := number(vi, n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
		if got := number(en, n); got != strings.ReplaceAll(want, ".", ",") {
			t.Errorf("English number(%d) = %q", n, got)
		}
	}
}

func TestHideNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"Nguyễn Văn A":             "Nguyễn Văn A",
		"năm 1987, xe 75A-123.45":  "năm 1987, xe 75A-123.45",
		"046187001234":             "••••",
		"CCCD 046 187 001 234 của": "CCCD •••• của",
		"046.187.001.234, 12":      "••••, 12",
		"gọi 0905 123 456":         "gọi ••••",
		"22/11/2026 08:15":         "22/11/2026 08:15",
		"٠١٢٣٤٥٦٧٨٩":               "••••",
		"\xff123456789":            "\ufffd••••",
	} {
		if got := hideNumbers(in); got != want {
			t.Errorf("hideNumbers(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzHideNumbers(f *testing.F) {
	f.Add("CCCD 046-187-001-234")
	f.Add("1 2 3 4 5 6 7 8 9")
	f.Fuzz(func(t *testing.T, s string) {
		run := 0
		for _, c := range hideNumbers(s) {
			if run++; c < '0' || c > '9' {
				run = 0
			}
			if run >= 9 {
				t.Fatalf("hideNumbers(%q) = %q shows nine digits", s, hideNumbers(s))
			}
		}
	})
}

func TestScanRow(t *testing.T) {
	vi := text.Load("vi")
	r := Record{
		N: 7, Received: noon, At: noon.Add(-3 * time.Hour), Station: "460001", Post: "PB1", PostName: "Phú Bài", Lane: "2",
		Kind: record.KindScan, Scan: &record.Scan{
			Direction: record.Out, Reading: credential.CCCD, Trust: credential.Unverified, Verdict: record.Check,
			Reasons:   []record.Reason{{Code: "no_such_reason_yet"}, {Code: "expired", Arg: "2021-10-01"}},
			Documents: []identity.Document{{Kind: identity.CCCD, Number: "046187001234"}, {Kind: identity.CMND, Number: "191234567"}},
			Name:      "HỒ THỊ B", Birth: "1987-01-18", Why: "unsigned", Warnings: []string{"sex", "sex"}, Repeats: 2,
			Phone: "0905123456", Address: "12 Lê Lợi",
		},
	}
	want := recordRow{
		N: 7, Time: "09:00:00", Late: "nhận lúc 12:00:00", Post: "Phú Bài", Lane: "Làn 2", Way: "out", Kind: "Lượt quét",
		Verdict: "check", Headline: "HỒ THỊ B · 1987", Read: "CCCD / Căn cước · chưa xác thực · CCCD ••••1234 · CMND ••••4567",
		Reasons: []string{"Mã lý do no_such_reason_yet", "Hết hạn ngày 01/10/2021", "Giới tính không khớp số giấy tờ", "Quét lại 2 lần"},
	}
	if diff := cmp.Diff(want, newRecordRow(vi, r, noon)); diff != "" {
		t.Error(diff)
	}
}

func TestOwnCardRow(t *testing.T) {
	en := text.Load("en")
	s := &record.Scan{Direction: record.In, Reading: credential.Card, Trust: credential.Signed, Verdict: record.Pass, Card: 4600120001230}
	row := newRecordRow(en, Record{Received: noon, Station: "460012", Kind: record.KindScan, Scan: s}, noon)
	if row.Headline != "Card 460012\u00a0000123\u00a00" || row.Read != "Control card · signed" || row.Post != "460012" || row.Time != "12:00:00" {
		t.Errorf("got %+v", row)
	}
	s.Card = 46187001234 // no card number: somebody's document may have come here
	if row := newRecordRow(en, Record{Kind: record.KindScan, Scan: s}, noon); strings.Contains(row.Headline, "46187") {
		t.Errorf("a number that is no card's is shown: %q", row.Headline)
	}
}

func TestOtherRows(t *testing.T) {
	vi := text.Load("vi")
	for name, c := range map[string]struct {
		r    Record
		want string // headline | read | reasons
	}{
		"pending": {Record{Pending: "no key"}, "Chưa mở được, sẽ thử lại||"},
		"passage": {Record{Kind: record.KindPassage, Passage: &record.Passage{Scans: []uint64{1, 2}, Decision: record.TurnedBack, Plate: "75A-123.45", Party: 2, Reason: "ring 0905123456"}},
			"QUAY ĐẦU|cho 2 lượt quét · 75A-123.45 · 2 người|ring ••••"},
		"let through": {Record{Kind: record.KindPassage, Passage: &record.Passage{Scans: []uint64{1}, Decision: record.LetThrough, Vehicle: "truck", Purpose: "goods", Reason: "identity", Override: "12"}},
			"CHO QUA|cho 1 lượt quét · Xe tải · Vận chuyển hàng hóa|Đã đối chiếu người và giấy tờ;Chỉ huy 12 cho phép"},
		"undone": {Record{Kind: record.KindPassage, Passage: &record.Passage{Earlier: []record.ID{{Seq: 1}}, Decision: record.ToTest, Undone: true}},
			"HOÀN TÁC: ĐƯA ĐI XÉT NGHIỆM|cho 1 lượt quét|"},
		"declaration": {Record{Kind: record.KindDeclaration, Declaration: &record.Declaration{Name: "LÊ A", Birth: "1990", Documents: []identity.Document{{Kind: identity.Passport, Number: "B1234567"}}, Symptoms: []string{"sốt", "ho"}, Contact: true}},
			"LÊ A · 1990|Hộ chiếu ••••4567|Triệu chứng: sốt, ho;Có tiếp xúc ca bệnh"},
		"paper form": {Record{Kind: record.KindDeclaration, Declaration: &record.Declaration{Name: "LÊ A", Source: "paper", Form: "A21-000123", HappenedAt: noon.UnixMilli(), Symptoms: []string{"fever"}}},
			"LÊ A|tờ giấy A21-000123, lúc " + noon.In(hanoi).Format("15:04 02/01/2006") + "|Triệu chứng: sốt"},
		"decision on paper": {Record{Kind: record.KindPassage, Passage: &record.Passage{Earlier: []record.ID{{Seq: 1}}, Decision: record.TurnedBack, Form: "A21-000123"}},
			"QUAY ĐẦU|cho 1 lượt quét · tờ giấy A21-000123, lúc ?|"},
		"shift":    {Record{Kind: record.KindShift, Shift: &record.Shift{Officer: "hai", Event: "login"}}, "Đăng nhập|cán bộ hai|"},
		"context":  {Record{Kind: record.KindContext, Context: &record.Context{Officer: "hai", Lane: "2", Direction: record.In}}, "Làn 2 · cán bộ hai||"},
		"card":     {Record{Kind: record.KindCard, Card: &record.CardStep{Step: "issued", Card: 4600120001230, Name: "LÊ A"}}, "Đã cấp · LÊ A|thẻ 460012\u00a0000123\u00a00|"},
		"clock":    {Record{Kind: record.KindClock, Clock: &record.ClockJump{Before: noon.UnixMilli(), After: noon.Add(time.Hour).UnixMilli()}}, "Đồng hồ nhảy từ 12:00:00 sang 13:00:00||"},
		"note":     {Record{Kind: record.KindNote, Note: &record.Note{Text: "CCCD 046187001234"}}, "|CCCD ••••|"},
		"incident": {Record{Kind: record.KindIncident, Incident: &record.Incident{What: "ran-post", Text: "xe đỏ", Plate: "75C12345"}}, "Vượt chốt|75C12345 · xe đỏ|"},
		"damaged":  {Record{Kind: record.KindDamaged}, "||"},
		"unknown":  {Record{Kind: 99}, "||"},
	} {
		row := newRecordRow(vi, c.r, noon)
		if got := row.Headline + "|" + row.Read + "|" + strings.Join(row.Reasons, ";"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	var r Record
	if err := r.Fill(record.KindNote, func(body any) error { body.(*record.Note).Text = "x"; return nil }); err != nil || r.Note == nil || r.Note.Text != "x" {
		t.Errorf("got %v, %+v", err, r.Note)
	}
	bad := errors.New("bad")
	if err := new(Record).Fill(record.KindScan, func(any) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("got %v, want it to wrap %v", err, bad)
	}
	if err := new(Record).Fill(record.KindLatency, func(any) error { return bad }); err != nil {
		t.Errorf("a kind without a body: %v", err)
	}
}

func TestStationRows(t *testing.T) {
	vi := text.Load("vi")
	ms := func(d time.Duration) *int64 { n := d.Milliseconds(); return &n }
	rows := stationRows(vi, []Station{
		{ID: "1", Name: "đang nối", Enrolled: true, Connected: true, LastSeen: noon, Waiting: 1234, Held: 9, SkewMS: ms(-4 * time.Minute), ListsAsOf: noon.Add(-25 * time.Hour)},
		{ID: "2", Name: "mới", PostName: "Chợ"},
		{ID: "3", Name: "mất", Enrolled: true, LastSeen: noon.Add(-2 * time.Hour), SkewMS: ms(1500 * time.Millisecond), ListsAsOf: noon.Add(-time.Hour)},
		{ID: "4", Name: "mất lâu", Enrolled: true, LastSeen: noon.Add(-72 * time.Hour)},
		{ID: "5", Name: "hai nhánh", Enrolled: true, Connected: true, Forked: true, Pending: 3},
		{ID: "6", Name: "thu hồi", Enrolled: true, Revoked: Lost},
	}, noon)
	var order []string
	for _, r := range rows {
		order = append(order, r.ID+" "+r.State)
	}
	if diff := cmp.Diff([]string{"5 forked", "4 silent", "3 silent", "1 connected", "2 invited", "6 lost"}, order); diff != "" {
		t.Error(diff)
	}
	got := rows[3]
	if got.Seen != "bây giờ" || got.Waiting != "1.234" || !got.HasWaiting || got.Skew != "chậm 4 phút" || !got.SkewBad || got.Lists != "25 giờ" || !got.ListsBad {
		t.Errorf("connected: %+v", got)
	}
	got = rows[2]
	if got.Seen != "2 giờ trước" || got.SeenAt != "10:00:00" || got.Skew != "đúng giờ" || got.SkewBad || got.ListsBad {
		t.Errorf("silent: %+v", got)
	}
	if got := rows[4]; got.Seen != "chưa từng" || got.Skew != "chưa biết" || got.Lists != "chưa có" || got.Post != "Chợ" {
		t.Errorf("invited: %+v", got)
	}
	if got := rows[0].Pending; got != "3 chưa mở được" {
		t.Errorf("pending: %q", got)
	}
}
