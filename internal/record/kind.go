package record

import "fmt"

// Kind says what a record is about. Values are on disk for ever: append only.
type Kind uint8

// The kinds of design section 4, and Damaged, which stands in for a record that
// no medium could give back whole (its body is empty, its chain value stands).
const (
	KindScan        Kind = 1
	KindPassage     Kind = 2
	KindDeclaration Kind = 3
	KindPerson      Kind = 4
	KindCard        Kind = 5
	KindShift       Kind = 6
	KindContext     Kind = 7
	KindIncident    Kind = 8
	KindClock       Kind = 9
	KindNote        Kind = 10
	KindLatency     Kind = 11
	KindDamaged     Kind = 12
)

var kindNames = [...]string{"", "scan", "passage", "declaration", "person", "card", "shift", "context", "incident", "clock", "note", "latency", "damaged"}

// String is the kind's name in every JSON field "kind".
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind is the inverse of String for the known kinds.
func ParseKind(s string) (Kind, error) {
	for i, n := range kindNames {
		if i > 0 && n == s {
			return Kind(i), nil
		}
	}
	return 0, fmt.Errorf("unknown record kind %q", s)
}
