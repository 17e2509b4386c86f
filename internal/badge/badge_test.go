package badge

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"quachot/internal/qr"
)

// fixed is a badge whose text is written down here: badges in officers' pockets
// must be read by every later version.
var fixed = Badge{Officer: "C001", Secret: [16]byte{0: 1, 15: 255}}

const fixedText = "73917" + "14" + "03303031" + "001329227995784915872903807060280344831" + "54" + "71937"

func TestTextIsFixed(t *testing.T) {
	if got := fixed.Text(); got != fixedText {
		t.Errorf("text %s, want %s", got, fixedText)
	}
	if sum := sha256.Sum256(fixed.Secret[:]); !bytes.Equal(fixed.Hash(), sum[:]) {
		t.Errorf("hash %x, want %x", fixed.Hash(), sum)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, id := range []string{"C001", "c001", "A", "SUP12", "ABCXYZ019", "7"} {
		b, err := New(id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		text := b.Text()
		for _, scanned := range []string{text, text + "\r\n", " " + text, "]Q1" + text} {
			got, err := Parse(scanned)
			if err != nil || got != b || got.Officer != strings.ToUpper(id) {
				t.Errorf("%s: %q read as %v, %v", id, scanned, got, err)
			}
			if !Is(scanned) {
				t.Errorf("%s: %q is not taken for a badge", id, scanned)
			}
		}
		if strings.Trim(text, "0123456789") != "" || len(text) > 72 {
			t.Errorf("%s: %s is not short and of digits", id, text)
		}
	}
	if a, _ := New("C001"); a == fixed {
		t.Error("no new secret")
	}
}

func TestIDsThatCannotBeWritten(t *testing.T) {
	for _, id := range []string{"", "Đ01", "A-1", "A B", "ABCDEFGHIJ"} {
		if b, err := New(id); !errors.Is(err, ErrID) || b != (Badge{}) {
			t.Errorf("%q: %v, %v, want ErrID", id, b, err)
		}
	}
	if text := (Badge{}).Text(); text != "" {
		t.Errorf("nobody's badge is %q", text)
	}
}

// Every single wrong digit and every two neighbours changed is noticed.
func TestDamageIsNoticed(t *testing.T) {
	try := func(s string) {
		t.Helper()
		if b, err := Parse(s); err == nil && s != fixedText {
			t.Errorf("%s was read as %v", s, b)
		}
	}
	for i := range fixedText {
		for d := '0'; d <= '9'; d++ {
			try(fixedText[:i] + string(d) + fixedText[i+1:])
		}
		try(fixedText[:i] + fixedText[i+1:])
		try(fixedText[:i+1] + fixedText[i:])
		if i > 0 {
			try(fixedText[:i-1] + fixedText[i:i+1] + fixedText[i-1:i] + fixedText[i+1:])
		}
	}
	try(fixedText + fixedText)
	try("")
}

// A reading that lost or doubled something still holds most of the secret.
func TestDamagedReadingIsStillABadge(t *testing.T) {
	for i := minLike; i <= len(fixedText); i++ {
		if !Is(fixedText[:i]) || !Is(fixedText[len(fixedText)-i:]) {
			t.Errorf("%d digits of a badge are not taken for one", i)
		}
	}
	for _, s := range []string{
		fixedText[:30] + fixedText[31:], fixedText[:30] + fixedText[29:], fixedText + fixedText, fixedText[3:], "]Q1" + fixedText[:40],
	} {
		if !Is(s) {
			t.Errorf("%s is not taken for a badge", s)
		}
	}
}

func TestOtherCodesAreNoBadge(t *testing.T) {
	for _, s := range []string{
		"", "73917", "046187001234", "4600120001237", "0912345678", "DN4797512345678", "GD4790123456789|...",
		"046187001234|024123456|NGUYỄN VĂN A|01011990|Nam|Huế|01012021", "HC1:6BFOXN%TSMAHN", strings.Repeat("8391", 20),
		"73917" + strings.Repeat("0", 300), "73917x" + strings.Repeat("0", 40), "739175553422" /* a tax number may begin so */, "000201" + strings.Repeat("1", 50),
	} {
		if Is(s) {
			t.Errorf("%q is taken for a badge", s)
		}
		if b, err := Parse(s); err == nil {
			t.Errorf("%q is read as %v", s, b)
		}
	}
}

func TestNothingIsSaidOfTheSecret(t *testing.T) {
	var log bytes.Buffer
	l := slog.New(slog.NewTextHandler(&log, nil))
	l.Info("shown", "badge", fixed)
	all := log.String() + fmt.Sprint(fixed) + fmt.Sprintf("%v %+v %s", fixed, fixed, fixed)
	if _, err := Parse(fixedText[:60]); err != nil {
		all += err.Error()
	}
	if strings.Contains(all, "255") || strings.Contains(all, "13292279") {
		t.Errorf("the secret is said: %s", all)
	}
}

// The QR is small and in numeric mode.
func TestQR(t *testing.T) {
	code, err := qr.Encode(fixedText, qr.Q)
	if err != nil || code.Mode != "numeric" || code.Version > 4 {
		t.Errorf("QR %+v, %v", code, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(fixedText)
	f.Add("]Q1" + fixedText + "\r\n")
	f.Add(fixedText[:40])
	f.Add("7391719" + strings.Repeat("0", 80))
	f.Fuzz(func(t *testing.T, s string) {
		b, err := Parse(s)
		if err != nil {
			if !errors.Is(err, ErrFormat) || b != (Badge{}) {
				t.Errorf("%q: %v, %v", s, b, err)
			}
			return
		}
		if !Is(s) || !strings.Contains(s, b.Text()) {
			t.Errorf("%q: %v is written %s", s, b, b.Text())
		}
	})
}
