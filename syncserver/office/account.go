package office

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"quachot/internal/pin"
)

// Role says what an account may do; each includes the ones before it.
type Role string

// The roles of the office.
const (
	Viewer Role = "viewer" // sees the board
	Tracer Role = "tracer" // looks people up
	Admin  Role = "admin"  // enrols, revokes, makes accounts
)

// Roles are all roles, the least first.
func Roles() []Role { return []Role{Viewer, Tracer, Admin} }

// ParseRole gives an error that names the roles there are.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if string(r) == s {
			return r, nil
		}
	}
	return "", fmt.Errorf("unknown role %q, want viewer, tracer or admin", s)
}

// Includes says whether r may do what o may.
func (r Role) Includes(o Role) bool { return r.weight() >= o.weight() && o.weight() > 0 }

func (r Role) weight() int {
	for i, known := range Roles() {
		if known == r {
			return i + 1
		}
	}
	return 0
}

// Errors of names and passwords.
var (
	ErrName     = errors.New("account name: 1 to 64 characters, no control characters")
	ErrPassword = fmt.Errorf("password: %d to %d bytes", MinPassword, MaxPassword)
)

// Lengths of a password, in bytes.
const (
	MinPassword = 8
	MaxPassword = 256
)

// CleanName is the form in which account names are stored and compared: NFC,
// lower case, no blanks around.
func CleanName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", ErrName
	}
	name = strings.ToLower(norm.NFC.String(strings.TrimSpace(name)))
	n := utf8.RuneCountInString(name)
	if n < 1 || n > 64 || strings.ContainsFunc(name, unicode.IsControl) {
		return "", ErrName
	}
	return name, nil
}

// Cost of a password: Argon2id, 19 MiB, two passes, the smallest set that OWASP
// recommends; some 20 ms here, so that a login never stands in the way of sync.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024
	argonThreads = 1
	argonKey     = 32
)

// HashPassword gives an Argon2id verifier in the PHC string format, which
// [pin.VerifyPIN] reads. The password is compared in NFC, since keyboards differ
// in how they write Vietnamese. ErrPassword when it is too short or too long.
func HashPassword(password string) (string, error) {
	if len(password) < MinPassword || len(password) > MaxPassword {
		return "", ErrPassword
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	key := argon2.IDKey([]byte(norm.NFC.String(password)), salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64(salt), b64(key)), nil
}

// CheckPassword says whether password made verifier. A verifier that cannot be
// read matches nothing.
func CheckPassword(verifier, password string) bool {
	if len(password) > MaxPassword {
		return false
	}
	same, err := pin.VerifyPIN(verifier, norm.NFC.String(password))
	return err == nil && same
}
