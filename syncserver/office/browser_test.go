package office

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/text"
)

var shots = flag.String("shots", "", "write a picture of every page into this folder")

// browser is a headless Chromium with a profile of its own, which asks nobody
// outside anything.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no browser")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: the pages are not tried in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(60*time.Second))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil { // starts it, with the context it ends with
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// profile is a folder for the browser. Its helpers write there for a moment
// after it has ended, which t.TempDir takes for a failure.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Logf("the browser's folder %s is left behind", dir)
	})
	return dir
}

// complaints collects what the browser says against the page: refused by the
// content security policy, errors of scripts, files not found.
func complaints(ctx context.Context) func() []string {
	said := make(chan string, 100)
	tell := func(s string) {
		select {
		case said <- s:
		default:
		}
	}
	chromedp.ListenTarget(ctx, func(e any) {
		switch e := e.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
				tell(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			tell(e.ExceptionDetails.Error())
		}
	})
	return func() (all []string) {
		for {
			select {
			case s := <-said:
				all = append(all, s)
			default:
				return all
			}
		}
	}
}

func act(t *testing.T, ctx context.Context, what string, actions ...chromedp.Action) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// appears waits until the page's text holds words.
func appears(words string) chromedp.Action {
	return chromedp.Poll(fmt.Sprintf("document.body.innerText.includes(%q)", words), nil, chromedp.WithPollingTimeout(30*time.Second))
}

func signIn(base string) chromedp.Action {
	return chromedp.Tasks{
		chromedp.Navigate(base + "/"),
		chromedp.WaitVisible("#password"),
		chromedp.SendKeys("#name", "admin"),
		chromedp.SendKeys("#password", testPassword+"\r"),
		chromedp.WaitVisible("#live"),
	}
}

// The main path as an officer of the office sees it: log in with the keyboard
// alone, watch a record arrive without touching anything, pause, go on, lose the
// server, get it back, log out.
func TestBrowserSeesARecordArrive(t *testing.T) {
	ctx := browser(t)
	f := newFake()
	f.accounts["admin"] = Account{Name: "admin", Role: Admin, Password: testHash()}
	f.arrive(scanOf("NGƯỜI ĐẦU TIÊN", record.Pass))
	pages := New(f.deps())
	t.Cleanup(pages.Close)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)

	said := complaints(ctx)
	act(t, ctx, "log in", signIn(server.URL), appears("NGƯỜI ĐẦU TIÊN"))
	waitFor(t, "the board to listen", func() bool { return f.streams() == 1 })
	f.arrive(scanOf("HỒ THỊ LIVE", record.Stop))
	act(t, ctx, "see the record arrive", appears("HỒ THỊ LIVE"))
	var first, announced string
	var rows int
	act(t, ctx, "read the table",
		chromedp.Evaluate(`document.querySelector("#rows tr").innerText`, &first),
		chromedp.Evaluate(`document.querySelectorAll("#rows tr").length`, &rows),
		chromedp.Poll(`document.querySelector("[sse-swap=announce]").textContent`, &announced))
	if !strings.Contains(first, "HỒ THỊ LIVE") || !strings.Contains(first, "DỪNG LẠI") || rows != 2 {
		t.Errorf("first of %d rows: %q", rows, first)
	}
	if !strings.Contains(announced, "DỪNG LẠI tại Chốt Phú Bài") {
		t.Errorf("announced %q", announced)
	}
	f.change(func() {
		f.stations = []Station{{ID: "460001", Name: "Trạm mới tới", Enrolled: true, Connected: true}}
	})
	act(t, ctx, "see the station come", appears("Trạm mới tới"))

	f.change(func() {
		for i := range 40 {
			f.stations = append(f.stations, Station{ID: fmt.Sprint(470000 + i), Name: "Trạm", Enrolled: true})
		}
	})
	var top int
	act(t, ctx, "scroll the stations", chromedp.Poll(`document.querySelectorAll(".stations tbody tr").length == 41`, nil),
		chromedp.Evaluate(`document.querySelector(".scroll").scrollTop = 200`, nil))
	f.change(func() { f.stations[0].Name = "Trạm giữ chỗ" })
	act(t, ctx, "keep their place", chromedp.Poll(`document.body.textContent.includes("Trạm giữ chỗ")`, nil),
		chromedp.Evaluate(`document.querySelector(".scroll").scrollTop`, &top))
	if top != 200 {
		t.Errorf("the list of stations jumped from 200 to %d", top)
	}

	act(t, ctx, "pause", chromedp.Click("#pause"), appears("Chạy tiếp"))
	f.arrive(scanOf("TRONG LÚC DỪNG", record.Pass))
	f.change(func() { f.stations[0].Name = "Trạm đổi tên" })
	act(t, ctx, "stations go on", chromedp.Poll(`document.body.textContent.includes("Trạm đổi tên")`, nil))
	var shown bool
	act(t, ctx, "look for it", chromedp.Evaluate(`document.body.innerText.includes("TRONG LÚC DỪNG")`, &shown))
	if shown {
		t.Error("a record was shown during the pause")
	}
	act(t, ctx, "go on", chromedp.Click("#pause"), appears("TRONG LÚC DỪNG"))

	many := make([]Record, 30)
	for range 4 {
		for i := range many {
			many[i] = scanOf("NHIỀU", record.Pass)
		}
		f.arrive(many...)
	}
	f.arrive(scanOf("CUỐI CÙNG", record.Pass))
	act(t, ctx, "see the last of many", appears("CUỐI CÙNG"), chromedp.Evaluate(`document.querySelectorAll("#rows tr").length`, &rows))
	if rows > feedRows {
		t.Errorf("%d rows are kept, want at most %d", rows, feedRows)
	}
	if all := said(); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}

	server.CloseClientConnections()
	act(t, ctx, "see that the stream was lost and is back",
		chromedp.Poll(`!document.getElementById("lost").hidden`, nil, chromedp.WithPollingTimeout(10*time.Second)),
		chromedp.Poll(`document.getElementById("lost").hidden`, nil, chromedp.WithPollingTimeout(30*time.Second)))
	f.arrive(scanOf("SAU KHI NỐI LẠI", record.Pass))
	act(t, ctx, "see a record after it", appears("SAU KHI NỐI LẠI"))
	act(t, ctx, "log out", chromedp.Click("#logout"), chromedp.WaitVisible("#password"))
}

// With scripts off the pages still work; only the board stands still.
func TestBrowserWithoutScripts(t *testing.T) {
	ctx := browser(t)
	f := newFake()
	f.accounts["admin"] = Account{Name: "admin", Role: Admin, Password: testHash()}
	f.arrive(scanOf("KHÔNG SCRIPT", record.Pass))
	pages := New(f.deps())
	t.Cleanup(pages.Close)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	var body string
	act(t, ctx, "log in without scripts", emulation.SetScriptExecutionDisabled(true), signIn(server.URL), chromedp.Text("#main", &body))
	if !strings.Contains(body, "KHÔNG SCRIPT") || !strings.Contains(body, "MỜI QUA") {
		t.Errorf("board without scripts: %q", body)
	}
}

// No page is wider than its window, in either language, at the two sizes of
// office screens; with -shots DIR each is also written there, to be looked at.
func TestBrowserFitsScreens(t *testing.T) {
	ctx := browser(t)
	f := showcase()
	empty := newFake()
	empty.accounts["admin"] = f.accounts["admin"]
	// A name each, since cookies know no ports.
	start := func(name string, f *fake, code string) string {
		d := f.deps()
		d.SetupCode, d.Office = code, "Thừa Thiên Huế"
		pages := New(d)
		t.Cleanup(pages.Close)
		server := httptest.NewServer(pages)
		t.Cleanup(server.Close)
		return strings.Replace(server.URL, "127.0.0.1", name+".localhost", 1)
	}
	full, bare, fresh := start("full", f, ""), start("bare", empty, ""), start("fresh", newFake(), "ABCD-EFGH-JKMN")
	act(t, ctx, "log in", signIn(bare), signIn(full), chromedp.Navigate(full+"/stations"),
		chromedp.SendKeys("#station-name", "Cầu Tứ Hiền 2, làn 1"), chromedp.SetValue("#station-post", "TH2"), chromedp.Click("#issuer"),
		chromedp.Submit("#station-name"), chromedp.WaitVisible("#enrol-code"))
	pages := []struct {
		name string
		do   chromedp.Action
	}{
		{"board", chromedp.Navigate(full + "/")},
		{"stations", chromedp.Navigate(full + "/stations")},
		{"invite", chromedp.Navigate(full + "/stations/460013/code")},
		{"invite-gone", chromedp.Navigate(full + "/stations/460001/code")},
		{"revoke", chromedp.Navigate(full + "/stations/460001/revoke")},
		{"error", chromedp.Navigate(full + "/nothing")},
		{"stations-wrong", chromedp.Tasks{chromedp.Navigate(full + "/stations"), chromedp.SendKeys("#post-code", "PB1"),
			chromedp.SendKeys("#post-name", "Phú Bài"), chromedp.Submit("#post-code"), chromedp.WaitVisible(".problems")}},
		{"fault", chromedp.Tasks{fault(f, true), chromedp.Navigate(full + "/"), chromedp.WaitVisible("p[sse-swap=fault]"), fault(f, false)}},
		{"board-empty", chromedp.Navigate(bare + "/")},
		{"stations-empty", chromedp.Navigate(bare + "/stations")},
		{"setup", chromedp.Navigate(fresh + "/setup")},
		{"setup-wrong", chromedp.Tasks{chromedp.Navigate(fresh + "/setup"), chromedp.SendKeys("#code", "AAAA"), chromedp.SendKeys("#name", "admin"),
			chromedp.SendKeys("#password", testPassword), chromedp.SendKeys("#again", testPassword), chromedp.Submit("#code"), chromedp.WaitVisible(".problems")}},
		{"login", chromedp.Navigate(bare + "/login")},
		{"login-wrong", chromedp.Tasks{chromedp.Navigate(bare + "/login"), chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", "sai mật khẩu\r"), chromedp.WaitVisible("#wrong")}},
	}
	for _, lang := range text.Languages() {
		for _, base := range []string{full, bare, fresh} {
			act(t, ctx, "open", chromedp.Navigate(base+"/"))
			if _, err := chromedp.RunResponse(ctx, chromedp.Click(`button[name=lang][value=`+lang+`]`)); err != nil {
				t.Fatalf("switch language: %v", err)
			}
			act(t, ctx, "see the language", chromedp.WaitVisible(`html[lang=`+lang+`] button[value=`+lang+`][aria-pressed=true]`))
		}
		for _, size := range sizes(lang) {
			for _, p := range pages {
				name := fmt.Sprintf("%s-%s-%d", p.name, lang, size[0])
				var wide int64
				act(t, ctx, name, chromedp.EmulateViewport(size[0], size[1]), p.do, chromedp.WaitVisible("main"),
					chromedp.Evaluate("document.documentElement.scrollWidth", &wide), shot(name))
				if wide > size[0] {
					t.Errorf("%s is %d wide, its window %d", name, wide, size[0])
				}
			}
		}
	}
}

// sizes are the windows to try: for pictures all of them, else the wide one in
// the default language only, to save time.
func sizes(lang string) [][2]int64 {
	all := [][2]int64{{1366, 768}, {1920, 1080}}
	if *shots == "" && lang != text.Default {
		return all[:1]
	}
	return all
}

func fault(f *fake, broken bool) chromedp.Action {
	return chromedp.ActionFunc(func(context.Context) error {
		var err error
		if broken {
			err = fmt.Errorf("disk on fire")
		}
		f.breakStore(err)
		return nil
	})
}

func shot(name string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if *shots == "" {
			return nil
		}
		var png []byte
		if err := chromedp.CaptureScreenshot(&png).Do(ctx); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644)
	})
}

// showcase is an office on a busy day: every state of a station, every kind of
// record, long Vietnamese names. The people do not exist.
func showcase() *fake {
	f := newFake()
	f.accounts["admin"] = Account{Name: "admin", Role: Admin, Password: testHash()}
	f.posts = []Post{{"PB1", "Chốt Phú Bài 1", "road"}, {"TH2", "Cầu Tứ Hiền 2", "road"}, {"LC", "Bệnh viện Trung ương Huế, cơ sở 2", "place"},
		{"DA", "Chợ Đông Ba", "place"}, {"TD1", "Tổ tuần tra đầm phá", "patrol"}}
	now := time.Now()
	skew := func(d time.Duration) *int64 { ms := d.Milliseconds(); return &ms }
	add := func(name string, post int, s Station) {
		s.ID, s.Name, s.Post, s.PostName = fmt.Sprintf("46%04d", len(f.stations)+1), name, f.posts[post].Code, f.posts[post].Name
		s.Program = "0.1.0"
		f.stations = append(f.stations, s)
	}
	on := func(held, waiting uint64, d, lists time.Duration) Station {
		return Station{Enrolled: true, Connected: true, Held: held, Waiting: waiting, SkewMS: skew(d), ListsAsOf: now.Add(-lists)}
	}
	add("Phú Bài 1, làn 1", 0, on(128_412, 0, 300*time.Millisecond, 12*time.Minute))
	add("Phú Bài 1, làn 2", 0, on(97_220, 14, -4*time.Second, 12*time.Minute))
	add("Tứ Hiền 2, làn 1", 1, Station{Enrolled: true, LastSeen: now.Add(-5 * time.Hour), Held: 41_004, Waiting: 212, SkewMS: skew(4 * time.Minute), ListsAsOf: now.Add(-50 * time.Hour)})
	add("Cổng chính", 2, on(12_031, 0, 0, 40*time.Minute))
	add("Đông Ba, cửa Nam", 3, Station{Enrolled: true, Connected: true, Forked: true, Held: 8_120, Pending: 3, SkewMS: skew(0), ListsAsOf: now.Add(-time.Hour)})
	add("Máy tuần tra 1", 4, Station{Issuer: true})
	add("Máy cũ làn 1", 0, Station{Enrolled: true, Revoked: Lost, Held: 5_200, LastSeen: now.Add(-300 * time.Hour)})
	for i := 8; i <= 12; i++ {
		add(fmt.Sprintf("Cổng phụ %d", i-7), 2, on(uint64(1000*i), 0, 0, time.Duration(i)*time.Minute))
	}
	doc := func(k identity.DocumentKind, n string) []identity.Document {
		return []identity.Document{{Kind: k, Number: n}}
	}
	scan := func(ago time.Duration, station int, s record.Scan) Record {
		return Record{Received: now, At: now.Add(-ago), Station: f.stations[station].ID, Post: f.stations[station].Post,
			PostName: f.stations[station].PostName, Lane: fmt.Sprint(station%2 + 1), Kind: record.KindScan, Scan: &s}
	}
	passed := record.Scan{Direction: record.In, Reading: credential.Card, Trust: credential.Signed, Verdict: record.Pass, Card: 4600120001230}
	f.arrive(
		scan(4*time.Hour, 2, record.Scan{Direction: record.Out, Reading: credential.BHYT, Trust: credential.Unverified, Verdict: record.Check, Name: "CÔNG TẰNG TÔN NỮ THỊ NGỌC ÁNH", Birth: "1946-03-02", Documents: doc(identity.BHYT, "4620123456"), Why: "unsigned"}),
		scan(3*time.Minute, 0, passed),
		Record{Received: now, At: now.Add(-150 * time.Second), Station: "460001", Post: "PB1", PostName: "Chốt Phú Bài 1", Lane: "1", Kind: record.KindShift, Shift: &record.Shift{Officer: "hai-nv", Event: "login"}},
		scan(100*time.Second, 1, record.Scan{Direction: record.In, Reading: credential.Unknown, Verdict: record.Unreadable, Why: "truncated"}),
		scan(80*time.Second, 3, record.Scan{Direction: record.In, Reading: credential.DCC, Trust: credential.Undecided, Verdict: record.Check, Name: "Müller, Jürgen", Birth: "1971", Why: "unknown_key"}),
		scan(66*time.Second, 0, passed),
		scan(50*time.Second, 1, record.Scan{Direction: record.Out, Reading: credential.CCCD, Trust: credential.Unverified, Verdict: record.Check, Name: "HỒ THỊ Ử", Birth: "1987-01-18", Documents: append(doc(identity.CCCD, "046187001234"), doc(identity.CMND, "191234567")...), Warnings: []string{"sex", "birth_year"}, Why: "unsigned"}),
		Record{Received: now, At: now.Add(-40 * time.Second), Station: "460002", Post: "PB1", PostName: "Chốt Phú Bài 1", Lane: "2", Kind: record.KindPassage, Passage: &record.Passage{Way: record.Out, Scans: []uint64{1, 2, 3}, Decision: record.LetThrough, Plate: "75A-123.45", Party: 3, Purpose: "chở hàng"}},
		Record{Received: now, At: now.Add(-30 * time.Second), Station: "460005", Post: "DA", PostName: "Chợ Đông Ba", Pending: "no key"},
		scan(20*time.Second, 3, record.Scan{Direction: record.In, Reading: credential.Card, Trust: credential.Forged, Verdict: record.Stop, Card: 4600120001230, Why: "bad_signature", Name: "NGUYỄN VĂN THẬT", Birth: "1990"}),
		scan(12*time.Second, 0, passed),
	)
	return f
}
