package office

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"quachot/assets/web"
	"quachot/internal/text"
)

// views are the parsed templates: for each language each page, together with the
// layout and the shared parts. Read-only after newViews.
type views struct {
	pages  map[string]map[string]*template.Template
	hashes map[string]string // static file -> first digits of its hash
}

// The pages; each is templates/NAME.html and defines "main".
var pageNames = []string{"login", "setup", "board", "stations", "invite", "revoke", "error"}

func newViews() *views {
	v := &views{pages: map[string]map[string]*template.Template{}, hashes: hashes()}
	for _, lang := range text.Languages() {
		v.pages[lang] = map[string]*template.Template{}
		for _, name := range pageNames {
			v.pages[lang][name] = v.parse(lang, name)
		}
	}
	return v
}

// parse panics on a broken template: they are part of the program, and a test
// parses them all.
func (v *views) parse(lang, name string) *template.Template {
	funcs := template.FuncMap{
		"t":     text.Load(lang).T,
		"lang":  func() string { return lang },
		"asset": v.asset,
	}
	files := []string{"templates/layout.html", "templates/parts.html", "templates/" + name + ".html"}
	return template.Must(template.New("layout.html").Funcs(funcs).ParseFS(web.Templates, files...))
}

// asset is the address of a static file with its hash, so that it may be kept
// by the browser until it changes.
func (v *views) asset(name string) string { return "/static/" + name + "?v=" + v.hashes[name] }

func hashes() map[string]string {
	all := map[string]string{}
	entries, _ := fs.ReadDir(web.Static, "static")
	for _, e := range entries {
		b, err := web.Static.ReadFile(path.Join("static", e.Name()))
		if err != nil {
			continue
		}
		sum := sha256.Sum256(b)
		all[e.Name()] = hex.EncodeToString(sum[:6])
	}
	return all
}

// fragment renders one named part of a page.
func (v *views) fragment(lang, page, part string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := v.pages[lang][page].ExecuteTemplate(&b, part, data)
	return b.Bytes(), err
}

// render writes a whole page; what cannot be rendered is an error page, never
// half of one.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	b, err := p.views.fragment(p.langOf(r), name, "layout.html", data)
	if err != nil {
		p.deps.Log.Error("page not rendered", "page", name, "error", err)
		http.Error(w, "page not rendered", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b)
}

// static serves the files of assets/web/static.
func (p *Pages) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	hash, ok := p.views.hashes[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("ETag", `"`+hash+`"`)
	http.ServeFileFS(w, r, web.Static, path.Join("static", name))
}

// page is what the layout needs; each page's own struct embeds it.
type page struct {
	Title   string // key
	Office  string
	Path    string // where the language switch leads back to
	Section string // of the navigation: board, stations or ""
	Account *Account
	Notice  string
	Problem problems
	Live    bool // loads the scripts
}

// problems are the fields of a form that were not taken.
type problems []problem

type problem struct {
	Field string // id of the input
	Text  string
}

// Has says whether the field has a problem, for aria-invalid.
func (ps problems) Has(field string) bool {
	for _, p := range ps {
		if p.Field == field {
			return true
		}
	}
	return false
}

func (p *Pages) page(r *http.Request, title string) page {
	pg := page{Title: title, Office: p.deps.Office, Path: r.URL.Path, Notice: p.sessions.takeNotice(r.Context())}
	switch first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); first {
	case "":
		pg.Section = "board"
	case "stations", "posts":
		pg.Section = "stations"
	}
	if a := accountOf(r); a.Name != "" {
		pg.Account = &a
	}
	return pg
}

func (p *Pages) texts(r *http.Request) *text.Catalogue { return text.Load(p.langOf(r)) }
