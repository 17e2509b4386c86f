package locale

import "testing"

func TestNameWhereThereIsNone(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{}, ""},
		{map[string]string{"LANG": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "vi_VN.UTF-8", "LC_ALL": "POSIX"}, "en"},
		{map[string]string{"LANG": "C.UTF-8", "LC_MESSAGES": "vi_VN.UTF-8"}, ""},
		{map[string]string{"LANG": "vi_VN.UTF-8"}, ""},
		{map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "vi"}, "vi"},
	} {
		set := func(name, value string) error { c.env[name] = value; return nil }
		name(func(n string) string { return c.env[n] }, set)
		if got := c.env["LANGUAGE"]; got != c.want {
			t.Errorf("%v: got %q, want %q", c.env, got, c.want)
		}
	}
}
