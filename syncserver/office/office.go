package office

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"quachot/internal/text"
)

// Pages is the handler of all pages.
type Pages struct {
	deps     Deps // set by New, never changed
	handler  http.Handler
	sessions *sessions
	views    *views
	logins   *guard
	setups   *guard
	hashing  chan struct{} // a place for each password check that may run at once
	streams  chan struct{} // a place for each open event stream
	beat     time.Duration
	setup    sync.Mutex    // held while the first account is made
	closing  chan struct{} // closed by Close
	close    sync.Once
}

// Bounds. More password checks wait their turn (each needs 19 MiB); more open
// boards are refused with 503.
const (
	maxHashing = 2
	maxStreams = 200
	maxForm    = 64 << 10
)

// New makes the pages. Every page and every open stream runs on the goroutine of
// its request. Close ends the streams.
func New(d Deps) *Pages {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	p := &Pages{
		deps:     d,
		sessions: newSessions(time.Now, d.Log),
		views:    newViews(),
		logins:   newGuard(5, time.Second, 15*time.Minute),
		setups:   newGuard(5, time.Second, 15*time.Minute),
		hashing:  make(chan struct{}, maxHashing),
		streams:  make(chan struct{}, maxStreams),
		beat:     beat,
		closing:  make(chan struct{}),
	}
	p.handler = p.protect(p.routes())
	return p
}

// Close ends every open event stream, so that a server can shut down. It may be
// called more than once; pages still answer afterwards.
func (p *Pages) Close() {
	p.close.Do(func() { close(p.closing) })
}

// ServeHTTP answers one request.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

func (p *Pages) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{file}", p.static)
	mux.HandleFunc("GET /login", p.loginPage)
	mux.HandleFunc("POST /login", p.login)
	mux.HandleFunc("GET /setup", p.setupPage)
	mux.HandleFunc("POST /setup", p.firstAccount)
	mux.HandleFunc("POST /logout", p.logout)
	mux.HandleFunc("POST /language", p.language)

	mux.HandleFunc("GET /{$}", p.need(Viewer, p.board))
	mux.HandleFunc("GET /events", p.need(Viewer, p.events))
	mux.HandleFunc("GET /stations", p.need(Viewer, p.stations))
	mux.HandleFunc("POST /posts", p.need(Admin, p.addPost))
	mux.HandleFunc("POST /stations", p.need(Admin, p.invite))
	mux.HandleFunc("GET /stations/{id}/code", p.need(Admin, p.invitation))
	mux.HandleFunc("GET /stations/{id}/revoke", p.need(Admin, p.revokePage))
	mux.HandleFunc("POST /stations/{id}/revoke", p.need(Admin, p.revoke))
	mux.HandleFunc("/", p.need(Viewer, p.notFound))
	return mux
}

// langOf is the visitor's language: what was chosen, else what the office set.
func (p *Pages) langOf(r *http.Request) string {
	if c, err := r.Cookie(langCookie); err == nil {
		for _, l := range text.Languages() {
			if c.Value == l {
				return l
			}
		}
	}
	return text.Load(p.deps.Language).Lang()
}
