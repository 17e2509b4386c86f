package checkpoint

import (
	"slices"
	"testing"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

// someKinds are lists that tell which kinds of document they hold.
type someKinds struct {
	*fakeLists
	kinds []identity.DocumentKind
}

func (s someKinds) Watches(k identity.DocumentKind) bool { return slices.Contains(s.kinds, k) }

// A phone's key is derived only where a phone may be watched, and what is asked
// ahead is what the verdict will want. A person's documents always are.
func TestAsked(t *testing.T) {
	const qrqg = "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<00<0123232422"
	plain := &fakeLists{asOf: listsAt}
	for _, tt := range []struct {
		name  string
		text  string
		lists Lists
		want  int
	}{
		{"any kind", qrqg, plain, 3},
		{"no phones", qrqg, someKinds{plain, []identity.DocumentKind{identity.CCCD}}, 2},
		{"phones", qrqg, someKinds{plain, []identity.DocumentKind{identity.Phone}}, 3},
		{"nobody is watched", cccd, someKinds{plain, nil}, 2},
		{"garbage", "hello?", plain, 0},
	} {
		var derived []identity.Document
		in := Input{Text: tt.text, Now: noon, Lists: tt.lists, Derive: func(d []identity.Document) []identity.Keys {
			derived = d
			return derive(d)
		}}
		asked := Asked(in)
		out := Judge(in)
		if len(asked) != tt.want || !slices.Equal(asked, derived) {
			t.Errorf("%s: asked ahead %v, the verdict wanted %v, want %d", tt.name, asked, derived, tt.want)
		}
		if tt.want > 1 && len(out.Keys) != 2 {
			t.Errorf("%s: %d identity keys, want 2", tt.name, len(out.Keys))
		}
	}
}

// A phone that is watched is found where the list says that it has phones.
func TestWatchedKinds(t *testing.T) {
	l := &fakeLists{asOf: listsAt, watch: map[identity.Match]wire.WatchDetails{match(identity.NewDocument(identity.Phone, "0912345678")): {}}}
	d := record.Declaration{Name: "Trần Văn Bình", Phone: "0912345678"}
	out := JudgeDeclared(d, credential.Reading{}, Input{Now: noon, Lists: someKinds{l, []identity.DocumentKind{identity.Phone}}, Derive: derive})
	if out.Verdict != record.Stop {
		t.Errorf("verdict %v, want stop", out.Verdict)
	}
	if found, _ := Vehicle("75A12345", Input{Now: noon, Lists: someKinds{l, nil}, Derive: func([]identity.Document) []identity.Keys {
		t.Error("a plate's key was derived where no plate is watched")
		return nil
	}}); found != nil {
		t.Errorf("found %v", found)
	}
}
