package office

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"quachot/internal/text"
)

const langCookie = "quachot-lang"

type loginPage struct {
	page
	Name  string
	Wrong string
}

func (p *Pages) loginPage(w http.ResponseWriter, r *http.Request) {
	n, err := p.deps.Accounts.CountAccounts(r.Context())
	if err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	if n == 0 {
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
		return
	}
	l := loginPage{page: p.page(r, "office.title.login")}
	if r.URL.Query().Has("ended") {
		l.Notice = p.texts(r).T("office.login.ended")
	}
	p.render(w, r, http.StatusOK, "login", l)
}

// decoy is checked when a name is unknown, so that the answer takes as long.
var decoy = sync.OnceValue(func() string {
	v, _ := HashPassword("nobody has this password")
	return v
})

func (p *Pages) login(w http.ResponseWriter, r *http.Request) {
	name, _ := CleanName(r.FormValue("name"))
	from := address(r)
	keys := []key{{"both " + from + " " + name, 1}, {"name " + name, 4}, {"from " + from, 10}}
	if wait := p.logins.take(p.deps.Now(), keys...); wait > 0 {
		p.loginLater(w, r, wait)
		return
	}
	a, err := p.deps.Accounts.Account(r.Context(), name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		p.fail(w, r, failStore, err)
		return
	}
	known := err == nil
	if !known {
		a.Password = decoy()
	}
	right := false
	if !p.hash(r.Context(), func() { right = CheckPassword(a.Password, r.FormValue("password")) }) {
		p.fail(w, r, failBusy, nil)
		return
	}
	if !right || !known {
		p.deps.Log.Warn("login refused", "account", name, "from", from)
		p.loginWrong(w, r)
		return
	}
	p.logins.forget(keys...)
	p.welcome(w, r, a, "/")
}

// welcome logs a in and goes on to path.
func (p *Pages) welcome(w http.ResponseWriter, r *http.Request, a Account, path string) {
	if err := p.sessions.begin(r.Context(), a.Name); err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	p.deps.Log.Info("logged in", "account", a.Name, "role", a.Role, "from", address(r))
	http.Redirect(w, r, path, http.StatusSeeOther)
}

func (p *Pages) loginWrong(w http.ResponseWriter, r *http.Request) {
	l := loginPage{page: p.page(r, "office.title.login"), Name: r.FormValue("name"), Wrong: p.texts(r).T("office.login.wrong")}
	p.render(w, r, http.StatusUnauthorized, "login", l)
}

func (p *Pages) loginLater(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	t := p.texts(r)
	l := loginPage{page: p.page(r, "office.title.login"), Name: r.FormValue("name")}
	l.Wrong = t.T("office.login.wait", "wait", span(t, max(wait, time.Second)))
	retryAfter(w, wait)
	p.render(w, r, http.StatusTooManyRequests, "login", l)
}

func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
}

func (p *Pages) logout(w http.ResponseWriter, r *http.Request) {
	p.deps.Log.Info("logged out", "account", p.sessions.account(r.Context()))
	p.forgetSession(r)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// language remembers the choice for a year, logged in or not.
func (p *Pages) language(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: langCookie, Value: text.Load(r.FormValue("lang")).Lang(), Path: "/",
		MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	http.Redirect(w, r, localPath(r.FormValue("back")), http.StatusSeeOther)
}

// localPath is back when it is a path of this site, else the first page.
func localPath(back string) string {
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return back
}
