package rules

import (
	"fmt"
	"sync"

	assets "quachot/assets/rules"
	"quachot/internal/wire"
)

// Default is the set that is asked where the office sent none, compiled when it
// is first asked for.
func Default() *Set { return defaults().set }

// DefaultRules are the rules of Default, those that are off too.
func DefaultRules() []wire.Rule { return defaults().rules }

type builtIn struct {
	rules []wire.Rule
	set   *Set
}

var defaults = sync.OnceValue(func() builtIn {
	f, problems := ReadFile(assets.Default)
	if len(problems) > 0 {
		panic(fmt.Sprintf("the built-in rules are broken: %v", problems)) // a test reads them
	}
	set, _ := Compile(f.Rules)
	return builtIn{f.Rules, set}
})
