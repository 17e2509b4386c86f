package credential

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/card"
)

func writeFile(t testing.TB, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func jwkEC(kid string, k *ecdsa.PublicKey) map[string]any {
	raw := must(k.Bytes())
	b64 := base64.RawURLEncoding.EncodeToString
	return map[string]any{"kty": "EC", "crv": "P-256", "kid": kid, "x": b64(raw[1:33]), "y": b64(raw[33:])}
}

func jwkOKP(kid string, k ed25519.PublicKey) map[string]any {
	return map[string]any{"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": base64.RawURLEncoding.EncodeToString(k)}
}

// TestLoadTrusted: every kind of file gives keys that then verify.
func TestLoadTrusted(t *testing.T) {
	dir := t.TempDir()
	dsc, dsc2, issuer := newSigner(t, p256()), newSigner(t, p256()), p256()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	own, ownPrivate, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: dsc.cert.Raw})
	writeFile(t, dir, "dsc.pem", append([]byte("Bag Attributes\n"), append(block, block...)...))
	writeFile(t, dir, "dsc2.crt", dsc2.cert.Raw)
	writeFile(t, dir, "set.jwks", must(json.Marshal(map[string]any{"keys": []any{map[string]any{"kty": "RSA", "n": "AQ", "e": "AQAB"}, jwkEC("shc-1", &issuer.PublicKey)}})))
	writeFile(t, dir, "card.json", must(json.Marshal(jwkOKP("k-jwk", public))))
	writeFile(t, dir, "card.cbor", must(cbor.Marshal(map[int64]any{1: 1, 2: []byte("k-cose"), -1: 6, -2: []byte(own)})))
	raw := must(issuer.PublicKey.Bytes())
	writeFile(t, dir, "keys.cbor", must(cbor.Marshal([]any{map[int64]any{1: 2, 2: []byte("ec-cose"), -1: 1, -2: raw[1:33], -3: raw[33:]}})))
	writeFile(t, dir, "ORIGIN.md", []byte("words"))
	writeFile(t, dir, ".hidden", []byte("words"))
	trust, err := LoadTrusted(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(trust.Certs) != 3 || len(trust.JWKs) != 4 || len(trust.Cards) != 2 {
		t.Fatalf("%d certificates, %d JWKs, %d card keys, want 3, 4, 2", len(trust.Certs), len(trust.JWKs), len(trust.Cards))
	}
	o := newOwnCards(t, 0, 0)
	for name, text := range map[string]string{
		"PEM":           hc1(message{map[int64]any{1: algES256, 4: dsc.kid}, nil, vaccination(nil), nil}.sign(t, dsc.key)),
		"DER":           hc1(message{map[int64]any{1: algES256, 4: dsc2.kid}, nil, vaccination(nil), nil}.sign(t, dsc2.key)),
		"JWKS":          shcCard(t, issuer, map[string]any{"alg": "ES256", "zip": "DEF", "kid": "shc-1"}, []byte(healthPayload)),
		"JWK card":      must(card.Base45(must(card.Sign(private, []byte("k-jwk"), o.claims())))),
		"COSE_Key card": must(card.Base45(must(card.Sign(ownPrivate, []byte("k-cose"), o.claims())))),
	} {
		if r := Read(text, trust, testNow); r.Trust != Signed {
			t.Errorf("%s: %v %v %q, want signed", name, r.Kind, r.Trust, r.Reason)
		}
	}
}

func TestLoadTrustedRefuses(t *testing.T) {
	key := p256()
	withD := jwkEC("k", &key.PublicKey)
	withD["d"] = "AAAA"
	offCurve := jwkEC("k", &key.PublicKey)
	offCurve["y"] = offCurve["x"]
	pkcs8 := must(x509.MarshalPKCS8PrivateKey(key))
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"garbage":            {[]byte("garbage"), ErrKey},
		"empty":              {nil, ErrKey},
		"private JWK":        {must(json.Marshal(withD)), ErrPrivateKey},
		"private JWK in set": {must(json.Marshal(map[string]any{"keys": []any{withD}})), ErrPrivateKey},
		"private PEM":        {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), ErrPrivateKey},
		"private COSE":       {must(cbor.Marshal(map[int64]any{1: 1, -1: 6, -2: make([]byte, 32), -4: make([]byte, 32)})), ErrPrivateKey},
		"other PEM":          {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte{1}}), ErrKey},
		"half a PEM":         {[]byte("-----BEGIN CERTIFICATE-----\nAAAA"), ErrKey},
		"off the curve":      {must(json.Marshal(offCurve)), ErrKey},
		"set of nothing":     {[]byte(`{"keys":[]}`), ErrKey},
		"RSA":                {[]byte(`{"kty":"RSA","n":"AQ","e":"AQAB"}`), ErrKey},
		"half JSON":          {[]byte(`{"kty":"EC"`), ErrKey},
		"short Ed25519":      {[]byte(`{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`), ErrKey},
	} {
		dir := t.TempDir()
		writeFile(t, dir, "some.key", c.content)
		_, err := LoadTrusted(dir)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), "some.key") {
			t.Errorf("%s: %v, want %v naming the file", name, err, c.want)
		}
	}
	if _, err := LoadTrusted(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func FuzzKeyFile(f *testing.F) {
	key := p256()
	f.Add(must(json.Marshal(jwkEC("k", &key.PublicKey))))
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`))
	f.Add(must(cbor.Marshal(map[int64]any{1: 1, 2: []byte("k"), -1: 6, -2: make([]byte, 32)})))
	f.Add(newSigner(f, key).cert.Raw)
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		trust := &Trusted{}
		if err := trust.addKeys(b); err == nil && len(trust.Certs)+len(trust.JWKs) == 0 {
			t.Fatalf("no error and no key from %x", b)
		}
	})
}
