package lists

import (
	"slices"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/rules"
	"quachot/internal/wire"
)

// Snapshot is all lists at one moment. Nothing in it ever changes, so any number
// of goroutines may read it; what it hands out must not be written to.
type Snapshot struct {
	serial   uint64
	asOf     int64 // unix ms; 0 = no lists
	entries  map[string]wire.ListEntry
	problems []string // what was left out, for a person

	trusted  *credential.Trusted
	skipped  []string // keys of "keys" that cannot be used
	cards    []uint64 // revoked, ascending
	tokens   [][32]byte
	watch    watchList
	officers []wire.Officer
	settings wire.Settings
	rules    *rules.Set // nil = the office sent none
	unasked  []string   // rules of the list that cannot be used
	places   []wire.CarePlace
}

func empty() *Snapshot {
	return &Snapshot{entries: map[string]wire.ListEntry{}, trusted: &credential.Trusted{}}
}

// Trusted is whose signatures count; never nil.
func (s *Snapshot) Trusted() *credential.Trusted { return s.trusted }

// Revoked tells whether a card counts no more: by its number (all 13 digits; 0
// asks for none) or by the hash of its token (zero asks for none).
func (s *Snapshot) Revoked(card uint64, token [32]byte) bool {
	if card != 0 {
		if _, found := slices.BinarySearch(s.cards, card); found {
			return true
		}
	}
	if token == ([32]byte{}) {
		return false
	}
	_, found := slices.BinarySearchFunc(s.tokens, token, compareHash)
	return found
}

// Watch finds an entry of the watch-list. Its details are empty when they do
// not open, which is no reason to let somebody pass.
func (s *Snapshot) Watch(k identity.Keys) (wire.WatchDetails, bool) { return s.watch.find(k) }

// Watches says that somebody may be on the watch-list by a document of that kind;
// false where asking would be in vain.
func (s *Snapshot) Watches(kind identity.DocumentKind) bool { return s.watch.holds(kind) }

// WatchCount is how many entries the watch-list has.
func (s *Snapshot) WatchCount() int { return len(s.watch.match) }

// Officers are who may log in.
func (s *Snapshot) Officers() []wire.Officer { return s.officers }

// Settings are this deployment's posts and words.
func (s *Snapshot) Settings() wire.Settings { return s.settings }

// Rules are what is asked at the lane; never nil. Where the office sent no list of
// rules they are those of assets/rules; an empty list asks nothing.
func (s *Snapshot) Rules() *rules.Set {
	if s.rules == nil {
		return rules.Default()
	}
	return s.rules
}

// RuleText is a rule's reason in "vi" or "en"; empty when there is no such rule
// any more.
func (s *Snapshot) RuleText(id, lang string) string { return s.Rules().Text(id, lang) }

// Places are where people are sent: quarantine and test places.
func (s *Snapshot) Places() []wire.CarePlace { return s.places }

// Serial is the manifest's; 0 when there is none, or a list of it is damaged.
func (s *Snapshot) Serial() uint64 { return s.serial }

// AsOf is the office's time of the lists; zero when there are none.
func (s *Snapshot) AsOf() time.Time {
	if s.asOf == 0 {
		return time.Time{}
	}
	return time.UnixMilli(s.asOf)
}

// Versions are the lists in force by name.
func (s *Snapshot) Versions() map[string]uint64 {
	versions := map[string]uint64{}
	for name, l := range s.entries {
		versions[name] = l.Version
	}
	return versions
}

// Problems are what of the lists could not be used, in words for a person; most
// often none.
func (s *Snapshot) Problems() []string { return slices.Concat(s.problems, s.skipped, s.unasked) }

// take puts one list of before into s, under its new entry.
func (s *Snapshot) take(l wire.ListEntry, before *Snapshot) {
	s.entries[l.Name] = l
	switch l.Name {
	case wire.ListKeys:
		s.trusted, s.skipped = before.trusted, before.skipped
	case wire.ListRevoked:
		s.cards, s.tokens = before.cards, before.tokens
	case wire.ListWatch:
		s.watch = before.watch
	case wire.ListOfficers:
		s.officers = before.officers
	case wire.ListSettings:
		s.settings = before.settings
	case wire.ListRules:
		s.rules, s.unasked = before.rules, before.unasked
	case wire.ListPlaces:
		s.places = before.places
	}
}

// parse reads one list's content into s.
func (s *Snapshot) parse(l wire.ListEntry, content []byte) error {
	var err error
	switch l.Name {
	case wire.ListKeys:
		var keys wire.KeyList
		if err = wire.DecodeList(content, &keys); err == nil {
			s.trusted, s.skipped = trusted(keys)
		}
	case wire.ListRevoked:
		var revoked wire.RevokedList
		if err = wire.DecodeList(content, &revoked); err == nil {
			s.cards, s.tokens = revoked.Cards, revoked.Tokens
			slices.Sort(s.cards) // the office sends it sorted; a search must not rest on that
			slices.SortFunc(s.tokens, compareHash)
		}
	case wire.ListWatch:
		s.watch, err = parseWatch(content)
	case wire.ListOfficers:
		var officers wire.OfficerList
		err = wire.DecodeList(content, &officers)
		s.officers = officers.Officers
	case wire.ListSettings:
		err = wire.DecodeList(content, &s.settings)
	case wire.ListRules:
		var list wire.RuleList
		if err = wire.DecodeList(content, &list); err == nil {
			s.rules, s.unasked = compile(list)
		}
	case wire.ListPlaces:
		var list wire.PlaceList
		err = wire.DecodeList(content, &list)
		s.places = list.Places
	}
	if err == nil {
		s.entries[l.Name] = l
	}
	return err
}
