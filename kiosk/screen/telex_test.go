package screen

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"quachot/internal/vietnam/units"
)

func TestTelex(t *testing.T) {
	for keys, want := range map[string]string{
		// the same word, marks and tones right away or late
		"nguyeenx": "nguyễn", "nguyeexn": "nguyễn", "nguyenxe": "nguyễn", "nguyênx": "nguyễn", "NGUYEENX": "NGUYỄN", "Nguyeenx": "Nguyễn",
		"thuwaf": "thừa", "thuafw": "thừa", "thieen": "thiên", "thiene": "thiên", "huees": "huế", "hues": "hué", "hueef": "huề",
		"dduwowngf": "đường", "duwowngfd": "đường", "duongwfd": "đường", "dduwongf": "đường", "dduowngf": "đường", "uwowngf": "ường",
		"phuwowngf": "phường", "phuowngf": "phường", "phuongwf": "phường",
		"quys": "quý", "quowr": "quở", "quaan": "quân", "quoocs": "quốc", "quyeetj": "quyệt", "quas": "quá",
		"gias": "giá", "giaf": "già", "gif": "gì", "gieengs": "giếng", "giuwax": "giữa", "ginf": "gìn", "giof": "giò", "giowf": "giờ",
		"hoaf": "hoà", "hoef": "hoè", "thuys": "thuý", "uyr": "uỷ", "hoangf": "hoàng", "toans": "toán", "huynhf": "huỳnh", "khuyur": "khuỷu",
		"chuas": "chúa", "tuaans": "tuấn", "luaatj": "luật", "muwa": "mưa", "mauf": "màu", "taauf": "tầu", "chaos": "cháo", "keof": "kèo",
		"ngoaif": "ngoài", "xoays": "xoáy", "ruwowuj": "rượu", "ruouwj": "rượu", "tuwowi": "tươi", "tuoiw": "tươi", "luwu": "lưu", "luuw": "lưu",
		"guwir": "gửi", "guiwr": "gửi", "thuowr": "thuở", "huow": "huơ", "khuyeen": "khuyên", "nghieengf": "nghiềng", "yeeus": "yếu", "yeen": "yên",
		"ddi": "đi", "did": "đi", "DDaf": "Đà", "nawngx": "nẵng", "nangwx": "nẵng", "hoacwj": "hoặc", "hoawcj": "hoặc", "ddawks": "đắk", "lawks": "lắk",
		"kroong": "krông", "tw": "tư", "w": "ư", "tws": "tứ", "Wngs": "Ứng",
		"tieengs": "tiếng", "vieejt": "việt", "vietej": "việt", "xoongf": "xồng", "chij": "chị", "oong": "ông", "nuwowcs": "nước",
		"muoons": "muốn", "uoongs": "uống", "thuees": "thuế", "xuaat": "xuât", "xuaats": "xuất", "eem": "êm", "oto": "ôt",
		// taken back by the same key
		"ass": "as", "aaa": "aa", "ddd": "dd", "ooo": "oo", "ww": "w", "uww": "uw", "aww": "aw", "asss": "ass", "tieengss": "tiêngs", "xooong": "xoong",
		"cass": "cas", "uoww": "uow",
		// another tone takes the place of the first; z takes it away
		"asf": "à", "hoafs": "hoá", "hoafz": "hoa", "zoo": "zoo",
		// not Vietnamese: as typed
		"class": "class", "facebook": "facebook", "windows": "windows", "file": "file", "jazz": "jazz", "stress": "stress", "br": "br", "bcs": "bcs",
		"atf": "atf", "cacr": "cacr", "zalo": "zalo", "s": "s", "fx": "fx", "dr": "dr",
	} {
		if got := compose(keys, telex); got != norm.NFC.String(want) {
			t.Errorf("%s gives %s, want %s", keys, got, want)
		}
	}
}

func TestVNI(t *testing.T) {
	for keys, want := range map[string]string{
		"nguye6n4": "nguyễn", "nguyen64": "nguyễn", "thu7a2": "thừa", "d9u7o7ng2": "đường", "duong972": "đường", "hue61": "huế", "quy1": "quý",
		"hoa2": "hoà", "na8ng4": "nẵng", "a1": "á", "a11": "a1", "a66": "a6", "o77": "o7", "d99": "d9", "a10": "a", "b2": "b2", "w": "w", "aa": "aa", "tha1ng0": "thang",
	} {
		if got := compose(keys, vni); got != norm.NFC.String(want) {
			t.Errorf("%s gives %s, want %s", keys, got, want)
		}
	}
}

// What is on the screen after Backspace is what the hand sees: the last letter
// gone, nothing else changed, and the word goes on from there.
func TestBackspaceTakesOneLetter(t *testing.T) {
	var c composer
	for _, r := range "nguyeenx" {
		c.key(r, telex)
	}
	for _, want := range []string{"nguyễ", "nguỹ", "ngũ", "ng", "n", ""} {
		if c.back(); c.String() != want {
			t.Errorf("%q, want %q", c.String(), want)
		}
	}
	if c.back() {
		t.Error("an empty word gave a letter")
	}
}

func FuzzCompose(f *testing.F) {
	for _, s := range []string{"nguyeenx", "ww", "windows", "d9u7o7ng2", "ếs", "\xff\u0301w", "Ws"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, keys string) {
		for _, m := range []typingMethod{plain, telex, vni} {
			var c composer
			for _, r := range keys {
				c.key(r, m)
			}
			s := c.String()
			if n := utf8.RuneCountInString(s); n > utf8.RuneCountInString(keys) || utf8.ValidString(keys) && !utf8.ValidString(s) {
				t.Fatalf("%q gives %q", keys, s)
			}
			for range len(c.letters) {
				c.back()
			}
			if s := c.String(); s != "" {
				t.Fatalf("%q leaves %q", keys, s)
			}
		}
		if got := compose(strings.ToLower(keys), plain); utf8.RuneCountInString(got) != utf8.RuneCountInString(keys) {
			t.Fatalf("plain %q gives %q", keys, got)
		}
	})
}

// keysFor are the keys by which a word is typed: marks after their letters, the
// tone last.
func keysFor(word string) string {
	var b strings.Builder
	var tone rune
	for _, r := range word {
		l, t := letterOf(r)
		if t != 0 {
			tone = t
		}
		b.WriteRune(l.base)
		switch l.mark {
		case '^', '-':
			b.WriteRune(l.base)
		case '(', '+':
			b.WriteRune('w')
		}
	}
	if tone != 0 {
		b.WriteRune(tone)
	}
	return b.String()
}

// bare is a word with its tone at the end: where the tone stands is a matter of
// orthography, and the lists of units have both.
func bare(word string) string {
	var tone rune
	var ls []letter
	for _, r := range word {
		l, t := letterOf(r)
		if t != 0 {
			tone = t
		}
		ls = append(ls, l)
	}
	return spell(ls) + string(tone)
}

// The syllables in the names of the country's wards, districts and provinces can
// be typed. What cannot is listed: some words of highland languages, and oo, which
// is typed ooo.
func TestEveryPlaceCanBeTyped(t *testing.T) {
	words := map[string]bool{}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		for _, d := range "aeiouhry " {
			for _, u := range units.Search(string(c)+strings.TrimSpace(string(d)), units.Options{Most: 2000}) {
				for _, w := range strings.FieldsFunc(strings.ToLower(norm.NFC.String(u.Name)), func(r rune) bool { return !unicode.IsLetter(r) }) {
					words[w] = true
				}
			}
		}
	}
	if len(words) < 1500 {
		t.Fatalf("only %d words", len(words))
	}
	var wrong []string
	for w := range words {
		if got := compose(keysFor(w), telex); bare(got) != bare(w) {
			wrong = append(wrong, w+": "+keysFor(w)+" gives "+got)
		}
	}
	slices.Sort(wrong)
	t.Logf("%d of %d words cannot be typed: %s", len(wrong), len(words), strings.Join(wrong, "; "))
	if len(wrong)*100 > len(words)*4 {
		t.Errorf("%d of %d words cannot be typed", len(wrong), len(words))
	}
}
