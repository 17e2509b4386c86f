package text_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	catalogue "quachot/assets/text"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/text"
)

// root is the top of the checkout, as seen from this package.
const root = "../.."

func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := catalogue.Files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	return m
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func placeholders(s string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	vi, en := texts(t, text.Vietnamese), texts(t, text.English)
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	key := regexp.MustCompile(`^[a-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	for k, v := range vi {
		e, ok := en[k]
		if !ok {
			t.Errorf("%s is in vi.json, not in en.json", k)
			continue
		}
		if !key.MatchString(k) {
			t.Errorf("key %q: want words of letters, digits, - and _ with dots between", k)
		}
		pv, pe := placeholders(v), placeholders(e)
		if !slices.Equal(pv, pe) {
			t.Errorf("%s: placeholders %q in Vietnamese, %q in English", k, pv, pe)
		}
		for _, p := range pv {
			if !name.MatchString(p) {
				t.Errorf("%s: placeholder {%s} is no name", k, p)
			}
		}
	}
	for k := range en {
		if _, ok := vi[k]; !ok {
			t.Errorf("%s is in en.json, not in vi.json", k)
		}
	}
}

func TestTextsAreClean(t *testing.T) {
	for _, lang := range text.Languages() {
		for k, v := range texts(t, lang) {
			switch {
			case strings.TrimSpace(v) != v || v == "":
				t.Errorf("%s %s: empty, or blanks around: %q", lang, k, v)
			case !norm.NFC.IsNormalString(v):
				t.Errorf("%s %s: not NFC: %q", lang, k, v)
			case strings.ContainsFunc(v, unicode.IsControl) && !strings.Contains(v, "\n"):
				t.Errorf("%s %s: control characters: %q", lang, k, v)
			case strings.Count(v, "{") != len(placeholder.FindAllString(v, -1)) || strings.Count(v, "}") != strings.Count(v, "{"):
				t.Errorf("%s %s: a brace stands alone: %q", lang, k, v)
			}
		}
	}
}

// The values of these types are in records; each has its text.
func TestVocabularyHasTexts(t *testing.T) {
	var keys []string
	for k := credential.Unknown; k <= credential.Claim169; k++ {
		keys = append(keys, "kind."+k.String())
	}
	for k := credential.Undecided; k <= credential.Forged; k++ {
		keys = append(keys, "trust."+k.String())
	}
	for v := record.Pass; v <= record.Unreadable; v++ {
		keys = append(keys, "verdict."+v.String())
	}
	for d := record.LetThrough; d <= record.ToQuarantine; d++ {
		keys = append(keys, "decision."+d.String())
	}
	for k := record.KindScan; k <= record.KindDamaged; k++ {
		keys = append(keys, "record."+k.String())
	}
	for k := identity.CCCD; k <= identity.Foreign; k++ {
		keys = append(keys, "document."+k.String())
	}
	keys = append(keys, "direction.in", "direction.out")
	has := text.Load(text.Vietnamese)
	for _, k := range keys {
		if !has.Has(k) {
			t.Errorf("no text for %s", k)
		}
	}
}

// use is one place where code asks for a text.
type use struct {
	key    string
	prefix bool // only the beginning of the key stands there
	args   []string
	where  string
}

func TestKeysUsedInCodeExist(t *testing.T) {
	all := texts(t, text.Vietnamese)
	uses := append(goUses(t), templateUses(t)...)
	if len(uses) < 100 {
		t.Fatalf("only %d uses found: the search does not work", len(uses))
	}
	for _, u := range uses {
		if u.prefix {
			if !slices.ContainsFunc(text.Load("vi").Keys(), func(k string) bool { return strings.HasPrefix(k, u.key) }) {
				t.Errorf("%s: no key begins with %q", u.where, u.key)
			}
			continue
		}
		v, ok := all[u.key]
		if !ok {
			t.Errorf("%s: no text for %q", u.where, u.key)
			continue
		}
		for _, a := range u.args {
			if !slices.Contains(placeholders(v), a) {
				t.Errorf("%s: %q has no {%s}: %q", u.where, u.key, a, v)
			}
		}
		if len(u.args) > 0 && len(u.args) < len(placeholders(v)) {
			t.Errorf("%s: %q needs %q, gets %q", u.where, u.key, placeholders(v), u.args)
		}
	}
}

// each calls f with the text of every file below root that ends in ext.
func each(t *testing.T, ext string, f func(path string, b []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		// Others may write files while this reads.
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || n == "bin" || n == "out" || strings.HasPrefix(n, ".") && path != root {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ext) {
			return nil
		}
		b, err := os.ReadFile(path)
		if err == nil {
			f(path, b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goUses finds calls x.T("key", "name", value ...), and t("key" ...) where t is
// a local of x.T; also "prefix." + something as their key.
func goUses(t *testing.T) []use {
	var all []use
	each(t, ".go", func(path string, b []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, b, parser.SkipObjectResolution)
		if err != nil {
			return // the compiler says it better
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || !isT(call.Fun) {
				return true
			}
			u := use{where: files.Position(call.Pos()).String()}
			if u.key, u.prefix = keyOf(call.Args[0]); u.key == "" {
				return true
			}
			for i := 1; i < len(call.Args) && !call.Ellipsis.IsValid(); i += 2 {
				if a, ok := literal(call.Args[i]); ok {
					u.args = append(u.args, a)
				}
			}
			all = append(all, u)
			return true
		})
	})
	return all
}

func isT(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name == "T"
	case *ast.Ident:
		return f.Name == "t"
	}
	return false
}

// keyOf is the literal, or the literal beginning of a sum.
func keyOf(e ast.Expr) (key string, prefix bool) {
	if s, ok := literal(e); ok {
		return s, false
	}
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			break
		}
		prefix, e = true, sum.X
	}
	s, ok := literal(e)
	if !ok || !prefix || !strings.Contains(s, ".") {
		return "", false
	}
	return s, true
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

var (
	inTemplate = regexp.MustCompile(`\bt "([^"]+)"((?: "[a-z_]+" (?:"[^"]*"|[^ }")]+))*)`)
	printed    = regexp.MustCompile(`\bt \(print "([^"]+)"`)
	argName    = regexp.MustCompile(` "([a-z_]+)" `)
)

// templateUses finds {{t "key" "name" value}} and {{t (print "prefix." x)}}.
func templateUses(t *testing.T) []use {
	var all []use
	each(t, ".html", func(path string, b []byte) {
		for _, m := range inTemplate.FindAllStringSubmatch(string(b), -1) {
			u := use{key: m[1], where: path}
			for _, a := range argName.FindAllStringSubmatch(m[2], -1) {
				u.args = append(u.args, a[1])
			}
			all = append(all, u)
		}
		for _, m := range printed.FindAllStringSubmatch(string(b), -1) {
			all = append(all, use{key: m[1], prefix: true, where: path})
		}
	})
	return all
}

var under = regexp.MustCompile(`under\s+"([a-z.]+\.)<code>"`)

// Codes of records get their text by a rule that code states in the comment of
// their constants (texts are under "reading.<code>") or by being a
// record.Reason{Code: "..."}; then the text must be there.
func TestCodesHaveTexts(t *testing.T) {
	has := text.Load(text.Vietnamese)
	found := 0
	need := func(where, code string, prefixes ...string) {
		found++
		if !slices.ContainsFunc(prefixes, func(p string) bool { return has.Has(p + code) }) {
			t.Errorf("%s: no text for code %q under any of %q", where, code, prefixes)
		}
	}
	each(t, ".go", func(path string, b []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, b, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				m := under.FindStringSubmatch(n.Doc.Text())
				if n.Tok != token.CONST || m == nil {
					return true
				}
				ast.Inspect(n, func(n ast.Node) bool {
					if e, ok := n.(ast.Expr); ok {
						if code, ok := literal(e); ok {
							need(files.Position(e.Pos()).String(), code, m[1])
						}
					}
					return true
				})
			case *ast.CompositeLit:
				if s, ok := n.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Reason" && len(n.Elts) > 0 {
					if kv, ok := n.Elts[0].(*ast.KeyValueExpr); ok {
						if code, ok := literal(kv.Value); ok {
							need(files.Position(n.Pos()).String(), code, "reason.", "reading.", "warning.")
						}
					}
				}
			}
			return true
		})
	})
	if found < 10 {
		t.Errorf("only %d codes found: the search does not work", found)
	}
}
