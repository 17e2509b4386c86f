package office

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// policy is the content security policy of every answer: scripts, styles,
// pictures and streams come from here, nothing stands inside a page, no other
// site may frame one.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// protect wraps all routes: headers, bounds, refusal of other sites' forms
// (http.CrossOriginProtection: Sec-Fetch-Site, else Origin against Host), session.
func (p *Pages) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(p.refuseOrigin))
	next = p.sessions.handler(cross.Handler(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

type accountKey struct{}

// accountOf is who asks, inside a handler that need let through.
func accountOf(r *http.Request) Account {
	a, _ := r.Context().Value(accountKey{}).(Account)
	return a
}

// need lets a request through when it is of somebody logged in with the role.
// The account is read again each time, so that a role taken away is gone at once.
func (p *Pages) need(role Role, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := p.sessions.account(r.Context())
		if name == "" {
			p.turnAway(w, r)
			return
		}
		a, err := p.deps.Accounts.Account(r.Context(), name)
		if errors.Is(err, ErrNotFound) {
			p.forgetSession(r)
			p.turnAway(w, r)
			return
		}
		if err != nil {
			p.fail(w, r, failStore, err)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), accountKey{}, a))
		if !a.Role.Includes(role) {
			p.fail(w, r, failForbidden, nil)
			return
		}
		next(w, r)
	}
}

// turnAway sends a browser to the login page, or to the first-start page while
// there is no account. A stream or a form gets no page it did not ask for.
func (p *Pages) turnAway(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/events" {
		http.Error(w, "not logged in", http.StatusUnauthorized)
		return
	}
	n, err := p.deps.Accounts.CountAccounts(r.Context())
	if err == nil && n == 0 {
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (p *Pages) forgetSession(r *http.Request) {
	if err := p.sessions.end(r.Context()); err != nil {
		p.deps.Log.Warn("session not ended", "error", err)
	}
}

// hash runs f with one of the few places for password work; false = the
// request ended or waited too long.
func (p *Pages) hash(ctx context.Context, f func()) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	select {
	case p.hashing <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-p.hashing }()
	f()
	return true
}
