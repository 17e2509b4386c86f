package credential

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// claims is a CWT (RFC 8392) of somebody else. Each claim is read by itself, so
// that one of an odd type loses only itself.
type claims struct {
	Issuer    cbor.RawMessage `cbor:"1,keyasint"`
	Subject   cbor.RawMessage `cbor:"2,keyasint"`
	Expires   cbor.RawMessage `cbor:"4,keyasint"`
	NotBefore cbor.RawMessage `cbor:"5,keyasint"`
	Issued    cbor.RawMessage `cbor:"6,keyasint"`
	Identity  cbor.RawMessage `cbor:"169,keyasint"`
	HCert     cbor.RawMessage `cbor:"-260,keyasint"`
}

func parseClaims(payload []byte) (claims, error) {
	var c claims
	if err := cborIn.Unmarshal(payload, &c); err != nil {
		return claims{}, fmt.Errorf("%w: claims: %v", errMalformed, err)
	}
	return c, nil
}

// value is any CBOR item; nil when it cannot be read.
func value(raw cbor.RawMessage) any {
	var v any
	if len(raw) == 0 || cborIn.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// words is a CBOR item as text: numbers in decimal, times as RFC 3339, and
// nothing for what has no short text.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case uint64:
		return strconv.FormatUint(v, 10)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.Format(time.RFC3339)
	case cbor.Tag:
		return words(v.Content)
	}
	return ""
}

// lastSecond is the end of the year 9999, beyond which a time has no text.
const lastSecond = 253402300799

// numericDate is seconds since 1970, whole or not; zero when it is neither.
func numericDate(raw cbor.RawMessage) time.Time {
	switch v := value(raw).(type) {
	case uint64:
		return unix(float64(v))
	case float64:
		return unix(v)
	}
	return time.Time{}
}

func unix(seconds float64) time.Time {
	if math.IsNaN(seconds) || seconds <= 0 || seconds > lastSecond {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}
