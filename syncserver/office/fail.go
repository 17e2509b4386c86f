package office

import (
	"net/http"
)

// failure is a page that tells what happened, what is safe and what to do. Its
// texts are office.error.<key> and office.error.<key>-do.
type failure struct {
	key    string
	status int
}

var (
	failNotFound  = failure{"not-found", http.StatusNotFound}
	failForbidden = failure{"forbidden", http.StatusForbidden}
	failOrigin    = failure{"origin", http.StatusForbidden}
	failStore     = failure{"store", http.StatusServiceUnavailable}
	failForm      = failure{"form", http.StatusBadRequest}
	failBusy      = failure{"busy", http.StatusServiceUnavailable}
)

type errorPage struct {
	page
	What string
	Safe string
	Do   string
}

// fail answers with f's page; err, when there is one, goes to the log only.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, f failure, err error) {
	if err != nil {
		p.deps.Log.Error("page failed", "path", r.URL.Path, "error", err)
	}
	t := p.texts(r)
	e := errorPage{page: p.page(r, "office.title.error"), What: t.T("office.error." + f.key), Do: t.T("office.error." + f.key + "-do")}
	if f.status >= 500 {
		e.Safe = t.T("office.error.safe")
	}
	p.render(w, r, f.status, "error", e)
}

func (p *Pages) notFound(w http.ResponseWriter, r *http.Request) { p.fail(w, r, failNotFound, nil) }

func (p *Pages) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	p.deps.Log.Warn("request of another site refused", "path", r.URL.Path, "from", address(r))
	p.fail(w, r, failOrigin, nil)
}
