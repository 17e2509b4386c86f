package docnum

import (
	"slices"
	"strings"
	"testing"
)

func TestKindsOfNumber(t *testing.T) {
	for _, c := range []struct {
		name string
		is   func(string) bool
		yes  []string
		no   []string
	}{
		{"personal", IsPersonal, []string{"046187001234", "999999999999"}, []string{"", "04618700123", "0461870012345", "000000000000", "04618700123a", "０46187001234"}},
		{"old", IsOld, []string{"191234567"}, []string{"000000000", "19123456", "1912345678"}},
		{"passport", IsPassport, []string{"C1234567", "N12345678"}, []string{"c1234567", "C123456", "CC1234567"}},
		{"insurance", IsInsurance, []string{"DN4460123456789", "DN401AA31900313", "0123456789"}, []string{"DNA460123456789", "DN446012345678", "0000000000", "012345678"}},
		{"old insurance", IsOldInsurance, []string{"HS7469876543210"}, []string{"0123456789", "HSA469876543210"}},
	} {
		for _, s := range c.yes {
			if !c.is(s) {
				t.Errorf("%s: %q refused, want accepted", c.name, s)
			}
		}
		for _, s := range c.no {
			if c.is(s) {
				t.Errorf("%s: %q accepted, want refused", c.name, s)
			}
		}
	}
}

func TestBHXHIsTheSameOnBothCards(t *testing.T) {
	for _, s := range []string{"DN4460123456789", "0123456789"} {
		if got := BHXH(s); got != "0123456789" {
			t.Errorf("BHXH(%q) = %q, want 0123456789", s, got)
		}
	}
	if got := BHXH("garbage"); got != "" {
		t.Errorf("BHXH(garbage) = %q, want nothing", got)
	}
}

func TestParsePersonal(t *testing.T) {
	for number, want := range map[string]Personal{
		"046187001234": {Province: "046", Sex: "F", BirthYear: 1987},
		"046099004321": {Province: "046", Sex: "M", BirthYear: 1999},
		"001203005678": {Province: "001", Sex: "M", BirthYear: 2003},
		"096315000111": {Province: "096", Sex: "F", BirthYear: 2015},
		"096999000111": {Province: "096", Sex: "F", BirthYear: 2399},
	} {
		want.Number = number
		if got, err := ParsePersonal(number); err != nil || got != want {
			t.Errorf("ParsePersonal(%q) = %+v, %v, want %+v", number, got, err, want)
		}
	}
	if _, err := ParsePersonal("12345"); err == nil {
		t.Error("ParsePersonal(12345) gave no error")
	}
}

func TestCheckWarns(t *testing.T) {
	for _, c := range []struct {
		number, birth, sex string
		want               []string
	}{
		{"046187001234", "1987-01-18", "F", nil},
		{"046187001234", "", "", nil},
		{"046187001234", "1987", "X", nil},
		{"046187001234", "1990-01-18", "F", []string{WarnBirthYear}},
		{"046187001234", "1987-01-18", "M", []string{WarnSex}},
		{"003187001234", "1987-01-18", "F", []string{WarnProvince}}, // 003 is no province
		{"046387001234", "", "", []string{WarnBirthYear}},           // born in 2087
		{"003387001234", "1987-01-18", "M", []string{WarnProvince, WarnBirthYear, WarnSex}},
	} {
		p, err := ParsePersonal(c.number)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Check(c.birth, c.sex, 2026); !slices.Equal(got, c.want) {
			t.Errorf("%s born %q sex %q: %v, want %v", c.number, c.birth, c.sex, got, c.want)
		}
	}
}

func TestProvinces(t *testing.T) {
	if got := len(provinces()); got != 63 {
		t.Errorf("%d provinces, want 63", got)
	}
	for code, name := range provinces() {
		if len(code) != 3 || !strings.HasPrefix(name, "Tỉnh ") && !strings.HasPrefix(name, "Thành phố ") {
			t.Errorf("province %q is called %q", code, name)
		}
	}
	if got := ProvinceName("046"); got != "Tỉnh Thừa Thiên Huế" {
		t.Errorf("046 is %q", got)
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"046187001234", "191234567", "C1234567", "DN4460123456789", "0123456789", "\xff"} {
		f.Add(s, "1987-01-18", "F")
	}
	f.Fuzz(func(t *testing.T, number, birth, sex string) {
		if len(BHXH(number)) != 10 && IsInsurance(number) {
			t.Fatalf("BHXH(%q) has %d characters", number, len(BHXH(number)))
		}
		p, err := ParsePersonal(number)
		if err != nil {
			return
		}
		p.Check(birth, sex, 2026)
		if p.BirthYear < 1900 || p.BirthYear > 2399 {
			t.Fatalf("%q is born in %d", number, p.BirthYear)
		}
	})
}
