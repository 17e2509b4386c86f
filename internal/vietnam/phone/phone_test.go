package phone

import "testing"

func TestParse(t *testing.T) {
	for typed, want := range map[string]struct {
		number, shown string
		kind          Kind
	}{
		"0912345678":        {"0912345678", "0912 345 678", Mobile},
		"0912.345.678":      {"0912345678", "0912 345 678", Mobile},
		"+84 912 345 678":   {"0912345678", "0912 345 678", Mobile},
		"0084912345678":     {"0912345678", "0912 345 678", Mobile},
		"+84 0912 345 678":  {"0912345678", "0912 345 678", Mobile},
		"84912345678":       {"0912345678", "0912 345 678", Mobile},
		"0351234567":        {"0351234567", "0351 234 567", Mobile},
		"01651234567":       {"0351234567", "0351 234 567", Mobile},
		"01231234567":       {"0831234567", "0831 234 567", Mobile},
		"02343823456":       {"02343823456", "0234 382 3456", Landline},
		"(024) 3825 1234":   {"02438251234", "024 3825 1234", Landline},
		"+842838251234":     {"02838251234", "028 3825 1234", Landline},
		"+856 20 5555 1234": {"+8562055551234", "+8562055551234", Foreign},
		"008562055551234":   {"+8562055551234", "+8562055551234", Foreign},
	} {
		p, err := Parse(typed)
		if err != nil || p.Number != want.number || p.Kind != want.kind || p.String() != want.shown {
			t.Errorf("%s: %+v (%s), %v; want %+v", typed, p, p, err, want)
		}
		for i := range typed {
			if !Begins(typed[:i]) {
				t.Errorf("%q cannot become %s", typed[:i], typed)
			}
		}
	}
	for _, s := range []string{"", "0", "091234567", "09123456789", "0112345678", "0543823456", "02403823456", "912345678", "0912a45678", "+", "+84", "+0123456789", "113", "0001112222333344445555"} {
		if p, err := Parse(s); err == nil {
			t.Errorf("%q is %+v", s, p)
		}
	}
	for _, s := range []string{"1", "9", "01", "0912345678901", "a", "0531"} {
		if s != "01" && Begins(s) {
			t.Errorf("%q can become a phone number", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0912345678", "+84", "0084912345678", "(024) 3825 1234", "01651234567", "\xff", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		Begins(s)
		if err != nil {
			return
		}
		if !Begins(s) {
			t.Fatalf("%q is a number and cannot begin one", s)
		}
		again, err := Parse(p.String())
		if err != nil || again != p {
			t.Fatalf("%q is %+v, shown %s, which is %+v, %v", s, p, p, again, err)
		}
	})
}
