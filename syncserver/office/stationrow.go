package office

import (
	"cmp"
	"slices"
	"time"

	"quachot/internal/text"
)

// The states of a station; texts are office.state.<state>.
const (
	stateForked    = "forked"
	stateSilent    = "silent"
	stateConnected = "connected"
	stateInvited   = "invited"
)

// What is told in amber. The manifest is signed anew every hour, so a day means
// that the station took none of some twenty.
const (
	skewShown = 30 * time.Second
	listsOld  = 24 * time.Hour
)

// stationRow is one line of the list of stations, in words.
type stationRow struct {
	ID, Name, Post string
	State          string // a state constant, or the reason of a revocation
	Seen, SeenAt   string // "12 phút trước", and the exact time
	Waiting, Held  string
	HasWaiting     bool
	Pending        string
	Skew           string
	SkewBad        bool
	Lists          string
	ListsBad       bool
	Program        string
	Issuer         bool
	Revoked        bool
}

func newStationRow(t *text.Catalogue, s Station, now time.Time) stationRow {
	row := stationRow{
		ID: s.ID, Name: s.Name, Post: join(s.Post, s.PostName), State: stateOf(s),
		Waiting: number(t, s.Waiting), HasWaiting: s.Waiting > 0, Held: number(t, s.Held),
		Program: s.Program, Issuer: s.Issuer, Revoked: s.Revoked != "",
	}
	if s.PostName != "" {
		row.Post = s.PostName
	}
	if s.Pending > 0 {
		row.Pending = t.T("office.pending", "n", number(t, s.Pending))
	}
	row.Seen, row.SeenAt = seen(t, s, now)
	row.Skew, row.SkewBad = skew(t, s.SkewMS)
	row.Lists, row.ListsBad = listAge(t, s.ListsAsOf, now)
	return row
}

func stateOf(s Station) string {
	switch {
	case s.Revoked != "":
		return string(s.Revoked)
	case s.Forked:
		return stateForked
	case s.Connected:
		return stateConnected
	case !s.Enrolled:
		return stateInvited
	}
	return stateSilent
}

func seen(t *text.Catalogue, s Station, now time.Time) (words, exact string) {
	if s.Connected {
		return t.T("office.seen.now"), ""
	}
	if s.LastSeen.IsZero() {
		return t.T("office.seen.never"), ""
	}
	ago := max(0, now.Sub(s.LastSeen))
	if ago < time.Minute {
		// No seconds: the line would change all the time and say nothing.
		return t.T("office.seen.ago", "ago", "< "+span(t, time.Minute)), clockTime(s.LastSeen, now)
	}
	return t.T("office.seen.ago", "ago", span(t, ago)), clockTime(s.LastSeen, now)
}

func skew(t *text.Catalogue, ms *int64) (words string, bad bool) {
	if ms == nil {
		return t.T("office.unknown"), false
	}
	d := time.Duration(*ms) * time.Millisecond
	key := "office.skew.fast"
	if d < 0 {
		key, d = "office.skew.slow", -d
	}
	if d < 2*time.Second {
		return t.T("office.skew.good"), false
	}
	return t.T(key, "d", span(t, d)), d >= skewShown
}

func listAge(t *text.Catalogue, asOf, now time.Time) (words string, bad bool) {
	if asOf.IsZero() {
		return t.T("office.lists.none"), false
	}
	age := max(0, now.Sub(asOf))
	if age < time.Minute {
		return "< " + span(t, time.Minute), false
	}
	return span(t, age), age >= listsOld
}

// stationRows puts what needs eyes first: two histories, then the longest
// silent, then the connected ones, then those not enrolled yet, the revoked last.
func stationRows(t *text.Catalogue, all []Station, now time.Time) []stationRow {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Station) int {
		order := cmp.Compare(weight(a), weight(b))
		if order == 0 && stateOf(a) == stateSilent {
			order = a.LastSeen.Compare(b.LastSeen)
		}
		return cmp.Or(order, cmp.Compare(a.PostName, b.PostName), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	rows := make([]stationRow, 0, len(all))
	for _, s := range all {
		rows = append(rows, newStationRow(t, s, now))
	}
	return rows
}

func weight(s Station) int {
	if w := slices.Index([]string{stateForked, stateSilent, stateConnected, stateInvited}, stateOf(s)); w >= 0 {
		return w
	}
	return 9
}
