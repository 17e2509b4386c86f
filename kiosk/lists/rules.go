package lists

import (
	"fmt"

	"quachot/internal/rules"
	"quachot/internal/wire"
)

// compile makes the rules ready that can be used. The office refuses a list with
// a bad rule, but it may be of a newer version than this station: a rule this
// one does not understand is left out and said, the others are asked.
func compile(list wire.RuleList) (*rules.Set, []string) {
	set, problems := rules.Compile(list.Rules)
	var unasked []string
	for _, p := range problems {
		unasked = append(unasked, fmt.Sprintf("a rule of the office cannot be used here, the others are asked: %s", p))
	}
	return set, unasked
}
