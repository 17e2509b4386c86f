package office

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestPassword(t *testing.T) {
	h, err := HashPassword("mật khẩu dài")
	if err != nil || !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("got %q, %v", h, err)
	}
	again, _ := HashPassword("mật khẩu dài")
	if again == h {
		t.Error("two verifiers of one password are equal: no salt")
	}
	for password, want := range map[string]bool{
		"mật khẩu dài":                  true,
		norm.NFD.String("mật khẩu dài"): true, // decomposed, as some keyboards send it
		"Mật khẩu dài":                  false,
		"":                              false,
		strings.Repeat("a", 1_000_000):  false,
	} {
		if got := CheckPassword(h, password); got != want {
			t.Errorf("CheckPassword(%.40q) = %v, want %v", password, got, want)
		}
	}
	for _, bad := range []string{"", "plain", "$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", h + "$"} {
		if CheckPassword(bad, "mật khẩu dài") {
			t.Errorf("verifier %q matches", bad)
		}
	}
	for _, p := range []string{"short", strings.Repeat("x", MaxPassword+1)} {
		if _, err := HashPassword(p); !errors.Is(err, ErrPassword) {
			t.Errorf("HashPassword of %d bytes: %v, want ErrPassword", len(p), err)
		}
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{" Hải ": "hải", norm.NFD.String("Hải"): "hải", "a": "a", "": "", "a\nb": "", strings.Repeat("ă", 65): "", "\xff": ""} {
		got, err := CleanName(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CleanName(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestRoles(t *testing.T) {
	if !Admin.Includes(Viewer) || !Tracer.Includes(Viewer) || Viewer.Includes(Tracer) || Role("").Includes(Viewer) || Admin.Includes("root") {
		t.Error("roles do not include each other in order")
	}
	if _, err := ParseRole("boss"); err == nil {
		t.Error("ParseRole took boss")
	}
}

func TestSetupCode(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		c := NewSetupCode()
		if len(c) != 14 || seen[c] || strings.ContainsAny(c, "01ILOU") {
			t.Fatalf("code %q", c)
		}
		seen[c] = true
	}
	if sameCode("", "") || sameCode("ABCD", "ABC") || !sameCode("AB-CD", "a b c d") {
		t.Error("codes are compared wrongly")
	}
}

func TestGuard(t *testing.T) {
	g := newGuard(3, time.Second, time.Minute)
	now := time.Unix(1_800_000_000, 0)
	k := key{"a", 1}
	var waits []time.Duration
	for range 3 {
		if w := g.take(now, k); w != 0 {
			t.Fatalf("a free try waits %v", w)
		}
	}
	for range 8 {
		w := g.take(now, k)
		waits = append(waits, w)
		now = now.Add(w)
		if again := g.take(now, k); again != 0 {
			t.Fatalf("after its wait a try waits %v more", again)
		}
	}
	if got := fmt.Sprint(waits); got != "[1s 2s 4s 8s 16s 32s 1m0s 1m0s]" {
		t.Errorf("waits %s", got)
	}
	if w := g.take(now, key{"b", 1}); w != 0 {
		t.Errorf("another key waits %v", w)
	}
	g.forget(k)
	if w := g.take(now, k); w != 0 {
		t.Errorf("after a right one it waits %v", w)
	}
	for i := range maxKeys + 500 {
		g.take(now, key{fmt.Sprint(i), 1})
	}
	if len(g.tries) > maxKeys {
		t.Errorf("%d keys are kept, want at most %d", len(g.tries), maxKeys)
	}
}
