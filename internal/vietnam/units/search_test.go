package units

import (
	"strings"
	"testing"
	"time"
)

// say is a unit as an officer reads it.
func say(u Unit) string {
	if s := u.Short(); s != "" {
		return u.Name + ", " + s
	}
	return u.Name
}

func TestSearch(t *testing.T) {
	old, now := day("2021-11-22"), day("2026-11-22")
	tests := []struct {
		text string
		on   time.Time
		own  string
		want string // the first
	}{
		{"phu bai", old, "46", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phu bai", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phú bài", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phubai", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"ph ba", old, "46", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"pb", old, "46", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"pb ht", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"p phu bai", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phuong phu bai", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phu bai tx huong thuy hue", old, "", "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế"},
		{"phu bai", now, "46", "Phường Phú Bài, Huế"},
		{"PHU  BAI", now, "", "Phường Phú Bài, Huế"},
		{"an cuu hue", old, "", "Phường An Cựu, TP Huế, Thừa Thiên Huế"},
		{"dong ba", old, "", "Phường Đông Ba, TP Huế, Thừa Thiên Huế"},
		{"p12 q10", old, "", "Phường 12, Quận 10, Hồ Chí Minh"},
		{"phuong 12 quan 10", old, "", "Phường 12, Quận 10, Hồ Chí Minh"},
		{"12 q10 hcm", old, "", "Phường 12, Quận 10, Hồ Chí Minh"},
		{"hoa khanh bac lc", old, "", "Phường Hòa Khánh Bắc, Quận Liên Chiểu, Đà Nẵng"},
		{"tan chinh da nang", old, "", "Phường Tân Chính, Quận Thanh Khê, Đà Nẵng"},
		{"ba dinh", now, "", "Phường Ba Đình, Hà Nội"},
		{"da nang", old, "", "Thành phố Đà Nẵng"},
		{"tthue", old, "", "-"},
		{"thua thien", old, "", "Tỉnh Thừa Thiên Huế"},
		{"tth", old, "46", "Tỉnh Thừa Thiên Huế"},
		{"tp hue", now, "", "Thành phố Huế"},
		{"huong thuy", old, "46", "Thị xã Hương Thủy, Thừa Thiên Huế"},
		{"ea hleo", old, "", "Huyện Ea H'leo, Đắk Lắk"},
		{"vung tau", old, "", "Thành phố Vũng Tàu, Bà Rịa - Vũng Tàu"},
		{"zzz", now, "", "-"},
		{"", now, "", "-"},
		{"...", now, "", "-"},
		{"\xff", now, "", "-"},
	}
	for _, test := range tests {
		got := "-"
		if all := Search(test.text, Options{Day: test.on, Province: test.own}); len(all) > 0 {
			got = say(all[0])
		}
		if got != test.want {
			t.Errorf("%q on %s in %q finds %s, want %s", test.text, test.on.Format(time.DateOnly), test.own, got, test.want)
		}
	}
}

func TestSearchOrder(t *testing.T) {
	on := day("2021-11-22")
	far := Search("phu", Options{Day: on})[0]
	for _, u := range Search("phu", Options{Day: on, Province: "46", Most: 5}) {
		if u.ProvinceCode != "46" {
			t.Errorf("%s comes before wards of the own province", say(u))
		}
	}
	got := Search("phu", Options{Day: on, Province: "46", Used: []string{"x", far.Key()}})
	if len(got) != 8 || got[0] != far {
		t.Errorf("first of %d is %s, want the last used %s", len(got), say(got[0]), say(far))
	}
	for _, u := range Search("phu", Options{Day: on, Most: 50}) {
		if u.Edition > "2021-11-22" {
			t.Errorf("%s is offered before it exists", u.Key())
		}
	}
	both := Search("phu bai", Options{Day: day("2026-11-22"), Province: "46", Most: 2})
	if len(both) != 2 || both[0].Edition != "2026-07-01" || both[1].Edition != "2021-11-01" {
		t.Errorf("%+v, want today's ward and then the one of 2021", both)
	}
}

// Whatever unit there is, its full name with its place finds it.
func TestEveryUnitIsFoundByItsName(t *testing.T) {
	x := searchable()
	for i := 0; i < len(x.units); i += 41 {
		u := x.units[i]
		found := Search(u.Name+" "+u.Place(), Options{Most: 4})
		ok := false
		for _, f := range found {
			ok = ok || f.Name == u.Name && f.Place() == u.Place()
		}
		if !ok {
			t.Errorf("%s (%s) is not found: %+v", say(u), u.Key(), found)
		}
	}
}

func TestNamed(t *testing.T) {
	u, ok := Named("19960@2021-11-01")
	if !ok || u.Name != "Phường Phú Bài" || u.ProvinceCode != "46" {
		t.Errorf("%+v, %v", u, ok)
	}
	if p, ok := Named("46@2021-11-01"); !ok || p.Name != "Tỉnh Thừa Thiên Huế" || p.Place() != "" || p.Short() != "" {
		t.Errorf("%+v, %v", p, ok)
	}
	if u.Old(day("2025-06-30")) || !u.Old(day("2025-07-01")) || !u.Old(time.Time{}) {
		t.Error("the ward of 2021 is not of before July 2025")
	}
	if now, _ := Named("19960@2026-07-01"); now.Old(time.Time{}) {
		t.Error("the ward of today is old")
	}
	if _, ok := Named("19960"); ok {
		t.Error("a code without its edition was found")
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Phường Phú Bài": "phuong phu bai", "ĐẮK  LẮK": "dak lak", "Bà Rịa - Vũng Tàu": "ba ria vung tau", "H'leo": "hleo",
		"Phu\u0301": "phu", "": "", " . ": "", "Ừ1ỵ": "u1y", "日本": "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"phu bai", "p12 q10", "tp", "t", "x x x x x x x x x x x x x x x x x", "\xff\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n := len(Search(text, Options{Most: 3})); n > 3 {
			t.Fatalf("%d found", n)
		}
		if s := Fold(text); Fold(s) != s || strings.HasSuffix(s, " ") {
			t.Fatalf("%q folds to %q, which folds to %q", text, s, Fold(s))
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	Warm()
	for _, text := range []string{"p", "x", "t", "phu bai", "pb", "a b c d e f", "xa tan hiep tinh tien giang", "thi tran"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Search(text, Options{Province: "46"})
			}
		})
	}
}

func BenchmarkIndex(b *testing.B) {
	load()
	for b.Loop() {
		x := &index{byKey: map[string]int32{}}
		x.add(load()[0])
		x.add(load()[2])
	}
}
