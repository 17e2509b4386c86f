package office

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
	"time"

	"quachot/internal/text"
)

const setupAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewSetupCode is a fresh code for Deps.SetupCode, three groups of four
// characters that cannot be mistaken for each other (58 bits).
func NewSetupCode() string {
	var b strings.Builder
	for i := 0; i < 12; i++ {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(setupAlphabet[pick(len(setupAlphabet))])
	}
	return b.String()
}

// pick draws a number below n without bias.
func pick(n int) int {
	limit := 256 - 256%n
	for {
		var b [1]byte
		rand.Read(b[:])
		if int(b[0]) < limit {
			return int(b[0]) % n
		}
	}
}

// sameCode compares what was typed, whatever its case, blanks and dashes.
func sameCode(want, typed string) bool {
	clean := strings.NewReplacer(" ", "", "-", "")
	w := clean.Replace(strings.ToUpper(want))
	t := clean.Replace(strings.ToUpper(typed))
	return w != "" && subtle.ConstantTimeCompare([]byte(w), []byte(t)) == 1
}

type setupPage struct {
	page
	Name    string
	Closed  bool // no code was given to the server
	Command string
	Min     string
}

// needsSetup says whether the first account is still to be made; otherwise it
// has answered.
func (p *Pages) needsSetup(w http.ResponseWriter, r *http.Request) bool {
	n, err := p.deps.Accounts.CountAccounts(r.Context())
	if err != nil {
		p.fail(w, r, failStore, err)
		return false
	}
	if n > 0 {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return false
	}
	return true
}

func (p *Pages) setupView(r *http.Request) setupPage {
	return setupPage{
		page: p.page(r, "office.title.setup"), Name: r.FormValue("name"), Closed: p.deps.SetupCode == "",
		Command: "syncserver account add NAME --role admin --password-file FILE", Min: strconv.Itoa(MinPassword),
	}
}

func (p *Pages) setupPage(w http.ResponseWriter, r *http.Request) {
	if p.needsSetup(w, r) {
		p.render(w, r, http.StatusOK, "setup", p.setupView(r))
	}
}

// firstAccount makes the admin account of a new office. The lock keeps two
// visitors from both being the first.
func (p *Pages) firstAccount(w http.ResponseWriter, r *http.Request) {
	p.setup.Lock()
	defer p.setup.Unlock()
	if !p.needsSetup(w, r) {
		return
	}
	t, view := p.texts(r), p.setupView(r)
	from := key{"from " + address(r), 1}
	if wait := p.setups.take(p.deps.Now(), from, key{"all", 4}); wait > 0 {
		view.Problem = problems{{"code", t.T("office.login.wait", "wait", span(t, max(wait, time.Second)))}}
		retryAfter(w, wait)
		p.render(w, r, http.StatusTooManyRequests, "setup", view)
		return
	}
	if !sameCode(p.deps.SetupCode, r.FormValue("code")) {
		p.deps.Log.Warn("setup code refused", "from", address(r))
		view.Problem = problems{{"code", t.T("office.setup.wrong")}}
		p.render(w, r, http.StatusUnprocessableEntity, "setup", view)
		return
	}
	p.setups.forget(from, key{"all", 4})
	a, wrong := newAccount(t, r)
	if len(wrong) > 0 {
		view.Problem = wrong
		p.render(w, r, http.StatusUnprocessableEntity, "setup", view)
		return
	}
	if err := p.deps.Accounts.AddAccount(r.Context(), a); err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	p.deps.Log.Info("first account made", "account", a.Name, "from", address(r))
	p.welcome(w, r, a, "/stations")
}

// newAccount reads name, password and its repetition.
func newAccount(t *text.Catalogue, r *http.Request) (Account, problems) {
	var wrong problems
	name, err := CleanName(r.FormValue("name"))
	if err != nil {
		wrong = append(wrong, problem{"name", t.T("office.form.name")})
	}
	password := r.FormValue("password")
	if len(password) < MinPassword || len(password) > MaxPassword {
		bounds := t.T("office.form.password", "min", strconv.Itoa(MinPassword), "max", strconv.Itoa(MaxPassword))
		wrong = append(wrong, problem{"password", bounds})
	} else if password != r.FormValue("again") {
		wrong = append(wrong, problem{"again", t.T("office.form.again")})
	}
	if len(wrong) > 0 {
		return Account{}, wrong
	}
	hash, err := HashPassword(password)
	if err != nil {
		return Account{}, problems{{"password", err.Error()}}
	}
	return Account{Name: name, Role: Admin, Password: hash}, nil
}
