package office

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"quachot/internal/qr"
)

type invitePage struct {
	page
	Invitation
	Known   bool // this session made it
	QR      template.HTML
	Until   string
	Command string
}

// invite makes a station and goes to the page that shows its code, so that
// loading that page again makes no second station.
func (p *Pages) invite(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.fail(w, r, failForm, err)
		return
	}
	t := p.texts(r)
	name, post, issuer := plainName(r.PostFormValue("name")), r.PostFormValue("post"), r.PostFormValue("issuer") != ""
	var wrong problems
	if name == "" {
		wrong = append(wrong, problem{"station-name", t.T("office.form.station-name")})
	}
	if post == "" {
		wrong = append(wrong, problem{"station-post", t.T("office.form.station-post")})
	}
	var made Invitation
	var err error
	if len(wrong) == 0 {
		made, err = p.deps.Enrolment.Invite(r.Context(), name, post, issuer, accountOf(r).Name)
	}
	if errors.Is(err, ErrNotFound) {
		wrong = problems{{"station-post", t.T("office.form.station-post")}}
		err = nil
	}
	if err == nil && len(wrong) == 0 {
		err = p.sessions.keepInvitation(r.Context(), made)
	}
	switch {
	case err != nil:
		p.fail(w, r, failStore, err)
	case len(wrong) > 0:
		p.showStations(w, r, http.StatusUnprocessableEntity, func(s *stationsPage) {
			s.Problem, s.Station.Name, s.Station.Post, s.Station.Issuer = wrong, name, post, issuer
		})
	default:
		http.Redirect(w, r, "/stations/"+made.Station+"/code", http.StatusSeeOther)
	}
}

// invitation shows the code to the session that made it.
func (p *Pages) invitation(w http.ResponseWriter, r *http.Request) {
	v := invitePage{page: p.page(r, "office.title.invite")}
	v.Invitation, v.Known = p.sessions.invitationOf(r.Context(), r.PathValue("id"))
	if !v.Known {
		p.render(w, r, http.StatusNotFound, "invite", v)
		return
	}
	v.Until = v.Expires.In(hanoi).Format("15:04 02/01/2006")
	v.Command = "kiosk enrol " + v.Code
	if c, err := qr.Encode(v.Code, qr.M); err != nil {
		p.deps.Log.Warn("no QR of an enrolment code", "error", err)
	} else {
		v.QR = qrSVG(c, p.texts(r).T("office.invite.qr", "code", v.Code))
	}
	p.render(w, r, http.StatusOK, "invite", v)
}

// qrSVG draws c with the four modules of quiet zone that readers need. label is
// for those who cannot see it.
func qrSVG(c *qr.Code, label string) template.HTML {
	const quiet = 4
	side := c.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges">`,
		template.HTMLEscapeString(label), side, side)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, side, side)
	for y := range c.Size {
		for x := range c.Size {
			if c.Dark(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()) // numbers, and a label escaped above
}
