package office

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const testPassword = "mật khẩu rất dài"

var testHash = sync.OnceValue(func() string {
	h, err := HashPassword(testPassword)
	if err != nil {
		panic(err)
	}
	return h
})

// visitor is a browser without scripts: cookies, and redirects shown, not
// followed.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

// serve starts the pages with an account per role, each named as its role.
func serve(t *testing.T, f *fake, d Deps) *visitor {
	t.Helper()
	if d.SetupCode == "" {
		for _, r := range Roles() {
			f.accounts[string(r)] = Account{Name: string(r), Role: r, Password: testHash()}
		}
	}
	pages := New(d)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	t.Cleanup(pages.Close)
	return newVisitor(t, server.URL)
}

func newVisitor(t *testing.T, base string) *visitor {
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &visitor{t: t, base: base, http: client}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body string
}

func (a answer) to() string { return a.Header.Get("Location") }

func (v *visitor) do(r *http.Request) answer {
	v.t.Helper()
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{res, string(b)}
}

func (v *visitor) get(path string) answer {
	v.t.Helper()
	r, err := http.NewRequest("GET", v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

// post sends a form as a page of this site does; pairs are name, value.
func (v *visitor) post(path string, pairs ...string) answer {
	v.t.Helper()
	return v.do(v.form(path, pairs...))
}

func (v *visitor) form(path string, pairs ...string) *http.Request {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest("POST", v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (v *visitor) login(name string) *visitor {
	v.t.Helper()
	if a := v.post("/login", "name", name, "password", testPassword); a.StatusCode != http.StatusSeeOther || a.to() != "/" {
		v.t.Fatalf("login of %s: %s to %q, want 303 to /", name, a.Status, a.to())
	}
	return v
}

// want fails unless the answer has the status and all the words.
func (v *visitor) want(a answer, status int, words ...string) {
	v.t.Helper()
	if a.StatusCode != status {
		v.t.Errorf("%s %s: got %s, want %d", a.Request.Method, a.Request.URL.Path, a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			v.t.Errorf("%s %s: page has no %q:\n%s", a.Request.Method, a.Request.URL.Path, w, a.body)
		}
	}
}
