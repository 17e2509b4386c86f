// Package locale keeps the toolkit quiet about a locale that names no language,
// such as C.UTF-8 of servers and containers: it reads the locale while the
// program initialises and would print an error before every subcommand.
//
// Package main imports it for that effect alone. It must run before the
// toolkit's package lang, and does: packages are initialised in the order of
// their import paths as soon as all they import is ready (Go specification,
// "Program initialization"). This one needs os and strings, lang needs
// text/template, and "quachot" sorts before "text".
package locale

import (
	"os"
	"strings"
)

func init() { name(os.Getenv, os.Setenv) }

// name says English where the locale says no language. LANGUAGE concerns
// messages alone, so that the X server's input is not touched.
func name(get func(string) string, set func(name, value string) error) {
	for _, env := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := get(env)
		if locale == "" {
			continue
		}
		language, _, _ := strings.Cut(locale, ".")
		if (language == "C" || language == "POSIX") && get("LANGUAGE") == "" {
			_ = set("LANGUAGE", "en")
		}
		return
	}
}
