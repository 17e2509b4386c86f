package office

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// A session lasts one shift, whatever is done in it: a board on a wall stays on.
const sessionLife = 12 * time.Hour

// Keys of what a session holds.
const (
	sessionAccount = "account" // name of who is logged in
	sessionNotice  = "notice"  // a sentence for the next page
	sessionInvite  = "invite:" // + station: an Invitation as JSON
)

// sessions keeps who is logged in. The same sessions serve plain HTTP on the
// office computer and TLS elsewhere; only the cookie differs, so that one made
// under TLS never travels in clear.
type sessions struct {
	plain *scs.SessionManager
	tls   *scs.SessionManager
}

func newSessions(now func() time.Time, log *slog.Logger) *sessions {
	// Not scs.New: it starts a goroutine that nothing can stop.
	plain := &scs.SessionManager{
		Lifetime:         sessionLife,
		Store:            newMemory(now),
		HashTokenInStore: true,
		Codec:            scs.GobCodec{},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			log.Error("session not read or stored", "error", err)
			http.Error(w, "session not read or stored", http.StatusInternalServerError)
		},
		// Without Persist it is gone when the browser closes.
		Cookie: scs.SessionCookie{Name: "quachot", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode},
	}
	secure := *plain
	secure.Cookie.Name = "__Host-quachot"
	secure.Cookie.Secure = true
	return &sessions{plain: plain, tls: &secure}
}

// handler loads the session of each request and saves it after.
func (s *sessions) handler(next http.Handler) http.Handler {
	plain, tls := s.plain.LoadAndSave(next), s.tls.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			tls.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}

// account is the name of who is logged in, or "".
func (s *sessions) account(ctx context.Context) string {
	return s.plain.GetString(ctx, sessionAccount)
}

// begin logs name in under a fresh token, so that one planted before is worth
// nothing.
func (s *sessions) begin(ctx context.Context, name string) error {
	if err := s.plain.RenewToken(ctx); err != nil {
		return err
	}
	s.plain.Put(ctx, sessionAccount, name)
	return nil
}

func (s *sessions) end(ctx context.Context) error { return s.plain.Destroy(ctx) }

// alive says whether the session of this request still stands in the store; a
// stream asks it again and again.
func (s *sessions) alive(r *http.Request) bool {
	m := s.plain
	if r.TLS != nil {
		m = s.tls
	}
	cookie, err := r.Cookie(m.Cookie.Name)
	if err != nil {
		return false
	}
	ctx, err := m.Load(context.Background(), cookie.Value)
	return err == nil && s.account(ctx) != ""
}

func (s *sessions) notice(ctx context.Context, sentence string) {
	s.plain.Put(ctx, sessionNotice, sentence)
}

func (s *sessions) takeNotice(ctx context.Context) string {
	return s.plain.PopString(ctx, sessionNotice)
}

func (s *sessions) keepInvitation(ctx context.Context, i Invitation) error {
	b, err := json.Marshal(i)
	if err != nil {
		return err
	}
	s.plain.Put(ctx, sessionInvite+i.Station, string(b))
	return nil
}

func (s *sessions) invitationOf(ctx context.Context, station string) (Invitation, bool) {
	var i Invitation
	err := json.Unmarshal([]byte(s.plain.GetString(ctx, sessionInvite+station)), &i)
	return i, err == nil
}
