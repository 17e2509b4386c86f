package record

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// bodies is one empty struct per kind that has one.
var bodies = map[Kind]any{
	KindScan: Scan{}, KindPassage: Passage{}, KindDeclaration: Declaration{}, KindCard: CardStep{}, KindShift: Shift{},
	KindContext: Context{}, KindIncident: Incident{}, KindClock: ClockJump{}, KindNote: Note{},
}

// JSON is the body with the field names of this version. Keys it does not know
// appear as "key_N", so that nothing a newer station wrote is hidden.
func (e Entry) JSON() (json.RawMessage, error) {
	var all map[any]any
	if err := decoding.Unmarshal(e.Body, &all); err != nil {
		return nil, fmt.Errorf("decode %s record's body: %w", e.Kind, err)
	}
	out := map[string]any{}
	known := map[string]bool{}
	if body, ok := bodies[e.Kind]; ok {
		named, err := e.named(reflect.New(reflect.TypeOf(body)))
		if err != nil {
			return nil, err
		}
		out, known = named, keysOf(reflect.TypeOf(body))
	}
	for k, v := range all {
		if name := fmt.Sprint(k); !known[name] {
			out["key_"+name] = plainJSON(v)
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write %s record as JSON: %w", e.Kind, err)
	}
	return b, nil
}

func (e Entry) named(body reflect.Value) (map[string]any, error) {
	if err := e.Into(body.Interface()); err != nil {
		return nil, err
	}
	b, err := json.Marshal(body.Interface())
	if err != nil {
		return nil, fmt.Errorf("write %s record as JSON: %w", e.Kind, err)
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber() // card numbers and times are longer than a float64 holds
	out := map[string]any{}
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("write %s record as JSON: %w", e.Kind, err)
	}
	return out, nil
}

// keysOf are the integer keys of a body struct.
func keysOf(t reflect.Type) map[string]bool {
	keys := map[string]bool{}
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("cbor"), ",")
		if _, err := strconv.Atoi(key); err == nil {
			keys[key] = true
		}
	}
	return keys
}

// plainJSON makes any CBOR value fit for encoding/json.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[any]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[fmt.Sprint(k)] = plainJSON(e)
		}
		return m
	case []any:
		for i := range v {
			v[i] = plainJSON(v[i])
		}
		return v
	case float32, float64:
		if b, err := json.Marshal(v); err == nil {
			return json.RawMessage(b)
		}
		return fmt.Sprint(v) // NaN and infinities
	case nil, bool, string, []byte, uint64, int64:
		return v
	}
	return fmt.Sprint(v)
}
