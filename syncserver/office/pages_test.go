package office

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/text"
)

const hostile = `<script>alert("x")</script><img src=x onerror=alert(1)>`

// Names come from strangers' QR codes and from people: nothing of them may
// become a tag, on a page or in a stream.
func TestHostileNamesAreEscaped(t *testing.T) {
	f := newFake()
	f.posts = []Post{{Code: "PB1", Name: hostile, Kind: "road"}}
	f.stations = []Station{{ID: "460001", Name: hostile, Post: "PB1", PostName: hostile, Program: hostile, Enrolled: true}}
	r := scanOf(hostile, record.Stop)
	r.PostName, r.Lane = hostile, hostile
	r.Scan.Documents = []identity.Document{{Kind: identity.Foreign, Number: "<b>x"}}
	r.Scan.Why, r.Scan.Reasons = hostile, []record.Reason{{Code: hostile, Arg: hostile}}
	f.arrive(r,
		Record{Kind: record.KindPassage, Passage: &record.Passage{Plate: hostile, Purpose: hostile, Reason: hostile}},
		Record{Kind: record.KindNote, Note: &record.Note{Text: hostile}},
		Record{Kind: record.KindShift, Shift: &record.Shift{Officer: hostile, Event: hostile}},
		Record{Kind: record.KindIncident, Incident: &record.Incident{What: hostile, Text: hostile}})
	d := f.deps()
	d.Office = hostile
	v := serve(t, f, d).login("admin")
	check := func(what, page string) {
		t.Helper()
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") {
			t.Errorf("%s: a hostile name became a tag", what)
		}
	}
	for _, path := range []string{"/", "/stations", "/stations/460001/revoke"} {
		a := v.get(path)
		v.want(a, 200, "&lt;script&gt;")
		check(path, a.body)
	}
	events := v.listen()
	check("reset", next(t, events, eventReset).data)
	check("stations", next(t, events, eventStations).data)
	next(t, events, eventBeat)
	f.arrive(r)
	check("record", next(t, events, eventRecord).data)
	check("announce", next(t, events, eventAnnounce).data)

	a := v.post("/posts", "code", "<x>", "name", hostile, "kind", hostile)
	v.want(a, 422, "Mã chốt từ 1 đến 16", "Chọn loại chốt")
	check("refused post", a.body)
	a = newVisitor(t, v.base).post("/login", "name", hostile, "password", "x")
	check("refused login", a.body)
}

func TestDocumentNumbersAreMasked(t *testing.T) {
	f := newFake()
	r := scanOf("HỒ THỊ B", record.Check)
	r.Scan.Documents = []identity.Document{{Kind: identity.CCCD, Number: "046187001234"}}
	r.Scan.Raw = []byte("046187001234|HO THI B")
	r.Scan.Phone = "0905123456"
	f.arrive(r)
	v := serve(t, f, f.deps()).login("admin")
	a := v.get("/")
	v.want(a, 200, "••••1234", "HỒ THỊ B")
	for _, secret := range []string{"046187001234", "04618700", "0905123456"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the board shows %s", secret)
		}
	}
}

func TestAddPostAndStation(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("admin")
	v.want(v.get("/stations"), 200, "Chưa có chốt nào")
	if a := v.post("/posts", "code", "PB1", "name", "Phú Bài 1", "kind", "road"); a.to() != "/stations" {
		t.Fatalf("add post: %s to %q", a.Status, a.to())
	}
	v.want(v.get("/stations"), 200, "Đã thêm chốt Phú Bài 1.")
	if strings.Contains(v.get("/stations").body, "Đã thêm chốt") {
		t.Error("the notice shows twice")
	}
	v.want(v.post("/posts", "code", "PB1", "name", "Khác", "kind", "road"), 422, "Mã chốt này đã có", `value="Khác"`)

	v.want(v.post("/stations", "name", "", "post", "PB1"), 422, "Tên trạm từ 1")
	v.want(v.post("/stations", "name", "Làn 1", "post", "NO"), 422, "Chọn chốt của trạm", `value="Làn 1"`)
	if len(f.stations) != 0 {
		t.Fatalf("a station was made of a wrong form: %v", f.stations)
	}
	a := v.post("/stations", "name", "Làn 1", "post", "PB1", "issuer", "yes")
	if a.to() != "/stations/460001/code" {
		t.Fatalf("add station: %s to %q", a.Status, a.to())
	}
	for range 2 { // loading it again makes no second station
		v.want(v.get(a.to()), 200, f.code, "Làn 1", "kiosk enrol "+f.code, "470E-3C7B-F7E1-A9C8-2D4E", `<svg class="qr"`)
	}
	if len(f.stations) != 1 || !f.stations[0].Issuer {
		t.Errorf("stations: %+v", f.stations)
	}
	other := newVisitor(t, v.base).login("admin")
	b := other.get(a.to())
	other.want(b, 404, "Mã chỉ hiện cho người tạo")
	if strings.Contains(b.body, f.code) {
		t.Error("another session sees the code")
	}
}

func TestRevoke(t *testing.T) {
	f := newFake()
	f.stations = []Station{{ID: "460001", Name: "Làn 1", Enrolled: true}}
	v := serve(t, f, f.deps()).login("admin")
	v.want(v.get("/stations/460001/revoke"), 200, "Thu hồi trạm Làn 1 (460001)?")
	v.want(v.post("/stations/460001/revoke", "reason", "boredom"), 422, "Chọn lý do")
	v.want(v.post("/stations/469999/revoke", "reason", "lost"), 404)
	if f.stations[0].Revoked != "" {
		t.Fatal("revoked without a reason")
	}
	if a := v.post("/stations/460001/revoke", "reason", "lost"); a.to() != "/stations" || f.stations[0].Revoked != Lost {
		t.Fatalf("revoke: %s to %q, %+v", a.Status, a.to(), f.stations[0])
	}
	v.want(v.get("/stations"), 200, "Đã thu hồi trạm Làn 1", "thất lạc")
	v.want(v.get("/stations/460001/revoke"), 404)
	if strings.Contains(v.get("/").body, "Làn 1") {
		t.Error("the board shows a revoked station")
	}
}

// Every page in each language has all its texts, no inline script or style, and
// a label for each field.
func TestPagesAreWhole(t *testing.T) {
	f := newFake()
	now := time.Now()
	f.posts = []Post{{Code: "PB1", Name: "Phú Bài", Kind: "road"}}
	f.stations = []Station{{ID: "460001", Name: "Làn 1", PostName: "Phú Bài", Enrolled: true, LastSeen: now, Forked: true, Pending: 2}}
	f.arrive(scanOf("A", record.Pass), scanOf("B", record.Check), scanOf("C", record.Stop), scanOf("", record.Unreadable))
	v := serve(t, f, f.deps()).login("admin")
	invited := v.post("/stations", "name", "Làn 2", "post", "PB1").to()
	out := newVisitor(t, v.base)
	for _, lang := range text.Languages() {
		v.post("/language", "lang", lang, "back", "/")
		out.post("/language", "lang", lang, "back", "/")
		pages := map[string]string{"/login": out.get("/login").body}
		for _, path := range []string{"/", "/stations", invited, "/stations/460001/revoke", "/nothing"} {
			pages[path] = v.get(path).body
		}
		for path, body := range pages {
			checkPage(t, lang+" "+path, body)
		}
	}
}

func checkPage(t *testing.T, what, body string) {
	t.Helper()
	for _, bad := range []string{"office.", "verdict.", "kind.", " style=", "<style", "onclick", "<script>", "javascript:", "http://", "https://", "%!"} {
		if i := strings.Index(body, bad); i >= 0 && !strings.HasPrefix(body[i:], "office.css") && !strings.HasPrefix(body[i:], "office.js") {
			t.Errorf("%s: page has %q: %q", what, bad, body[max(0, i-40):min(len(body), i+60)])
		}
	}
	for _, part := range strings.Split(body, " id=\"")[1:] {
		id, rest, _ := strings.Cut(part, `"`)
		tag := body[strings.LastIndex(body[:strings.Index(body, ` id="`+id+`"`)], "<"):]
		if (strings.HasPrefix(tag, "<input") || strings.HasPrefix(tag, "<select")) && !strings.Contains(body, `for="`+id+`"`) {
			t.Errorf("%s: field %s has no label (%.40q)", what, id, rest)
		}
	}
}

// The first visit to the board, scripts and fonts included, stays below 300 KB
// (issue 2), on a slow line a matter of seconds.
func TestPageSize(t *testing.T) {
	f := newFake()
	for range 2 * feedRows {
		r := scanOf("CÔNG TẰNG TÔN NỮ THỊ NGỌC ÁNH", record.Check)
		r.Scan.Documents = []identity.Document{{Kind: identity.CCCD, Number: "046187001234"}}
		r.Scan.Why, r.Scan.Warnings = "unsigned", []string{"sex", "birth_year"}
		f.arrive(r)
	}
	for range 50 {
		f.stations = append(f.stations, Station{ID: "460001", Name: "Trạm", Enrolled: true, LastSeen: time.Now()})
	}
	v := serve(t, f, f.deps()).login("admin")
	size := len(v.get("/").body)
	if got := strings.Count(v.get("/").body, "data-n="); got != feedRows {
		t.Errorf("got %d rows, want %d", got, feedRows)
	}
	for name := range New(f.deps()).views.hashes {
		a := v.get("/static/" + name)
		v.want(a, 200)
		size += len(a.body)
	}
	t.Logf("%d bytes", size)
	if size > 300_000 {
		t.Errorf("first visit of a full board: %d bytes, want at most 300000", size)
	}
}

func TestStaticFiles(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	a := v.get("/static/office.css")
	v.want(a, 200)
	if a.Header.Get("ETag") == "" || a.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("headers %v", a.Header)
	}
	r, _ := http.NewRequest("GET", v.base+"/static/office.css", nil)
	r.Header.Set("If-None-Match", a.Header.Get("ETag"))
	v.want(v.do(r), http.StatusNotModified)
	for _, path := range []string{"/static/none.css", "/static/..%2fweb.go", "/static/"} {
		if a := v.get(path); a.StatusCode == 200 {
			t.Errorf("GET %s: got 200", path)
		}
	}
}
