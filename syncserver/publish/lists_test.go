package publish_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/wire"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
)

// newOffice is an office with a publisher.
func newOffice(t *testing.T) (*storetest.Office, *publish.Publisher) {
	t.Helper()
	v := storetest.NewVault(t)
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{Opener: v.NewOpener()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p, err := publish.Open(t.Context(), publish.Config{Store: s, Vault: v})
	if err != nil {
		t.Fatal(err)
	}
	return &storetest.Office{Store: s, T: t, Vault: v}, p
}

// published is one list as a station gets it; false when it is not in the
// manifest.
func published(t *testing.T, o *storetest.Office, p *publish.Publisher, name string, into any) bool {
	t.Helper()
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	sm, _, err := p.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	m, err := sm.Open(o.Vault.Keys().Sign)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range m.Lists {
		if l.Name == name {
			if err := wire.DecodeList(p.Chunk(wire.Want{List: name, Version: l.Version}).Data, into); err != nil {
				t.Fatal(err)
			}
			return true
		}
	}
	return false
}

// Rules and places are in the manifest once the office has any; an empty list is
// a list, so that it can take all away again.
func TestRulesAndPlaces(t *testing.T) {
	o, p := newOffice(t)
	var rules wire.RuleList
	var places wire.PlaceList
	if published(t, o, p, wire.ListRules, &rules) || published(t, o, p, wire.ListPlaces, &places) {
		t.Error("lists of an office that has none: stations would ask nothing")
	}
	if all, ok, err := publish.Rules(t.Context(), o.Store); ok || all != nil || err != nil {
		t.Errorf("rules before any: %v %v %v", all, ok, err)
	}
	rule := wire.Rule{ID: "a", When: "level > 2 && 'x' != '<&>'", Verdict: "check", ReasonVI: "Vì sao", ReasonEN: "why", Off: true}
	place := wire.CarePlace{Code: "KTX", Name: "Ký túc xá", Kind: "quarantine", Serves: []string{"46"}, Free: 3, At: &[2]float64{16.4, 107.5}}
	if err := publish.SetRules(t.Context(), o.Store, []wire.Rule{rule}); err != nil {
		t.Fatal(err)
	}
	if err := publish.SetPlaces(t.Context(), o.Store, []wire.CarePlace{place}); err != nil {
		t.Fatal(err)
	}
	if !published(t, o, p, wire.ListRules, &rules) || !published(t, o, p, wire.ListPlaces, &places) {
		t.Fatal("not in the manifest")
	}
	if diff := cmp.Diff(wire.RuleList{Rules: []wire.Rule{rule}}, rules); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wire.PlaceList{Places: []wire.CarePlace{place}}, places); diff != "" {
		t.Error(diff)
	}
	if err := publish.SetRules(t.Context(), o.Store, nil); err != nil {
		t.Fatal(err)
	}
	if err := publish.SetPlaces(t.Context(), o.Store, nil); err != nil {
		t.Fatal(err)
	}
	rules, places = wire.RuleList{}, wire.PlaceList{}
	if !published(t, o, p, wire.ListRules, &rules) || !published(t, o, p, wire.ListPlaces, &places) || len(rules.Rules)+len(places.Places) != 0 {
		t.Errorf("after taking all away: %v %v", rules, places)
	}
}

func TestSettings(t *testing.T) {
	o, p := newOffice(t)
	if err := o.Store.AddPost(t.Context(), store.Post{Code: "PB1", Name: "Phú Bài", Kind: "road"}); err != nil {
		t.Fatal(err)
	}
	var got wire.Settings
	published(t, o, p, wire.ListSettings, &got)
	if got.StaleH != [3]uint{24, 72, 168} || got.Levels != nil || got.IdleMin != 0 {
		t.Errorf("before any: %+v", got)
	}
	for _, kv := range [][2]string{
		{"province", " Huế "}, {"street", "BÀN 3"}, {"call", "0234"}, {"stale", "0;12,36"}, {"idle", "20"},
		{"level", "all=1"}, {"level", "46=2"}, {"level", " 19753 = 4 "}, {"level", "post:PB1=3"}, {"level", "79=4"}, {"level", "79=0"},
	} {
		if err := publish.Set(t.Context(), o.Store, kv[0], kv[1]); err != nil {
			t.Fatal(kv, err)
		}
	}
	got = wire.Settings{}
	published(t, o, p, wire.ListSettings, &got)
	want := wire.Settings{
		Province: "Huế", Street: "BÀN 3", Call: "0234", StaleH: [3]uint{0, 12, 36}, IdleMin: 20,
		Levels: map[string]uint8{"": 1, "46": 2, "19753": 4, "post:PB1": 3},
		Posts:  []wire.Post{{Code: "PB1", Name: "Phú Bài", Kind: "road"}}, Stations: got.Stations,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"level", "stale", "idle"} {
		if err := publish.Set(t.Context(), o.Store, name, ""); err != nil {
			t.Fatal(err)
		}
	}
	got = wire.Settings{}
	if published(t, o, p, wire.ListSettings, &got); got.StaleH != [3]uint{24, 72, 168} || got.Levels != nil || got.IdleMin != 0 {
		t.Errorf("defaults back: %+v", got)
	}
}

// What cannot be a setting is refused and changes nothing.
func TestBadSettings(t *testing.T) {
	o, _ := newOffice(t)
	for _, kv := range [][2]string{
		{"", "x"}, {"colour", "x"}, {"rules", "[]"}, {"places", "[]"}, {"province", strings.Repeat("ư", 101)}, {"street", "a\nb"}, {"call", "a\xffb"},
		{"stale", "1 2"}, {"stale", "2 1 3"}, {"stale", "1 1 3"}, {"stale", "-1 2 3"}, {"stale", "1 2 99999"}, {"stale", "1 2 3 4"},
		{"idle", "-1"}, {"idle", "481"}, {"idle", "x"},
		{"level", "46"}, {"level", "46=5"}, {"level", "46=-1"}, {"level", "46=x"}, {"level", "=2"}, {"level", "00=2"}, {"level", "99999=2"}, {"level", "460=2"}, {"level", "post:X=2"}, {"level", "46=2 79=3"},
	} {
		if err := publish.Set(t.Context(), o.Store, kv[0], kv[1]); err == nil {
			t.Errorf("%q was taken", kv)
		}
	}
	for _, name := range publish.SettingNames {
		if v, err := publish.Values(t.Context(), o.Store, name); err != nil || len(v) > 0 && name != publish.SettingStale {
			t.Errorf("%s is %q, %v", name, v, err)
		}
	}
}
