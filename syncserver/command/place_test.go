package command

import "testing"

// A file of places comes from a spreadsheet, with all that spreadsheets do.
func FuzzParsePlaces(f *testing.F) {
	for _, s := range []string{
		"", "\ufeffcode,name,kind\nA,x,test\n", "code,name,kind,serves,free,at\r\nA,x,quarantine,46;19753,7,\"16.4,107.5\"\r\n",
		"code,name,kind\nA,\"x", "code,name,kind\nA,x\n,,\n", "code,code,name,kind\n1,2,3,test", "kind,name,code\n\xff,\x00,\xff", "code;name;kind\nA;x;test\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		places, rejected, err := parsePlaces(b)
		if err != nil && (places != nil || rejected != nil) {
			t.Error("an unusable file has places")
		}
		seen := map[string]bool{}
		for _, p := range places {
			if p.Code == "" || p.Name == "" || seen[p.Code] || p.Kind != "test" && p.Kind != "quarantine" {
				t.Errorf("taken: %+v", p)
			}
			seen[p.Code] = true
		}
		for _, r := range rejected {
			if r.Row < 1 || r.Reason == "" {
				t.Errorf("rejected: %+v", r)
			}
		}
	})
}
