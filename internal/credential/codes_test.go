package credential

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quachot/internal/text"
)

// declaredCodes are the string constants of codes.go.
func declaredCodes(t *testing.T) (reasons, warnings []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		lit, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		code, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(spec.Names[0].Name, "Warn") {
			warnings = append(warnings, code)
		} else {
			reasons = append(reasons, code)
		}
		return true
	})
	return reasons, append(warnings, WarnProvince, WarnBirthYear, WarnSex)
}

// TestEveryCodeHasWords: an officer never sees a bare code.
func TestEveryCodeHasWords(t *testing.T) {
	reasons, warnings := declaredCodes(t)
	if len(reasons) < 10 || len(warnings) < 10 {
		t.Fatalf("%d reasons, %d warnings found in codes.go", len(reasons), len(warnings))
	}
	var keys []string
	for _, c := range reasons {
		keys = append(keys, "reading."+c)
	}
	for _, c := range warnings {
		keys = append(keys, "warning."+c)
	}
	for k := range len(kindNames) {
		keys = append(keys, "kind."+Kind(k).String())
	}
	for k := range len(trustNames) {
		keys = append(keys, "trust."+Trust(k).String())
	}
	slices.Sort(keys)
	for _, lang := range text.Languages() {
		for _, k := range keys {
			if !text.Load(lang).Has(k) {
				t.Errorf("%s: no text for %s", lang, k)
			}
		}
	}
}
