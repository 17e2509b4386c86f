package journal

import "github.com/fxamacker/cbor/v2"

// The CBOR of the journal's own small values. Their bytes come from a disk that
// may be damaged, so decoding has limits.
var (
	encoding, _ = cbor.CoreDetEncOptions().EncMode()
	decoding, _ = cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxNestedLevels: 8, MaxArrayElements: 1 << 16, MaxMapPairs: 1 << 12}.DecMode()
)

func marshal(v any) ([]byte, error)   { return encoding.Marshal(v) }
func unmarshal(b []byte, v any) error { return decoding.Unmarshal(b, v) }
