package name

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestTitle(t *testing.T) {
	for in, want := range map[string]string{
		"nguyễn  văn an":             "Nguyễn Văn An",
		"NGUYỄN THỊ ỬNG":             "Nguyễn Thị Ửng",
		"tran van binh":              "Tran Van Binh",
		" đặng lê nguyên ":           "Đặng Lê Nguyên",
		"h'hen niê":                  "H'Hen Niê",
		"Y-BLÔK":                     "Y-Blôk",
		"Ronald McDonald":            "Ronald McDonald",
		norm.NFD.String("trần bình"): "Trần Bình",
		"":                           "",
	} {
		if got := Title(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestPlausible(t *testing.T) {
	for in, want := range map[string]bool{"Lê A": true, "H'Hen": true, "Ô": false, "": false, "A1": false, "Lê\nA": false, norm.NFD.String("Lê Ả"): true} {
		if Plausible(in) != want {
			t.Errorf("%q: want %v", in, want)
		}
	}
}

func FuzzTitle(f *testing.F) {
	for _, s := range []string{"nguyễn văn an", "H'HEN", "\xff\u0301", "ŉ", "ǆ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := Title(s); Title(once) != once {
			t.Fatalf("%q becomes %q, which becomes %q", s, once, Title(once))
		}
	})
}
