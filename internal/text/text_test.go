package text_test

import (
	"testing"

	"quachot/internal/text"
)

func TestT(t *testing.T) {
	vi, en := text.Load("vi"), text.Load("en")
	for _, c := range []struct {
		got, want string
	}{
		{vi.T("verdict.pass"), "MỜI QUA"},
		{en.T("verdict.stop"), "STOP"},
		{vi.T("no.such.key"), "no.such.key"},
		{vi.T("no.such.key", "n", "1"), "no.such.key"},
		{vi.T("office.unit.minutes", "n", "12"), "12 phút"},
		{vi.T("office.unit.minutes", "m", "12"), "{n} phút"},
		{vi.T("office.unit.minutes", "n"), "{n} phút"},
		{vi.T("office.revoke.lead", "name", "{id}", "id", "46")[:len("Thu hồi trạm {id} (46)?")], "Thu hồi trạm {id} (46)?"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	for lang, want := range map[string]string{"vi": "vi", "en": "en", "": "vi", "fr": "vi", "EN": "vi"} {
		if got := text.Load(lang).Lang(); got != want {
			t.Errorf("Load(%q) is %q, want %q", lang, got, want)
		}
	}
	if first, second := text.Load("en"), text.Load("en"); first != second {
		t.Error("the catalogue is parsed twice")
	}
	if c := text.Load("vi"); !c.Has("app.name") || c.Has("nothing") || len(c.Keys()) < 100 {
		t.Errorf("%d keys", len(c.Keys()))
	}
}
