package view

import (
	"quachot/internal/record"
	"quachot/kiosk/screen"
)

// pageStates are pages made by hand, with more in them than a day brings: what
// the generic drawing must bear whatever pages there are.
func pageStates(lang string) map[string]screen.State {
	all := map[string]screen.State{}
	base := newSample(lang).scan(0, stop()).key(0, "3").m.State()
	put := func(name string, p screen.Page, hints ...screen.Hint) {
		s := base
		p.Name = name
		s.Page, s.Hints = &p, hints
		all["page-"+name] = s
	}
	next := []screen.Hint{{Key: "Enter", Text: "Tiếp", Lead: true}, {Key: "F4", Text: "Xe"}, {Key: "Shift+Tab", Text: "Lùi"}, {Key: "Esc", Text: "Đóng"}}
	put("form", screen.Page{Title: "Khai báo y tế", Lead: "NGUYỄN THỊ ỬNG · 1987 · CCCD 046187001234", Fields: formFields(),
		Aside: screen.Line{Text: "Luật hiện thời: kiểm tra thêm · đến từ vùng cấp độ 3", Level: screen.Warn}}, next...)
	errors := formFields()
	errors[2].Options, errors[2].Focus = nil, false
	errors[7].Focus = true
	errors[6].Error = "Biển số không đúng dạng, ví dụ 75A-123.45"
	put("form-end", screen.Page{Title: "Khai báo y tế", Lead: "NGUYỄN THỊ ỬNG · 1987", Fields: errors,
		Error: "Chưa lưu được khai báo: đĩa không ghi được. Lượt quét đã lưu đủ. Cắm ổ khác rồi bấm Enter để thử lại, hoặc gọi kỹ thuật 0234 3823 456."}, next...)
	put("login", screen.Page{Title: "Nhận ca", Lead: "Quét thẻ ngành hoặc gõ mã số", Pad: true, Fields: []screen.FormField{
		{Label: "Mã cán bộ", Text: "HUE-0417", Given: true, Key: "F2"},
		{Label: "Mã PIN", Text: "••••", Focus: true, Secret: true, Help: "6 chữ số. Sai 5 lần thì khóa 10 phút."}},
		Text:  []string{"Ca trước bàn giao: 1.204 lượt, 38 kiểm tra thêm, 6 quay đầu. Còn 212 bản ghi chờ gửi."},
		Error: "Mã PIN không đúng, còn 3 lần. Chưa có ai nhận ca. Gõ lại hoặc gọi chỉ huy."}, next...)
	put("override", screen.Page{Small: true, Pad: true, Title: "Cho qua khi DỪNG", Lead: "LÊ THỊ NGỌC ÁNH", Text: []string{"Cần thẻ hoặc PIN của chỉ huy. Việc này được ghi lại với tên người quyết định."},
		Fields: []screen.FormField{{Label: "Chỉ huy", Text: "", Focus: true, Help: "Quét thẻ ngành hoặc gõ mã số"}, {Label: "PIN", Secret: true}, {Label: "Lý do", Text: "Cấp cứu"}}}, next...)
	put("places", screen.Page{Title: "Đưa đi cách ly", Lead: "HỒ VĂN SẴN · 1987 · từ Phường An Cựu", Choices: placeChoices(), Aside: screen.Line{Text: "Phiếu bàn giao sẽ in ở HP LaserJet", Level: screen.Quiet}}, next...)
	put("confirm", screen.Page{Small: true, Title: "Đổi chiều làn?", Text: []string{"Từ VÀO sang RA. Các lượt quét sau sẽ ghi là RA."}, Choices: []screen.Choice{
		{Key: "1", Text: "Đổi sang RA", Marked: true}, {Key: screen.KeyEscape, Text: "Giữ VÀO"}, {Key: "3", Text: "Tạm dừng làn", Detail: "chỉ huy mới làm được", Off: true}}}, next...)
	put("meter", screen.Page{Title: "Làn hôm nay", Lead: "ca sáng, từ 06:00", Chart: hours(), Table: counts(), Text: []string{"38 lượt mỗi phút lúc đông nhất (08:10). Trung vị 4,1 giây mỗi người. Từ lúc quét đến khi gửi: 2,3 giây."}}, next...)
	put("help", screen.Page{Title: "Trợ giúp", Text: helpText()}, screen.Hint{Key: "Esc", Text: "Đóng", Lead: true})
	put("table", screen.Page{Title: "Chờ gửi", Table: long()}, next...)
	v := base
	v.Vehicle = &screen.Vehicle{Plate: "75A-123.45", Detail: "Xe tải · chở hàng thiết yếu · luồng xanh đến 30/11", Verdict: record.Check, Word: "KIỂM TRA"}
	for i := range 9 {
		v.Vehicle.Aboard = append(v.Vehicle.Aboard, screen.Row{Time: "14:31:50", Verdict: record.Verdict(i%4 + 1), Word: "MỜI QUA", Name: "TRẦN VĂN BÌNH  1990", Decided: []string{"", "» cho qua"}[i%2]})
	}
	all["vehicle"] = v
	return all
}

func formFields() []screen.FormField {
	return []screen.FormField{
		{Label: "Họ và tên", Text: "NGUYỄN THỊ ỬNG", Given: true, Key: "A"},
		{Label: "Điện thoại", Text: "0914 123 456", Key: "B"},
		{Label: "Nơi ở (phường, xã)", Text: "phu bai", Focus: true, Help: "Gõ không dấu. Danh mục 2021 và 2025.", Options: []screen.Choice{
			{Key: "1", Text: "Phường Phú Bài", Detail: "TX Hương Thủy, Thừa Thiên Huế", Marked: true},
			{Key: "2", Text: "Phường Phú Bài (mới)", Detail: "Thành phố Huế"},
			{Key: "3", Text: "Xã Phú Bài", Detail: "H. Phú Vang, Thừa Thiên Huế (đến 2020)"}}},
		{Label: "Đi từ", Text: "Phường An Cựu, TP Huế", Key: "C"},
		{Label: "Đi đến", Text: "", Key: "D"},
		{Label: "Triệu chứng", Flags: []screen.Flag{{Key: "S", Text: "Sốt"}, {Key: "H", Text: "Ho", On: true}, {Key: "K", Text: "Khó thở"}, {Key: "M", Text: "Mất vị giác"}}},
		{Label: "Biển số xe", Text: "75A-12", Key: "E"},
		{Label: "Tiếp xúc F0 14 ngày", Text: "Không", Key: "F"},
		{Label: "Mục đích", Text: "Đi làm", Key: "G"},
	}
}

func placeChoices() []screen.Choice {
	return []screen.Choice{
		{Key: "1", Text: "Trung tâm cách ly Đại học Huế, ký túc xá Trường Bia", Detail: "gần nhất · còn 34 giường", Marked: true},
		{Key: "2", Text: "Trường Cao đẳng Nghề Huế", Detail: "còn 12 giường"},
		{Key: "3", Text: "Bệnh viện Dã chiến số 1", Detail: "còn 3 giường · chỉ F0"},
		{Key: "4", Text: "Tại nhà, Phường An Cựu", Detail: "khi trạm y tế đồng ý"},
		{Key: "5", Text: "Khách sạn Mường Thanh", Detail: "hết giường", Off: true},
	}
}

func hours() *screen.Chart {
	c := &screen.Chart{Title: "Lượt mỗi giờ", Names: []string{"Mời qua", "Kiểm tra", "Dừng", "Không đọc được"},
		Kinds: []record.Verdict{record.Pass, record.Check, record.Stop, record.Unreadable}}
	for i, label := range []string{"06", "07", "08", "09", "10", "11", "12", "13", "14"} {
		f := float64(i)
		c.Bars = append(c.Bars, screen.Bar{Label: label, Parts: []float64{40 + 30*f - 3*f*f, 10 + f, 3, f / 2 * 2}})
	}
	return c
}

func counts() *screen.Table {
	return &screen.Table{Head: []string{"", "Ca này", "Hôm nay"}, Right: []bool{false, true, true}, Wide: []float32{2, 1, 1}, Row: -1, Rows: [][]string{
		{"Mời qua", "1.032", "2.410"}, {"Kiểm tra thêm", "138", "301"}, {"Dừng lại", "21", "40"}, {"Không đọc được", "13", "22"}, {"Quay đầu", "17", "31"}}}
}

func long() *screen.Table {
	t := &screen.Table{Head: []string{"Lúc", "Việc", "Số"}, Wide: []float32{1, 5, 1}, Right: []bool{false, false, true}, Row: 33}
	for range 40 {
		t.Rows = append(t.Rows, []string{"14:31:50", "Lượt quét thẻ 460012 000123 7, MỜI QUA, chốt Phú Bài 1", "1.204"})
	}
	return t
}

func helpText() []string {
	var all []string
	for _, k := range []string{"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F12", "Enter", "Esc", "Z"} {
		all = append(all, k+"\tGõ số thẻ hoặc số giấy tờ; vẫn quét mã được khi ô này đang mở, không lượt nào mất")
	}
	return append(all, "Máy quét không đọc: lau kính, nghiêng thẻ, rồi quét lại. Vẫn không được thì gõ số (F2).")
}
