package pin

import (
	"errors"
	"strings"
	"testing"
)

func TestMakeAndVerify(t *testing.T) {
	a, err := MakePIN("2468")
	if err != nil {
		t.Fatal(err)
	}
	b, err := MakePIN("2468")
	if err != nil {
		t.Fatal(err)
	}
	if a == b {
		t.Error("two verifiers of one PIN are equal: no salt")
	}
	if !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(a, "2468") {
		t.Errorf("verifier %q", a)
	}
	for pin, want := range map[string]bool{"2468": true, "2469": false, "": false, "24680": false, "02468": false} {
		if got, err := VerifyPIN(a, pin); got != want || err != nil {
			t.Errorf("%q: %v, %v, want %v", pin, got, err, want)
		}
	}
}

func TestWeakPINs(t *testing.T) {
	for _, weak := range []string{"", "123", "12a4", "1234567890123", "１２３４", " 1234"} {
		if v, err := MakePIN(weak); !errors.Is(err, ErrWeak) {
			t.Errorf("%q: %q, %v, want ErrWeak", weak, v, err)
		}
	}
}

const good = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestBadVerifiers(t *testing.T) {
	if _, err := VerifyPIN(good, "1"); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	for name, v := range map[string]string{
		"nothing":          "",
		"another function": strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":  strings.Replace(good, "v=19", "v=16", 1),
		"a terabyte":       strings.Replace(good, "m=64", "m=1000000000", 1),
		"for ever":         strings.Replace(good, "t=1", "t=4000000000", 1),
		"no passes":        strings.Replace(good, "t=1", "t=0", 1),
		"no threads":       strings.Replace(good, "p=1", "p=0", 1),
		"negative":         strings.Replace(good, "m=64", "m=-64", 1),
		"short salt":       strings.Replace(good, "c29tZXNhbHRzb21lc2FsdA", "c29t", 1),
		"no hash":          good[:strings.LastIndex(good, "$")+1],
		"bad base64":       strings.Replace(good, "c29t", "c2*t", 1),
		"a part too many":  good + "$x",
	} {
		if ok, err := VerifyPIN(v, "1234"); ok || !errors.Is(err, ErrVerifier) {
			t.Errorf("%s: %v, %v, want ErrVerifier", name, ok, err)
		}
	}
}

func FuzzVerifyPIN(f *testing.F) {
	f.Add(good)
	f.Add("$argon2id$v=19$m=8,t=1,p=16$$")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err == nil && (v.memory > maxMemory || v.passes > maxPasses) {
			t.Errorf("%q costs %d KiB, %d passes", s, v.memory, v.passes)
		}
	})
}
