package card

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/text/unicode/norm"
)

// cwt is the payload (RFC 8392). What we do not name is ignored.
type cwt struct {
	Issuer   string      `cbor:"1,keyasint,omitempty"`
	Subject  string      `cbor:"2,keyasint,omitempty"`
	Expires  numericDate `cbor:"4,keyasint,omitempty"`
	Issued   numericDate `cbor:"6,keyasint,omitempty"`
	Identity *identity   `cbor:"169,keyasint,omitempty"`
}

// identity is the part of Claim 169 we know, version 1.2.0 of its
// specification. First, Middle and Last are read only.
type identity struct {
	Name   string  `cbor:"4,keyasint,omitempty"`
	First  string  `cbor:"5,keyasint,omitempty"`
	Middle string  `cbor:"6,keyasint,omitempty"`
	Last   string  `cbor:"7,keyasint,omitempty"`
	Birth  string  `cbor:"8,keyasint,omitempty"`
	Sex    uint8   `cbor:"9,keyasint,omitempty"`
	Ward   strOrNo `cbor:"21,keyasint,omitempty"`
}

// numericDate is seconds since 1970. Whole ones are written; a fraction is read
// and dropped.
type numericDate int64

// lastSecond is the end of the year 9999.
const lastSecond = 253402300799

// UnmarshalCBOR reads an integer or a float.
func (n *numericDate) UnmarshalCBOR(b []byte) error {
	var f float64
	if err := decoder.Unmarshal(b, &f); err == nil && !math.IsNaN(f) && f >= 0 && f <= lastSecond {
		*n = numericDate(f)
		return nil
	}
	var i int64
	if err := decoder.Unmarshal(b, &i); err != nil {
		return fmt.Errorf("read a date: %w", err)
	}
	if i < 0 || i > lastSecond {
		return fmt.Errorf("date %d is out of range", i)
	}
	*n = numericDate(i)
	return nil
}

func (n numericDate) time() time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}

func toNumericDate(t time.Time) numericDate {
	if t.IsZero() {
		return 0
	}
	return numericDate(t.Unix())
}

// strOrNo is a text that some writers give as a number.
type strOrNo string

// UnmarshalCBOR reads a text or an integer.
func (s *strOrNo) UnmarshalCBOR(b []byte) error {
	var text string
	if err := decoder.Unmarshal(b, &text); err == nil {
		*s = strOrNo(text)
		return nil
	}
	var n uint64
	if err := decoder.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("read a code: %w", err)
	}
	*s = strOrNo(strconv.FormatUint(n, 10))
	return nil
}

func encodeClaims(c Claims) ([]byte, error) {
	w := cwt{
		Issuer: c.Issuer, Subject: c.Number,
		Expires: toNumericDate(c.Expires), Issued: toNumericDate(c.Issued),
	}
	id := identity{Name: norm.NFC.String(c.Name), Ward: strOrNo(c.Ward), Sex: sexNumber(c.Sex)}
	if c.Birth != "" {
		birth := strings.ReplaceAll(c.Birth, "-", "")
		if readBirth(birth) != c.Birth {
			return nil, fmt.Errorf("birth %q is not YYYY-MM-DD or YYYY", c.Birth)
		}
		id.Birth = birth
	}
	if id != (identity{}) {
		w.Identity = &id
	}
	b, err := encoder.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encode the claims: %w", err)
	}
	return b, nil
}

// decodeClaims also says whether claim 169 was there.
func decodeClaims(payload []byte) (Claims, bool, error) {
	var w cwt
	if err := decoder.Unmarshal(payload, &w); err != nil {
		return Claims{}, false, fmt.Errorf("%w: read the claims: %v", ErrMalformed, err)
	}
	c := Claims{Number: w.Subject, Issuer: w.Issuer, Issued: w.Issued.time(), Expires: w.Expires.time()}
	if w.Identity == nil {
		return c, false, nil
	}
	id := *w.Identity
	c.Name = norm.NFC.String(id.Name)
	if c.Name == "" {
		c.Name = norm.NFC.String(strings.Join(strings.Fields(id.First+" "+id.Middle+" "+id.Last), " "))
	}
	c.Birth, c.Ward = readBirth(id.Birth), string(id.Ward)
	if int(id.Sex) < len(sexes) {
		c.Sex = sexes[id.Sex]
	}
	return c, true, nil
}

// sexes is Claim 169's gender: 1 male, 2 female, 3 other.
var sexes = [...]string{"", "M", "F", "X"}

func sexNumber(sex string) uint8 {
	for i, s := range sexes {
		if s == sex {
			return uint8(i)
		}
	}
	return 0
}

// readBirth takes YYYYMMDD, YYYY-MM-DD and YYYY; anything else is "".
func readBirth(s string) string {
	for _, layout := range []string{"20060102", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if len(s) == 4 && onlyDigits(s) {
		return s
	}
	return ""
}

var _ cbor.Unmarshaler = (*numericDate)(nil)
var _ cbor.Unmarshaler = (*strOrNo)(nil)
