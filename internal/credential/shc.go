package credential

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
)

// readSHC reads a SMART Health Card: "shc:/" and two digits for each character
// of a compact JWS, the character's code less 45. Cards in several codes
// (shc:/1/3/...) are given up by the standard since 2022-12 and only recognised.
func readSHC(s scan) (Reading, bool) {
	text := strings.TrimSpace(s.text)
	if len(text) < 5 || !strings.EqualFold(text[:5], "shc:/") {
		return Reading{}, false
	}
	text = text[5:]
	if strings.Contains(text, "/") {
		return Reading{Kind: SHC, Reason: Chunked}, true
	}
	jws, why := shcCharacters(text)
	if why != "" {
		return Reading{Reason: why}, true
	}
	return shcReading(jws, s), true
}

// shcCharacters turns digit pairs into the JWS.
func shcCharacters(text string) (jws, why string) {
	switch {
	case text == "":
		return "", Truncated
	case !digits(text):
		return "", Garbage
	case len(text)%2 != 0:
		return "", Truncated
	}
	b := make([]byte, 0, len(text)/2)
	for i := 0; i < len(text); i += 2 {
		b = append(b, (text[i]-'0')*10+text[i+1]-'0'+45)
	}
	return string(b), ""
}

// jws is a signature in compact form, taken apart.
type jws struct {
	Alg, Kid, Zip string

	signed    string // header.payload, as signed
	payload   []byte
	signature []byte
}

func parseJWS(text string) (jws, string) {
	parts := strings.Split(text, ".")
	if len(parts) < 3 {
		return jws{}, Truncated
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || len(parts) != 3 {
		return jws{}, Malformed
	}
	var j jws
	if json.Unmarshal(header, &j) != nil {
		return jws{}, Malformed
	}
	j.signed = parts[0] + "." + parts[1]
	if j.payload, err = base64.RawURLEncoding.DecodeString(parts[1]); err != nil {
		return jws{}, Malformed
	}
	if j.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return jws{}, Malformed
	}
	return j, ""
}

func shcReading(text string, s scan) Reading {
	j, why := parseJWS(text)
	if why != "" {
		return Reading{Reason: why}
	}
	payload := j.payload
	if j.Zip == "DEF" {
		if payload, why = inflateRaw(payload); why != "" {
			return Reading{Reason: why}
		}
	}
	r, ok := readHealthCard(payload, s)
	if !ok {
		return Reading{Reason: Malformed}
	}
	r.KeyID = []byte(j.Kid)
	r.Trust, r.Reason = j.trust(s.trust)
	if j.Zip != "DEF" {
		r.warn(WarnSchema)
	}
	return r
}

// trust tries every trusted P-256 key with the kid of the card. The key decides
// the algorithm: "none", HS256 and a missing alg are never accepted.
func (j jws) trust(trust *Trusted) (Trust, string) {
	found := false
	hash := sha256.Sum256([]byte(j.signed))
	for _, k := range trust.JWKs {
		public, ok := k.Public.(*ecdsa.PublicKey)
		if !ok || j.Kid == "" || k.KID != j.Kid {
			continue
		}
		found = true
		if j.Alg == "ES256" && verifyES256(public, hash[:], j.signature) {
			return Signed, ""
		}
	}
	switch {
	case !found && len(j.signature) == 0:
		return Undecided, Unsigned
	case !found:
		return Undecided, UnknownKey
	case len(j.signature) == 0:
		return Forged, Unsigned
	case j.Alg != "ES256":
		return Forged, AlgMismatch
	}
	return Forged, BadSignature
}

// verifyES256 takes r and s as 32 bytes each; DER is not accepted.
func verifyES256(public *ecdsa.PublicKey, hash, signature []byte) bool {
	if len(signature) != 64 {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	return ecdsa.Verify(public, hash, r, s)
}
