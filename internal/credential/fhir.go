package credential

import (
	"encoding/json"
	"strconv"
	"strings"

	"quachot/internal/identity"
)

// healthCard is the payload of a SMART Health Card: a verifiable credential
// around a FHIR bundle. Other members are ignored.
type healthCard struct {
	Iss string
	Nbf float64
	Exp float64
	VC  struct {
		Type              []string
		CredentialSubject struct {
			FHIRBundle struct {
				Entry []struct{ Resource json.RawMessage }
			}
		}
	}
}

// resource is what is read of any FHIR resource; a member of an odd type is lost
// alone.
type resource struct {
	ResourceType string
	Status       string

	// Patient
	Name []struct {
		Family, Text string
		Given        []string
	}
	BirthDate, Gender string
	Identifier        []struct{ Value string }

	// Immunization
	VaccineCode        concept
	OccurrenceDateTime string
	LotNumber          string
	Performer          []struct{ Actor struct{ Display string } }

	// Observation
	Code                 concept
	EffectiveDateTime    string
	ValueCodeableConcept concept
}

type concept struct {
	Text   string
	Coding []struct{ Code, Display string }
}

// words is the best text a concept has.
func (c concept) words() string {
	for _, code := range c.Coding {
		if code.Display != "" {
			return code.Display
		}
	}
	if c.Text != "" || len(c.Coding) == 0 {
		return c.Text
	}
	return displayName(c.Coding[0].Code)
}

// readHealthCard reads the payload; false when it is no health card.
func readHealthCard(payload []byte, s scan) (Reading, bool) {
	var hc healthCard
	if json.Unmarshal(payload, &hc) != nil {
		return Reading{}, false
	}
	bundle := hc.VC.CredentialSubject.FHIRBundle.Entry
	if len(bundle) == 0 {
		return Reading{}, false
	}
	r := Reading{Kind: SHC, Issued: unix(hc.Nbf), Expires: unix(hc.Exp)}
	doses := 0
	for _, e := range bundle {
		var res resource
		_ = json.Unmarshal(e.Resource, &res) // a wrong type leaves the rest readable
		switch res.ResourceType {
		case "Patient":
			r.patient(res, s)
		case "Immunization":
			doses++
			r.immunization(res)
		case "Observation":
			r.set("test_name", res.Code.words())
			r.set("result", res.ValueCodeableConcept.words())
			r.set("date", isoDate(res.EffectiveDateTime))
		}
	}
	if doses > 0 {
		r.set("doses", strconv.Itoa(doses))
	}
	if r.Name == "" {
		r.warn(WarnNoIdentity)
	}
	r.set("iss", hc.Iss)
	r.dates(r.Issued, s.now)
	return r, true
}

// patient reads the person, family name first. A second patient in the bundle
// breaks the standard and is not read.
func (r *Reading) patient(res resource, s scan) {
	if r.Name != "" {
		r.warn(WarnSchema)
		return
	}
	for _, n := range res.Name {
		if r.Name = fact(n.Family + " " + strings.Join(n.Given, " ")); r.Name == "" {
			r.Name = fact(n.Text)
		}
		if r.Name != "" {
			break
		}
	}
	r.Sex = sexWord(res.Gender)
	r.birth(isoDate(res.BirthDate), s.now)
	for i, id := range res.Identifier {
		if i < maxExtra {
			r.document(identity.Foreign, id.Value)
		}
	}
}

// immunization keeps the latest dose.
func (r *Reading) immunization(res resource) {
	date := isoDate(res.OccurrenceDateTime)
	if date < r.Fields["date"] {
		return
	}
	r.set("date", date)
	r.set("vaccine", res.VaccineCode.words())
	r.set("lot", res.LotNumber)
	for _, p := range res.Performer {
		r.set("issuer", p.Actor.Display)
	}
}
