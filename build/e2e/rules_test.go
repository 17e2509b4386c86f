package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The office asks something new: a lane that is at work asks it too, a moment
// later, and what it found is a record at the office.
func TestRulesReachTheLane(t *testing.T) {
	s := newSite(t)
	cards := s.issue("Nguyễn Thị Ửng,1987-01-18,Nữ,cccd:046187001234,19768", "Trần Văn Bình,1990-05-02,Nam,cccd:046090005678,19753",
		"Lê Thị Cúc,1979-11-30,Nữ,cccd:046179004321,19753")
	lane := startLane(t, s.built.Kiosk, s.data, "--direction", "in")
	if a := lane.scan(cards[0].text); a.Verdict != "pass" || len(a.Reasons) > 0 {
		t.Errorf("before: %+v", a)
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const rule = `{"id":"declare-first","when":"level >= 3 && direction == 'in' && !declared.has","verdict":"check","reason_vi":"Chưa khai báo","reason_en":"Not declared"}`
	if out, err := s.office.Run(t.Context(), "rules", "load", file("bad.json", strings.Replace(rule, "direction", "way", 1))); err == nil || !strings.Contains(out.Stdout, "unknown variable way") {
		t.Errorf("a bad rule: %v, %s", err, out.Stdout)
	}
	s.run("place", "load", file("places.csv", "code,name,kind,free\nKTX,Ký túc xá,quarantine,12\n"))
	s.run("settings", "set", "level", "all=3")
	s.run("rules", "load", file("rules.json", rule))
	s.listArrives("rules", "places")

	waiting := lane.scan(cards[1].text)
	if waiting.Verdict != "check" || !slices.Equal(waiting.Reasons, []string{"rule"}) {
		t.Errorf("after: %+v", waiting)
	}
	if a := lane.scan(fmt.Sprintf(`{"declare":{"name":"Lê Thị Cúc","documents":["card:%s"],"from":"19753","purpose":"work"}}`, cards[2].number)); a.Error != "" || a.Kind != "declaration" {
		t.Errorf("declare: %+v", a)
	}
	if a := lane.scan(cards[2].text); a.Verdict != "pass" {
		t.Errorf("declared: %+v", a)
	}
	if err := lane.end(); err != nil {
		t.Fatal(err)
	}
	s.sync()
	found := false
	for _, r := range s.records("scan") {
		found = found || strings.Contains(string(r.Body), `"declare-first"`)
	}
	if !found {
		t.Error("the office has no scan that names the rule")
	}
}

// listArrives waits until the station works with lists of these names.
func (s *site) listArrives(names ...string) {
	s.t.Helper()
	for range 200 {
		out := s.kiosk("status", "--json")
		missing := slices.ContainsFunc(names, func(n string) bool { return !strings.Contains(out.Stdout, `"name":"`+n+`"`) })
		if !missing {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("lists %v never came: %s", names, s.kiosk("status", "--json").Stdout)
}
