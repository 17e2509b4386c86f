package credential

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/base45"
)

// No public test data of this project has SMART Health Cards, nor EU
// certificates with every wrapping and fault. The ones here are made by the
// tests themselves, with keys of the moment, for people who do not exist.

// testNow is when the tests look at what they made.
var testNow = time.Date(2022, 3, 1, 8, 0, 0, 0, time.UTC)

// must is for tests' own values.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// signer is a key with its certificate.
type signer struct {
	key  crypto.Signer
	cert *x509.Certificate
	kid  []byte
}

func newSigner(t testing.TB, key crypto.Signer, usage ...string) signer {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test DSC", Country: []string{"VN"}},
		NotBefore: testNow.AddDate(-1, 0, 0), NotAfter: testNow.AddDate(1, 0, 0),
	}
	for _, u := range usage {
		var oid asn1.ObjectIdentifier
		for _, n := range strings.Split(u, ".") {
			oid = append(oid, must(strconv.Atoi(n)))
		}
		template.UnknownExtKeyUsage = append(template.UnknownExtKeyUsage, oid)
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	hash := sha256.Sum256(der)
	return signer{key: key, cert: must(x509.ParseCertificate(der)), kid: hash[:8]}
}

func p256() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

// sign makes the signature of alg over what is signed.
func signAs(t testing.TB, key crypto.Signer, tbs []byte) []byte {
	t.Helper()
	hash := sha256.Sum256(tbs)
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, hash[:])
		if err != nil {
			t.Fatal(err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	case *rsa.PrivateKey:
		return must(rsa.SignPSS(rand.Reader, k, crypto.SHA256, hash[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))
	case ed25519.PrivateKey:
		return ed25519.Sign(k, tbs)
	}
	t.Fatalf("key %T", key)
	return nil
}

// message is a COSE_Sign1 in the making.
type message struct {
	protected, unprotected map[int64]any
	payload                []byte
	wrapping               []byte // tag bytes in front
}

func (m message) sign(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	protected := []byte{}
	if len(m.protected) > 0 {
		protected = must(cbor.Marshal(m.protected))
	}
	tbs := must(cbor.Marshal([]any{"Signature1", protected, []byte{}, m.payload}))
	if m.unprotected == nil {
		m.unprotected = map[int64]any{}
	}
	return append(bytes.Clone(m.wrapping), must(cbor.Marshal([]any{protected, m.unprotected, m.payload, signAs(t, key, tbs)}))...)
}

func zlibOf(b []byte) []byte {
	var out bytes.Buffer
	w := must(zlib.NewWriterLevel(&out, zlib.BestCompression))
	must(w.Write(b))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// hc1 is the QR text of a message.
func hc1(b []byte) string { return "HC1:" + base45.Encode(zlibOf(b)) }

// vaccination is the claims of an invented person's certificate.
func vaccination(edit func(claims map[int64]any, dcc map[string]any)) []byte {
	dcc := map[string]any{
		"ver": "1.3.0", "dob": "1987-01-18",
		"nam": map[string]any{"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Thị Minh Khai", "gnt": "THI<MINH<KHAI"},
		"v": []any{map[string]any{
			"tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
			"dn": 2, "sd": 2, "dt": "2021-10-02", "co": "VN", "is": "Ministry of Health", "ci": "URN:UVCI:01:VN:TEST#1",
		}},
	}
	claims := map[int64]any{
		1: "VN", 4: testNow.AddDate(0, 6, 0).Unix(), 6: testNow.AddDate(0, -1, 0).Unix(), -260: map[int64]any{1: dcc},
	}
	if edit != nil {
		edit(claims, dcc)
	}
	return must(cbor.Marshal(claims))
}

// shcCard is the QR text of a SMART Health Card.
func shcCard(t testing.TB, key *ecdsa.PrivateKey, header map[string]any, payload []byte) string {
	t.Helper()
	b64 := base64.RawURLEncoding.EncodeToString
	if header["zip"] == "DEF" {
		var out bytes.Buffer
		w := must(flate.NewWriter(&out, flate.BestCompression))
		must(w.Write(payload))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		payload = out.Bytes()
	}
	signed := b64(must(json.Marshal(header))) + "." + b64(payload)
	return shcDigits(signed + "." + b64(signAs(t, key, []byte(signed))))
}

func shcDigits(jws string) string {
	text := "shc:/"
	for i := range len(jws) {
		text += fmt.Sprintf("%02d", jws[i]-45)
	}
	return text
}

// healthPayload is the payload of an invented person's SMART Health Card.
const healthPayload = `{"iss":"https://health.example.org","nbf":1640995200.5,"vc":{"type":["https://smarthealth.cards#health-card"],
"credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","type":"collection","entry":[
{"fullUrl":"resource:0","resource":{"resourceType":"Patient","name":[{"family":"Trần","given":["Văn","Bình"]}],"birthDate":"2003-09-19","gender":"male"}},
{"fullUrl":"resource:1","resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"207"}]},"occurrenceDateTime":"2021-08-01","performer":[{"actor":{"display":"Clinic A"}}],"lotNumber":"L1"}},
{"fullUrl":"resource:2","resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"208"}]},"occurrenceDateTime":"2021-09-01","performer":[{"actor":{"display":"Clinic B"}}],"lotNumber":"L2"}}
]}}}}`
