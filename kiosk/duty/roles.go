package duty

import (
	"crypto/subtle"
	"slices"
)

// The roles of a station's officers, each with what the one before it may do.
const (
	Steward    = "steward"
	Issuer     = "issuer"
	Supervisor = "supervisor"
)

// Act is something that not every officer may do.
type Act string

// The acts.
const (
	Work     Act = "work"      // decide, declare, take the lane over and hand it on
	Issue    Act = "issue"     // issue, replace and revoke cards
	Override Act = "override"  // let a stop through, go on with lists that are too old
	Settings Act = "settings"  // change what the station is set to
	TakeOver Act = "take-over" // end the shift of somebody who is gone
	Leave    Act = "leave"     // end the program, leave the full screen
)

// may says which roles may do an act. It is the whole of what roles mean.
var may = map[Act][]string{
	Work:     {Steward, Issuer, Supervisor},
	Issue:    {Issuer, Supervisor},
	Override: {Supervisor},
	Settings: {Supervisor},
	TakeOver: {Supervisor},
	Leave:    {Supervisor},
}

// Can tells whether an officer of that role may do act. A role or an act that
// this version does not know may not.
func Can(role string, act Act) bool { return slices.Contains(may[act], role) }

// Needs is the least role that may do act.
func Needs(act Act) string {
	if roles := may[act]; len(roles) > 0 {
		return roles[0]
	}
	return Supervisor
}

// Has tells whether role is at least the one that is needed; "" needs none.
func Has(role, needed string) bool {
	order := []string{Steward, Issuer, Supervisor}
	return needed == "" || slices.Contains(order, needed) && slices.Index(order, role) >= slices.Index(order, needed)
}

// same compares a list's hash with a badge's; an officer without a badge has none.
func same(listed, shown []byte) bool {
	return len(listed) == len(shown) && len(listed) > 0 && subtle.ConstantTimeCompare(listed, shown) == 1
}
