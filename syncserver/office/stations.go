package office

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// stationsPage adds posts and stations and lists them all. Post and Station are
// what was typed, kept when a form is refused.
type stationsPage struct {
	page
	Rows    []stationRow
	Posts   []Post
	Kinds   []PostKind
	Admin   bool
	Post    Post
	Station struct {
		Name, Post string
		Issuer     bool
	}
}

func (p *Pages) stations(w http.ResponseWriter, r *http.Request) {
	p.showStations(w, r, http.StatusOK, func(*stationsPage) {})
}

// showStations renders the page after change put into it what the request adds.
func (p *Pages) showStations(w http.ResponseWriter, r *http.Request, status int, change func(*stationsPage)) {
	all, err := p.deps.Stations.Stations(r.Context())
	if err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	posts, err := p.deps.Enrolment.Posts(r.Context())
	if err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	slices.SortFunc(posts, func(a, b Post) int { return strings.Compare(a.Code, b.Code) })
	s := stationsPage{page: p.page(r, "office.title.stations"), Posts: posts, Kinds: PostKinds()}
	s.Path = "/stations"
	s.Admin = accountOf(r).Role.Includes(Admin)
	s.Rows = stationRows(p.texts(r), all, p.deps.Now())
	if len(posts) == 1 {
		s.Station.Post = posts[0].Code
	}
	change(&s)
	p.render(w, r, status, "stations", s)
}

// postCode is what stands in records and commands for a post.
var postCode = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}-]{0,15}$`)

// plainName is a name as people type it: NFC, one line, 1 to 64 characters;
// empty when it is not.
func plainName(s string) string {
	s = norm.NFC.String(strings.TrimSpace(s))
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 64 || strings.ContainsFunc(s, unicode.IsControl) {
		return ""
	}
	return s
}

func (p *Pages) addPost(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.fail(w, r, failForm, err)
		return
	}
	t := p.texts(r)
	post := Post{
		Code: norm.NFC.String(strings.TrimSpace(r.PostFormValue("code"))),
		Name: plainName(r.PostFormValue("name")), Kind: PostKind(r.PostFormValue("kind")),
	}
	var wrong problems
	if !postCode.MatchString(post.Code) {
		wrong = append(wrong, problem{"post-code", t.T("office.form.post-code")})
	}
	if post.Name == "" {
		wrong = append(wrong, problem{"post-name", t.T("office.form.post-name")})
	}
	if !slices.Contains(PostKinds(), post.Kind) {
		wrong = append(wrong, problem{"post-kind", t.T("office.form.post-kind")})
	}
	if len(wrong) == 0 {
		err := p.deps.Enrolment.AddPost(r.Context(), post, accountOf(r).Name)
		switch {
		case errors.Is(err, ErrExists):
			wrong = problems{{"post-code", t.T("office.form.post-taken")}}
		case err != nil:
			p.fail(w, r, failStore, err)
			return
		}
	}
	if len(wrong) > 0 {
		p.showStations(w, r, http.StatusUnprocessableEntity, func(s *stationsPage) { s.Post, s.Problem = post, wrong })
		return
	}
	p.sessions.notice(r.Context(), t.T("office.stations.post-added", "name", post.Name))
	http.Redirect(w, r, "/stations", http.StatusSeeOther)
}

// revokePage asks for the reason, and so also "really?".
type revokePage struct {
	page
	ID, Name string
}

func (p *Pages) revokePage(w http.ResponseWriter, r *http.Request) {
	p.showRevoke(w, r, http.StatusOK, nil)
}

func (p *Pages) showRevoke(w http.ResponseWriter, r *http.Request, status int, wrong problems) {
	s, err := p.station(r)
	if errors.Is(err, ErrNotFound) || err == nil && s.Revoked != "" {
		p.fail(w, r, failNotFound, nil)
		return
	}
	if err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	v := revokePage{page: p.page(r, "office.title.revoke"), ID: s.ID, Name: s.Name}
	v.Problem = wrong
	p.render(w, r, status, "revoke", v)
}

// station is the one that the request's path names.
func (p *Pages) station(r *http.Request) (Station, error) {
	all, err := p.deps.Stations.Stations(r.Context())
	if err != nil {
		return Station{}, err
	}
	for _, s := range all {
		if s.ID == r.PathValue("id") {
			return s, nil
		}
	}
	return Station{}, ErrNotFound
}

func (p *Pages) revoke(w http.ResponseWriter, r *http.Request) {
	reason := RevokeReason(r.PostFormValue("reason"))
	if reason != Retired && reason != Lost {
		p.showRevoke(w, r, http.StatusUnprocessableEntity, problems{{"retired", p.texts(r).T("office.form.reason")}})
		return
	}
	s, err := p.station(r)
	if err == nil {
		err = p.deps.Stations.Revoke(r.Context(), s.ID, reason, accountOf(r).Name)
	}
	if errors.Is(err, ErrNotFound) {
		p.fail(w, r, failNotFound, nil)
		return
	}
	if err != nil {
		p.fail(w, r, failStore, err)
		return
	}
	p.sessions.notice(r.Context(), p.texts(r).T("office.stations.revoked", "name", s.Name))
	http.Redirect(w, r, "/stations", http.StatusSeeOther)
}
