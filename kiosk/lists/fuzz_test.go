package lists

import (
	"testing"

	"quachot/internal/identity"
	"quachot/internal/rules"
	"quachot/internal/wire"
)

// The content of a list is signed, and still must not take the station down:
// the office may be of another version.
func FuzzParse(f *testing.F) {
	for name, content := range map[string]any{
		wire.ListKeys:     wire.KeyList{Cards: []wire.CardKey{{KID: []byte("k"), Public: make([]byte, 32)}}, Certs: [][]byte{{0x30, 0}}, JWKs: [][]byte{[]byte(`{"kty":"OKP"}`)}},
		wire.ListRevoked:  wire.RevokedList{Cards: []uint64{3, 1}, Tokens: [][32]byte{{1}}},
		wire.ListWatch:    wire.WatchList{Entries: []wire.WatchEntry{{Details: []byte{1}, Nonce: make([]byte, nonceSize)}, {Nonce: []byte{1}}}},
		wire.ListOfficers: officers("a"),
		wire.ListSettings: wire.Settings{StaleH: [3]uint{1}, Levels: map[string]uint8{"46": 2, "": 1}},
		wire.ListRules:    wire.RuleList{Rules: []wire.Rule{{ID: "a", When: "level > 2", Verdict: "check", ReasonVI: "v", ReasonEN: "e"}, {When: "((("}}},
		wire.ListPlaces:   wire.PlaceList{Places: []wire.CarePlace{{Code: "BV", Name: "x", Kind: "test"}}},
	} {
		b, err := wire.EncodeList(content)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, b)
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		s := empty()
		err := s.parse(wire.ListEntry{Name: name, Version: 1}, content)
		if err == nil != (len(s.Versions()) == 1) {
			t.Errorf("%v, but versions %v", err, s.Versions())
		}
		if s.Trusted() == nil {
			t.Error("no trust at all")
		}
		s.Rules().Judge(rules.NewInput())
		_ = s.RuleText("a", "vi")
		s.Revoked(1, [32]byte{1})
		for _, m := range append(s.watch.match, identity.Match{}) {
			s.Watch(identity.Keys{Match: m})
		}
	})
}
