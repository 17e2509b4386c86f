package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"quachot/internal/text"
)

// builtKeys are beginnings of keys that code completes with something that stands
// in no literal, each with what that is.
var builtKeys = map[string]string{
	"office.card.":      "steps of a card, as record.CardStep has them; the issuing desk writes them",
	"office.error.":     "the error's name with -do after it, in syncserver/office/fail.go",
	"lane.refused.":     "the cause's key with -why and -do after it, in kiosk/refusal.go",
	"paper.test.step.":  "numbers of the steps",
	"paper.test.fault.": "numbers of the faults",
	"people.":           "codes of internal/people; whoever imports a list of people shows them",
}

// notKeys are literals that look like keys of the catalogue and are none.
var notKeys = map[string]string{
	"app.svg": "a picture", "office.db": "a file", "office.key": "a file", "office.lock": "a file",
	"sync.quachot": "a name in TLS", "training.cbor": "a file", "reading.province": "a variable of rules",
}

// notTexts are folders whose literals are another language that looks alike.
var notTexts = map[string]string{
	"build/bench": "names of measurements", "internal/rules": "variables of rules",
}

var (
	wholeKey  = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$`)
	beginning = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)*\.$`)
)

// spoken are the literals of all code: those that look like keys, the beginnings
// of keys, and every other, each with a place where it stands.
type spoken struct{ whole, begun, other map[string]string }

func readSpoken(t *testing.T) spoken {
	s := spoken{map[string]string{}, map[string]string{}, map[string]string{}}
	each(t, ".go", func(path string, b []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for folder := range notTexts {
			if strings.Contains(path, "/"+folder+"/") {
				return
			}
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, b, parser.SkipObjectResolution)
		if err != nil {
			return // the compiler says it better
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if _, imports := n.(*ast.ImportSpec); imports {
				return false
			}
			if e, ok := n.(ast.Expr); ok {
				s.add(e, files)
			}
			return true
		})
	})
	for _, u := range templateUses(t) {
		if u.prefix {
			s.begun[u.key] = u.where
		} else {
			s.whole[u.key] = u.where
		}
	}
	return s
}

func (s spoken) add(e ast.Expr, files *token.FileSet) {
	l, ok := literal(e)
	if !ok {
		return
	}
	where := files.Position(e.Pos()).String()
	s.other[l] = where
	switch {
	case wholeKey.MatchString(l):
		s.whole[l] = where
	case beginning.MatchString(l):
		s.begun[l] = where
	}
}

// Keys go through constructors, tables and constants before anything asks for
// their text, so every literal that looks like a key of one of the catalogue's
// groups has to be one.
func TestLiteralsThatLookLikeKeysAreKeys(t *testing.T) {
	has := text.Load(text.Vietnamese)
	groups := map[string]bool{}
	for _, k := range has.Keys() {
		group, _, _ := strings.Cut(k, ".")
		groups[group] = true
	}
	s := readSpoken(t)
	for l, where := range s.whole {
		group, _, _ := strings.Cut(l, ".")
		if groups[group] && notKeys[l] == "" && !has.Has(l) {
			t.Errorf("%s: no text for %q", where, l)
		}
	}
	for l, what := range notKeys {
		if s.whole[l] == "" {
			t.Errorf("%q (%s) is in no code any more: take it off the list", l, what)
		}
	}
}

// A text that nothing asks for is a sign of a lost button, or work for
// translators for nothing. A key is used when it stands somewhere as a whole, or
// its beginning and its end do.
func TestNoTextIsUnused(t *testing.T) {
	s := readSpoken(t)
	if len(s.whole) < 100 {
		t.Fatalf("only %d keys found: the search does not work", len(s.whole))
	}
	for _, k := range text.Load(text.Vietnamese).Keys() {
		if s.whole[k] == "" && !s.built(k) {
			t.Errorf("nothing asks for the text of %q", k)
		}
	}
}

// built says that code puts k together.
func (s spoken) built(k string) bool {
	for i := range k {
		if k[i] != '.' {
			continue
		}
		if begun, end := k[:i+1], k[i+1:]; builtKeys[begun] != "" || s.begun[begun] != "" && s.other[end] != "" {
			return true
		}
	}
	return false
}
