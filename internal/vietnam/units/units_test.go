package units

import (
	"strings"
	"testing"
	"time"
)

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestWardByDay(t *testing.T) {
	tests := []struct {
		name, code, on string
		want           Unit
	}{
		{"2021", "19768", "2021-11-20", Unit{"19768", "Phường Đông Ba", "Thành phố Huế", "Tỉnh Thừa Thiên Huế", "2021-11-01", "46"}},
		{"before the first edition", "19768", "2021-09-01", Unit{"19768", "Phường Đông Ba", "Thành phố Huế", "Tỉnh Thừa Thiên Huế", "2021-11-01", "46"}},
		{"code of 2021 read in 2026", "19768", "2026-11-22", Unit{"19768", "Phường Đông Ba", "Thành phố Huế", "Tỉnh Thừa Thiên Huế", "2021-11-01", "46"}},
		{"given again: before", "00004", "2025-06-30", Unit{"00004", "Phường Trúc Bạch", "Quận Ba Đình", "Thành phố Hà Nội", "2021-11-01", "01"}},
		{"given again: after", "00004", "2025-07-01", Unit{"00004", "Phường Ba Đình", "", "Thành phố Hà Nội", "2025-07-01", "01"}},
		{"spelt anew", "00175", "2026-08-01", Unit{"00175", "Phường Yên Hoà", "", "Thành phố Hà Nội", "2026-07-01", "01"}},
		{"leading zeros", "00001", "2021-11-20", Unit{"00001", "Phường Phúc Xá", "Quận Ba Đình", "Thành phố Hà Nội", "2021-11-01", "01"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Ward(test.code, day(test.on))
			if !ok || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, ok, test.want)
			}
		})
	}
	for _, code := range []string{"", "1", "99999", "00000", "19768 ", "Đ"} {
		if u, ok := Ward(code, time.Time{}); ok {
			t.Errorf("%q is %+v", code, u)
		}
	}
}

func TestOfAnyLevel(t *testing.T) {
	for code, want := range map[string]string{
		"19960": "Phường Phú Bài, TX Hương Thủy, Thừa Thiên Huế of 46", "479": "Thị xã Hương Thủy, Thừa Thiên Huế of 46",
		"46": "Tỉnh Thừa Thiên Huế of 46", "48": "Thành phố Đà Nẵng of 48",
	} {
		u, ok := Of(code, day("2021-11-20"))
		if got := say(u) + " of " + u.ProvinceCode; !ok || got != want {
			t.Errorf("%s is %s, %v, want %s", code, got, ok, want)
		}
	}
	if u, ok := Of("479", day("2026-11-20")); !ok || u.ProvinceCode != "46" {
		t.Errorf("a district of 2021 read in 2026: %+v, %v", u, ok)
	}
	for _, code := range []string{"", "4", "999", "0000", "99999"} {
		if u, ok := Of(code, time.Time{}); ok {
			t.Errorf("%q is %+v", code, u)
		}
	}
}

func TestProvinceByDay(t *testing.T) {
	for on, want := range map[string]string{"2021-11-20": "Tỉnh Thừa Thiên Huế", "2026-11-20": "Thành phố Huế"} {
		if got, ok := Province("46", day(on)); !ok || got != want {
			t.Errorf("%s: got %q, want %q", on, got, want)
		}
	}
	if got, ok := Province("00", time.Time{}); ok {
		t.Errorf("00 is %q", got)
	}
}

func TestEveryUnitIsWhole(t *testing.T) {
	want := []int{10599, 3321, 3321}
	for i, e := range load() {
		if len(e.wards) != want[i] {
			t.Errorf("edition %s has %d wards, want %d", e.from, len(e.wards), want[i])
		}
		for code, u := range e.wards {
			if len(code) != 5 || u.Code != code || u.Name == "" || u.Province == "" || u.Edition != e.from || (u.District == "") != (i > 0) {
				t.Errorf("edition %s: %+v", e.from, u)
			}
		}
	}
}

func TestReadRefusesALineItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"W 1 x", "@ 2021-01-01\nX 1 x", "\n"} {
		if _, err := read(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
