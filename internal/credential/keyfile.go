package credential

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// Why a key file is refused, for errors.Is.
var (
	ErrKey        = errors.New("not a public key this program can use")
	ErrPrivateKey = errors.New("a private key, which has no place among the keys to trust")
)

// maxKeyFile bounds a key file. The EU's full list of signers had below 1 MB.
const maxKeyFile = 16 << 20

// LoadTrusted reads every key file of a folder: PEM certificates (several in a
// file), one DER certificate, a JWK or a set of them, a CBOR COSE_Key or an
// array of them. What a file is, its bytes say. Hidden files, folders and *.md,
// *.txt and LICENSE are passed over; any other file that is no key is an error
// that names it.
func LoadTrusted(dir string) (*Trusted, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of trusted keys: %w", err)
	}
	t := &Trusted{}
	for _, e := range entries {
		if e.IsDir() || passedOver(e.Name()) {
			continue
		}
		if err := t.addFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, fmt.Errorf("trusted key %s: %w", e.Name(), err)
		}
	}
	return t, nil
}

func passedOver(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return strings.HasPrefix(name, ".") || ext == ".md" || ext == ".txt" || name == "LICENSE"
}

func (t *Trusted) addFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxKeyFile {
		return fmt.Errorf("%w: %d bytes", ErrKey, info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return t.addKeys(b)
}

// addKeys adds the keys of one file.
func (t *Trusted) addKeys(b []byte) error {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\ufeff")))
	switch {
	case bytes.Contains(trimmed, []byte("-----BEGIN ")):
		return t.addPEM(trimmed)
	case bytes.HasPrefix(trimmed, []byte("{")):
		keys, err := parseJWKs(trimmed)
		t.add(keys...)
		return err
	}
	if cert, err := x509.ParseCertificate(b); err == nil {
		t.Certs = append(t.Certs, cert)
		return nil
	}
	keys, err := parseCOSEKeys(b)
	t.add(keys...)
	return err
}

func (t *Trusted) addPEM(b []byte) error {
	found := false
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		switch {
		case strings.Contains(block.Type, "PRIVATE KEY"):
			return ErrPrivateKey
		case block.Type != "CERTIFICATE":
			return fmt.Errorf("%w: PEM block %q, want CERTIFICATE", ErrKey, block.Type)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%w: %v", ErrKey, err)
		}
		t.Certs = append(t.Certs, cert)
		found = true
	}
	if !found {
		return fmt.Errorf("%w: no whole PEM block", ErrKey)
	}
	return nil
}

// jwkJSON is the members of RFC 7517 and 8037 that matter.
type jwkJSON struct {
	Kty, Crv, Kid, X, Y string
	D                   json.RawMessage
	Keys                []json.RawMessage
}

// parseJWKs reads one key or {"keys":[...]}. In a set, keys of other kinds are
// passed over as RFC 7517 demands, but one must be left.
func parseJWKs(b []byte) ([]JWK, error) {
	var set jwkJSON
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrKey, err)
	}
	if set.Keys == nil {
		k, err := ParseJWK(b)
		if err != nil {
			return nil, err
		}
		return []JWK{k}, nil
	}
	var keys []JWK
	for _, raw := range set.Keys {
		k, err := ParseJWK(raw)
		if errors.Is(err, ErrPrivateKey) {
			return nil, err
		}
		if err == nil {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%w: no EC P-256 or Ed25519 key in the set", ErrKey)
	}
	return keys, nil
}

// ParseJWK reads one JSON Web Key: EC on P-256 or OKP with Ed25519, public.
// Errors are ErrKey or ErrPrivateKey.
func ParseJWK(b []byte) (JWK, error) {
	var j jwkJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return JWK{}, fmt.Errorf("%w: %v", ErrKey, err)
	}
	if j.D != nil {
		return JWK{}, ErrPrivateKey
	}
	x, errX := base64.RawURLEncoding.DecodeString(j.X)
	y, errY := base64.RawURLEncoding.DecodeString(j.Y)
	if errX != nil || errY != nil {
		return JWK{}, fmt.Errorf("%w: the coordinates are not base64url", ErrKey)
	}
	switch {
	case j.Kty == "EC" && j.Crv == "P-256":
		return ecKey(j.Kid, x, y)
	case j.Kty == "OKP" && j.Crv == "Ed25519":
		return okpKey(j.Kid, x)
	}
	return JWK{}, fmt.Errorf("%w: kty %q crv %q", ErrKey, j.Kty, j.Crv)
}

func ecKey(kid string, x, y []byte) (JWK, error) {
	if len(x) != 32 || len(y) != 32 {
		return JWK{}, fmt.Errorf("%w: P-256 coordinates of %d and %d bytes", ErrKey, len(x), len(y))
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil {
		return JWK{}, fmt.Errorf("%w: %v", ErrKey, err)
	}
	return JWK{KID: kid, Public: public}, nil
}

func okpKey(kid string, x []byte) (JWK, error) {
	if len(x) != ed25519.PublicKeySize {
		return JWK{}, fmt.Errorf("%w: Ed25519 key of %d bytes", ErrKey, len(x))
	}
	return JWK{KID: kid, Public: ed25519.PublicKey(x)}, nil
}

// coseKey is a COSE_Key (RFC 9052, section 7).
type coseKey struct {
	Kty int64           `cbor:"1,keyasint"`
	KID []byte          `cbor:"2,keyasint"`
	Crv int64           `cbor:"-1,keyasint"`
	X   []byte          `cbor:"-2,keyasint"`
	Y   []byte          `cbor:"-3,keyasint"`
	D   cbor.RawMessage `cbor:"-4,keyasint"`
}

// parseCOSEKeys reads one COSE_Key or an array of them.
func parseCOSEKeys(b []byte) ([]JWK, error) {
	var set []coseKey
	if len(b) > 0 && b[0]>>5 == 4 {
		if err := cborIn.Unmarshal(b, &set); err != nil {
			return nil, fmt.Errorf("%w: %v", ErrKey, err)
		}
	} else {
		set = make([]coseKey, 1)
		if err := cborIn.Unmarshal(b, &set[0]); err != nil {
			return nil, fmt.Errorf("%w: neither certificate, JWK nor COSE_Key", ErrKey)
		}
	}
	if len(set) == 0 {
		return nil, fmt.Errorf("%w: an empty set", ErrKey)
	}
	var keys []JWK
	for _, c := range set {
		k, err := c.key()
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// key knows kty 1 with crv 6 (OKP, Ed25519) and kty 2 with crv 1 (EC2, P-256).
func (c coseKey) key() (JWK, error) {
	switch {
	case len(c.D) > 0:
		return JWK{}, ErrPrivateKey
	case c.Kty == 1 && c.Crv == 6:
		return okpKey(string(c.KID), c.X)
	case c.Kty == 2 && c.Crv == 1:
		return ecKey(string(c.KID), c.X, c.Y)
	}
	return JWK{}, fmt.Errorf("%w: COSE_Key of kty %d crv %d", ErrKey, c.Kty, c.Crv)
}
