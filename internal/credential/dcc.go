package credential

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
)

// readDCC reads an EU Digital COVID Certificate, which the Vietnamese vaccine
// passport is too: "HC1:" Base45(zlib(COSE_Sign1(CWT))).
// A Base45 text never ends in a blank, so blanks around it are the scanner's.
func readDCC(s scan) (Reading, bool) {
	text, ok := strings.CutPrefix(strings.TrimSpace(s.text), "HC1:")
	if !ok {
		return Reading{}, false
	}
	b, why := unpackBase45(text)
	if why == Garbage && typedOver(strings.TrimSpace(s.text)) {
		why = InputMethod
	}
	if why != "" {
		return Reading{Reason: why}, true
	}
	m, err := parseSign1(b)
	if err != nil {
		return Reading{Reason: Malformed}, true
	}
	return dccReading(m, s), true
}

// dcc is the certificate inside (schema 1.3.0, read leniently). Exactly one of
// the three lists has one entry: a vaccination, a test or a recovery.
type dcc struct {
	Version cbor.RawMessage  `cbor:"ver"`
	Name    map[string]any   `cbor:"nam"`
	Birth   cbor.RawMessage  `cbor:"dob"`
	V       []map[string]any `cbor:"v"`
	T       []map[string]any `cbor:"t"`
	R       []map[string]any `cbor:"r"`
}

// parseDCC takes the certificate out of the claims. -260 holds {1: certificate}.
func parseDCC(c claims) (dcc, error) {
	var in struct {
		DCC cbor.RawMessage `cbor:"1,keyasint"`
	}
	if err := cborIn.Unmarshal(c.HCert, &in); err != nil {
		return dcc{}, fmt.Errorf("%w: claim -260: %v", errMalformed, err)
	}
	var d dcc
	if err := cborIn.Unmarshal(in.DCC, &d); err != nil {
		return dcc{}, fmt.Errorf("%w: certificate: %v", errMalformed, err)
	}
	return d, nil
}

// entry is the first entry with its kind, and whether it is the only one as the
// schema demands.
func (d dcc) entry() (first map[string]any, kind string, only bool) {
	for _, list := range []struct {
		kind    string
		entries []map[string]any
	}{{"vaccination", d.V}, {"test", d.T}, {"recovery", d.R}} {
		if len(list.entries) > 0 && first == nil {
			first, kind = list.entries[0], list.kind
		}
	}
	return first, kind, len(d.V)+len(d.T)+len(d.R) == 1
}

// dccReading reads the claims and judges the signature. A message without a
// certificate in it is unreadable, whoever signed it.
func dccReading(m sign1, s scan) Reading {
	c, err := parseClaims(m.payload)
	if err != nil {
		return Reading{Reason: Malformed}
	}
	d, err := parseDCC(c)
	if err != nil {
		return Reading{Reason: Malformed}
	}
	entry, kind, only := d.entry()
	r := Reading{Kind: DCC, KeyID: m.kid, Issued: numericDate(c.Issued), Expires: numericDate(c.Expires)}
	r.Name = personName(d.Name)
	r.birth(isoDate(words(value(d.Birth))), s.now)
	r.entryFacts(entry)
	r.set("type", kind)
	r.set("version", words(value(d.Version)))
	r.set("iss", words(value(c.Issuer)))
	if !only || r.Name == "" || !complete(entry, kind) {
		r.warn(WarnSchema)
	}
	r.dates(r.Issued, s.now)
	r.dccTrust(m, kind, s.trust)
	return r
}

// personName is family name first, as Vietnamese names are said, from the name
// as written, else from its transliteration.
func personName(n map[string]any) string {
	name := fact(words(n["fn"]) + " " + words(n["gn"]))
	if name == "" {
		name = fact(strings.ReplaceAll(words(n["fnt"])+" "+words(n["gnt"]), "<", " "))
	}
	return name
}

// dccFacts are the members of an entry under the names they get here.
var dccFacts = map[string]string{
	"co": "country", "is": "issuer", "dt": "date",
	"dn": "dose", "sd": "doses", "nm": "test_name", "sc": "sampled", "tc": "centre",
	"fr": "first_positive", "df": "from", "du": "to",
}

// dccCoded are the members whose codes have readable names.
var dccCoded = map[string]string{
	"tg": "disease", "vp": "vaccine", "mp": "product", "ma": "maker", "tt": "test_type", "tr": "result",
}

func (r *Reading) entryFacts(entry map[string]any) {
	for member, name := range dccFacts {
		r.set(name, words(entry[member]))
	}
	for member, name := range dccCoded {
		r.set(name, displayName(words(entry[member])))
	}
	r.document(identity.Foreign, words(entry["ci"]))
	r.set("ci", words(entry["ci"]))
}

// dccNeeds are the members an entry of each kind must have.
var dccNeeds = map[string][]string{
	"vaccination": {"tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"},
	"test":        {"tg", "tt", "sc", "tr", "co", "is", "ci"},
	"recovery":    {"tg", "fr", "df", "du", "co", "is", "ci"},
}

func complete(entry map[string]any, kind string) bool {
	for _, member := range dccNeeds[kind] {
		if words(entry[member]) == "" {
			return false
		}
	}
	return kind != ""
}

// dccTrust tries every certificate with the kid of the message. The algorithm
// may stand in the unprotected header alone: some of the test data demand it,
// and the key decides the algorithm anyway.
func (r *Reading) dccTrust(m sign1, kind string, trust *Trusted) {
	alg := m.alg
	if alg == 0 {
		alg = m.loneAlg
	}
	if m.critical {
		r.Trust, r.Reason = Undecided, NotSupported
		return
	}
	best := errors.New("no certificate")
	for _, cert := range trust.signers(m.kid) {
		err := m.verify(alg, cert.PublicKey)
		if err == nil {
			r.signedBy(cert, kind)
			return
		}
		best = worse(best, err)
	}
	r.Trust, r.Reason = forged(best)
}

// signedBy judges a right signature by what its certificate allows: the kind of
// entry, and the dates.
func (r *Reading) signedBy(cert *x509.Certificate, kind string) {
	r.set("signer", cert.Subject.String())
	if !mayAttest(cert, kind) {
		r.Trust, r.Reason = Undecided, KeyUsage
		return
	}
	r.Trust, r.Reason = Signed, ""
	if !r.Issued.IsZero() && (r.Issued.Before(cert.NotBefore) || r.Issued.After(cert.NotAfter)) {
		r.warn(WarnSignerDates)
	}
}

// dccUsage are the extended key usages of signers under both roots that occur.
var dccUsage = map[string]string{
	"1.3.6.1.4.1.1847.2021.1.1": "test", "1.3.6.1.4.1.0.1847.2021.1.1": "test",
	"1.3.6.1.4.1.1847.2021.1.2": "vaccination", "1.3.6.1.4.1.0.1847.2021.1.2": "vaccination",
	"1.3.6.1.4.1.1847.2021.1.3": "recovery", "1.3.6.1.4.1.0.1847.2021.1.3": "recovery",
}

// mayAttest says whether a certificate may sign this kind of entry. One that
// names no kind may sign all.
func mayAttest(cert *x509.Certificate, kind string) bool {
	limited := false
	for _, oid := range cert.UnknownExtKeyUsage {
		named, ok := dccUsage[oid.String()]
		if ok && named == kind {
			return true
		}
		limited = limited || ok
	}
	return !limited
}
