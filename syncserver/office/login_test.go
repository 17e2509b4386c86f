package office

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestNoPageWithoutLogin(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	for _, path := range []string{"/", "/stations", "/stations/460001/code", "/stations/460001/revoke", "/nothing"} {
		if a := v.get(path); a.StatusCode != http.StatusSeeOther || a.to() != "/login" {
			t.Errorf("GET %s without login: got %s to %q, want 303 to /login", path, a.Status, a.to())
		}
	}
	for _, path := range []string{"/posts", "/stations", "/stations/460001/revoke"} {
		if a := v.post(path, "code", "A", "name", "A", "kind", "road"); a.StatusCode != http.StatusSeeOther || a.to() != "/login" {
			t.Errorf("POST %s without login: got %s to %q, want 303 to /login", path, a.Status, a.to())
		}
	}
	if a := v.get("/events"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("GET /events without login: got %s, want 401", a.Status)
	}
	if len(f.posts) != 0 {
		t.Errorf("a post was added without login: %v", f.posts)
	}
}

func TestLoginAndLogout(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	v.want(v.get("/login"), 200, "Đăng nhập", `type="password"`)
	v.login(" Admin ")
	v.want(v.get("/"), 200, "Bảng trực", "admin", "Chưa có trạm nào")
	if a := v.post("/logout"); a.to() != "/login" {
		t.Errorf("logout leads to %q, want /login", a.to())
	}
	if a := v.get("/"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("board after logout: got %s, want 303", a.Status)
	}
}

// A token stolen before the logout must be worth nothing after it.
func TestLogoutEndsTheSessionItself(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("viewer")
	r, _ := http.NewRequest("GET", v.base+"/", nil)
	stolen := v.http.Jar.Cookies(r.URL)
	v.post("/logout")
	thief := newVisitor(t, v.base)
	for _, c := range stolen {
		r.AddCookie(c)
	}
	if a := thief.do(r); a.StatusCode != http.StatusSeeOther {
		t.Errorf("board with the cookie of before the logout: got %s, want 303", a.Status)
	}
}

func TestLoginRenewsTheToken(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	r, _ := http.NewRequest("GET", v.base+"/", nil)
	v.http.Jar.SetCookies(r.URL, []*http.Cookie{{Name: "quachot", Value: "planted"}})
	v.login("viewer")
	for _, c := range v.http.Jar.Cookies(r.URL) {
		if c.Name == "quachot" && c.Value == "planted" {
			t.Error("the token planted before the login is still in use")
		}
	}
}

func TestCookieFlags(t *testing.T) {
	f := newFake()
	f.accounts["viewer"] = Account{Name: "viewer", Role: Viewer, Password: testHash()}
	pages := New(f.deps())
	t.Cleanup(pages.Close)
	for _, secure := range []bool{false, true} {
		v := newVisitor(t, "http://office")
		r := v.form("/login", "name", "viewer", "password", testPassword)
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("got %d cookies, want 1: %v", len(cookies), cookies)
		}
		c := cookies[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("TLS %v: cookie %v", secure, c)
		}
	}
}

func TestWrongPasswordIsLimited(t *testing.T) {
	f := newFake()
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	d := f.deps()
	d.Now = func() time.Time { return now }
	v := serve(t, f, d)
	for i := range 5 {
		a := v.post("/login", "name", "admin", "password", "sai rồi nhé")
		v.want(a, http.StatusUnauthorized, "Tên hoặc mật khẩu không đúng")
		if i == 0 && strings.Contains(a.body, "sai rồi nhé") {
			t.Error("the page repeats the password")
		}
	}
	a := v.post("/login", "name", "admin", "password", testPassword)
	v.want(a, http.StatusTooManyRequests, "Sai nhiều lần")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	now = now.Add(16 * time.Minute)
	v.login("admin")
}

// An unknown name must not be told apart from a wrong password.
func TestUnknownNameLooksLikeWrongPassword(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	known := v.post("/login", "name", "admin", "password", "wrong wrong")
	unknown := v.post("/login", "name", "nobody", "password", "wrong wrong")
	if known.StatusCode != unknown.StatusCode || strings.ReplaceAll(known.body, "admin", "nobody") != unknown.body {
		t.Errorf("answers differ: %s and %s", known.Status, unknown.Status)
	}
}

func TestFormOfAnotherSiteIsRefused(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("admin")
	for name, set := range map[string]func(http.Header){
		"Sec-Fetch-Site": func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"Origin":         func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "https://evil.example") },
	} {
		r := v.form("/posts", "code", "EV", "name", "Evil", "kind", "road")
		set(r.Header)
		v.want(v.do(r), http.StatusForbidden, "Yêu cầu đến từ một trang khác", "Chưa có gì thay đổi")
		if len(f.posts) != 0 {
			t.Fatalf("%s: a post was added by another site", name)
		}
	}
	if a := v.post("/posts", "code", "PB1", "name", "Phú Bài 1", "kind", "road"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the same form of this site: got %s, want 303", a.Status)
	}
}

func TestRolesAreKept(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	for _, role := range []string{"viewer", "tracer"} {
		u := newVisitor(t, v.base).login(role)
		u.want(u.post("/posts", "code", "A", "name", "A", "kind", "road"), http.StatusForbidden, "không được làm việc đó")
		a := u.get("/stations")
		u.want(a, 200, "Chỉ quản trị")
		if strings.Contains(a.body, `action="/posts"`) {
			t.Errorf("%s sees the form of admins", role)
		}
	}
	if len(f.posts) != 0 {
		t.Errorf("a post was added: %v", f.posts)
	}
}

// A role taken away is gone with the next request, an account with it.
func TestAccountTakenAway(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("admin")
	f.change(func() { f.accounts["admin"] = Account{Name: "admin", Role: Viewer, Password: testHash()} })
	v.want(v.post("/posts", "code", "A", "name", "A", "kind", "road"), http.StatusForbidden)
	f.change(func() { delete(f.accounts, "admin") })
	if a := v.get("/"); a.to() != "/login" {
		t.Errorf("board of an account that is gone: got %s to %q", a.Status, a.to())
	}
}

func TestFirstStart(t *testing.T) {
	f := newFake()
	d := f.deps()
	d.SetupCode = NewSetupCode()
	v := serve(t, f, d)
	for _, path := range []string{"/", "/login"} {
		if a := v.get(path); a.to() != "/setup" {
			t.Errorf("GET %s of a new office leads to %q, want /setup", path, a.to())
		}
	}
	v.want(v.get("/setup"), 200, "Mã thiết lập")
	v.want(v.post("/setup", "code", "XXXX-XXXX-XXXX", "name", "sếp", "password", testPassword, "again", testPassword), 422, "Mã thiết lập không đúng")
	v.want(v.post("/setup", "code", d.SetupCode, "name", "", "password", "short", "again", "short"), 422, "1 đến 64", "8 đến 256")
	v.want(v.post("/setup", "code", d.SetupCode, "name", "sếp", "password", testPassword, "again", "khác khác khác"), 422, "khác nhau")
	if len(f.accounts) != 0 {
		t.Fatalf("an account was made of a wrong form: %v", f.accounts)
	}
	typed := strings.ToLower(strings.ReplaceAll(d.SetupCode, "-", " "))
	if a := v.post("/setup", "code", typed, "name", "Sếp", "password", testPassword, "again", testPassword); a.to() != "/stations" {
		t.Fatalf("setup: got %s to %q, want /stations", a.Status, a.to())
	}
	v.want(v.get("/stations"), 200, "Thêm chốt", "sếp")
	if a := f.accounts["sếp"]; a.Role != Admin {
		t.Errorf("first account is %q, want admin", a.Role)
	}
	late := newVisitor(t, v.base)
	if a := late.post("/setup", "code", d.SetupCode, "name", "hai", "password", testPassword, "again", testPassword); a.to() != "/login" || len(f.accounts) != 1 {
		t.Errorf("a second setup: got %s to %q and %d accounts", a.Status, a.to(), len(f.accounts))
	}
}

func TestSetupCodeGuessingIsLimited(t *testing.T) {
	f := newFake()
	d := f.deps()
	d.SetupCode = "ABCD-EFGH-JKMN"
	now := time.Unix(1_800_000_000, 0)
	d.Now = func() time.Time { return now }
	v := serve(t, f, d)
	for range 5 {
		v.want(v.post("/setup", "code", "WRONG", "name", "a", "password", testPassword, "again", testPassword), 422)
	}
	v.want(v.post("/setup", "code", d.SetupCode, "name", "a", "password", testPassword, "again", testPassword), 429)
	if len(f.accounts) != 0 {
		t.Error("an account was made while the guard should hold")
	}
}

func TestSetupWithoutCodeTellsTheCommand(t *testing.T) {
	f := newFake()
	pages := New(f.deps())
	t.Cleanup(pages.Close)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	v := newVisitor(t, server.URL)
	v.want(v.get("/setup"), 200, "syncserver account add")
	v.want(v.post("/setup", "code", "", "name", "a", "password", testPassword, "again", testPassword), 422)
	if n, _ := f.CountAccounts(context.Background()); n != 0 {
		t.Error("an empty code made an account")
	}
}

func TestLanguageSwitch(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps())
	if a := v.post("/language", "lang", "en", "back", "/login"); a.to() != "/login" {
		t.Errorf("switch leads to %q, want /login", a.to())
	}
	v.want(v.get("/login"), 200, `<html lang="en">`, "Account name")
	v.post("/language", "lang", "xx", "back", "/login")
	v.want(v.get("/login"), 200, `<html lang="vi">`)
	for _, bad := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "", "/a\r\nSet-Cookie: x=y"} {
		if a := v.post("/language", "lang", "vi", "back", bad); a.to() != "/" {
			t.Errorf("back %q leads to %q, want /", bad, a.to())
		}
	}
}

func TestHeaders(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("admin")
	for _, path := range []string{"/", "/stations", "/login", "/static/office.css"} {
		h := v.get(path).Header
		if got := h.Get("Content-Security-Policy"); got != policy || strings.Contains(got, "unsafe") {
			t.Errorf("GET %s: policy %q", path, got)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("GET %s: headers %v", path, h)
		}
	}
	if got := v.get("/").Header.Get("Cache-Control"); !strings.Contains(got, "no-store") {
		t.Errorf("board: Cache-Control %q, want no-store", got)
	}
}
