// Package pin makes and checks the verifier of an officer's PIN: Argon2id in
// the PHC string format. The office makes it, every station checks it. A PIN
// of four to six digits protects nothing on a stolen disk; it tells officers
// apart and slows down a hand at the keyboard (docs/threat-model.md).
package pin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a new verifier: about 40 ms on a laptop. Source: OWASP password
// storage cheat sheet, the smallest memory it recommends for Argon2id, t=2.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	threads = 1
	size    = 32
)

// Bounds of a verifier that comes from outside: a bad list must not eat the
// station's memory.
const (
	maxMemory = 256 << 10 // KiB
	maxPasses = 16
)

// ErrVerifier is wrapped when the verifier cannot be read, ErrWeak by MakePIN.
var (
	ErrVerifier = errors.New("not an Argon2id verifier")
	ErrWeak     = errors.New("a PIN is 4 to 12 digits")
)

// MakePIN makes a verifier for pin with a new salt.
func MakePIN(pin string) (string, error) {
	if len(pin) < 4 || len(pin) > 12 || strings.Trim(pin, "0123456789") != "" {
		return "", ErrWeak
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	hash := argon2.IDKey([]byte(pin), salt, passes, memory, threads, size)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads,
		b64.EncodeToString(salt), b64.EncodeToString(hash)), nil
}

// VerifyPIN tells whether pin is the one that verifier was made of. An error
// wraps [ErrVerifier]: then nobody can log in with it, whatever is typed.
func VerifyPIN(verifier, pin string) (bool, error) {
	v, err := parse(verifier)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(pin), v.salt, v.passes, v.memory, v.threads, uint32(len(v.hash)))
	return subtle.ConstantTimeCompare(got, v.hash) == 1, nil
}

type verifier struct {
	memory, passes uint32
	threads        uint8
	salt, hash     []byte
}

func parse(s string) (verifier, error) {
	bad := func(what string) (verifier, error) { return verifier{}, fmt.Errorf("%w: %s", ErrVerifier, what) }
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" {
		return bad("want $argon2id$v=..$m=..,t=..,p=..$salt$hash")
	}
	if part[2] != "v="+strconv.Itoa(argon2.Version) {
		return bad("unknown version " + strconv.Quote(part[2]))
	}
	var v verifier
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &v.memory, &v.passes, &v.threads); n != 3 || err != nil {
		return bad("cost " + strconv.Quote(part[3]))
	}
	if v.memory < 8 || v.memory > maxMemory || v.passes < 1 || v.passes > maxPasses || v.threads < 1 || v.threads > 16 {
		return bad("cost out of bounds: " + part[3])
	}
	var err1, err2 error
	v.salt, err1 = base64.RawStdEncoding.DecodeString(part[4])
	v.hash, err2 = base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(v.salt) < 8 || len(v.salt) > 64 || len(v.hash) < 16 || len(v.hash) > 64 {
		return bad("salt or hash")
	}
	return v, nil
}
