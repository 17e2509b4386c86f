package screen

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
)

// span says a length of time in the largest unit that fits.
func (m *Model) span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return m.words.T("lane.span.now")
	case d < time.Hour:
		return m.words.T("lane.span.minutes", "n", strconv.Itoa(int(d/time.Minute)))
	case d < 48*time.Hour:
		return m.words.T("lane.span.hours", "n", strconv.Itoa(int(d/time.Hour)))
	}
	return m.words.T("lane.span.days", "n", strconv.Itoa(int(d/(24*time.Hour))))
}

// number groups the digits of n by threes.
func (m *Model) number(n uint64) string {
	s, mark := strconv.FormatUint(n, 10), "."
	if m.words.Lang() == "en" {
		mark = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

// reason says why. The weightiest catalogue wins: reasons, then readings, then
// warnings; an unknown code is shown as it is, which is better than nothing.
func (m *Model) reason(r record.Reason) string {
	if r.Code == "rule" {
		return m.ruleText(r.Arg)
	}
	for _, group := range []string{"reason.", "reading.", "warning."} {
		if key := group + r.Code; m.words.Has(key) {
			return sentence(m.words.T(key, "arg", m.reasonArg(r)))
		}
	}
	return strings.TrimSpace(r.Code + " " + r.Arg)
}

// ruleText is the reason of a rule of the office's list. One whose words are not
// known any more, because the list changed, is named.
func (m *Model) ruleText(id string) string {
	if m.status.RuleText != nil {
		if text := m.status.RuleText(id, m.words.Lang()); text != "" {
			return sentence(text)
		}
	}
	return m.words.T("reason.rule", "arg", id)
}

// firstReason is why, in one line; nothing of a watch-list hit.
func (m *Model) firstReason(s *shown) string {
	for _, r := range s.Reasons {
		if r.Code != "watch" {
			return m.reason(r)
		}
	}
	return ""
}

// word is a verdict in a word, neutral of a watch-list hit.
func (m *Model) word(s *shown) string {
	if s.Watch != nil {
		return m.street()
	}
	return m.words.T("verdict.short." + s.Verdict.String())
}

// joined puts the parts that say something together.
func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

// reasonArg writes a day the way people here do.
func (m *Model) reasonArg(r record.Reason) string {
	if day, err := time.Parse(time.DateOnly, r.Arg); err == nil {
		return day.Format("02/01/2006")
	}
	return r.Arg
}

// sentence begins with a capital.
func sentence(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// source says what was read and how far it is trusted.
func (m *Model) source(r credential.Reading) string {
	parts := []string{m.words.T("kind." + r.Kind.String())}
	if n := m.numberOf(r); n != "" {
		parts = append(parts, n)
	}
	if r.Kind != credential.Unknown {
		parts = append(parts, m.words.T("trust."+r.Trust.String()))
	}
	return strings.Join(parts, " · ")
}

// numberOf is the number the officer compares with the paper. A document's is
// shown by its end: the street looks on.
func (m *Model) numberOf(r credential.Reading) string {
	if r.CardNumber != "" && m.masked() {
		return tail(r.CardNumber)
	}
	if r.CardNumber != "" {
		if n, err := card.ParseNumber(r.CardNumber); err == nil {
			return n.Grouped()
		}
		return r.CardNumber
	}
	if len(r.Documents) == 0 {
		return ""
	}
	return hidden(r.Documents[0])
}

// hidden keeps the last four characters of a number.
func hidden(d identity.Document) string { return tail(d.Number) }

// tail is the last four characters of a number.
func tail(number string) string {
	if len(number) <= 4 {
		return number
	}
	return "…" + number[len(number)-4:]
}

// person is birth year and sex; the year is hidden with the name.
func (m *Model) person(r credential.Reading) string {
	sex := ""
	if key := "sex." + r.Sex; r.Sex != "" && m.words.Has(key) {
		sex = m.words.T(key)
	}
	return joined(" · ", m.yearOf(r), sex)
}

// yearOf is the year of birth; "" when it is not known, or hidden.
func (m *Model) yearOf(r credential.Reading) string {
	if len(r.Birth) < 4 || m.masked() {
		return ""
	}
	return r.Birth[:4]
}

// when is a time of day, with the day unless it is today.
func (m *Model) when(t time.Time) string {
	t = t.In(m.now.Location())
	clock := t.Format("15:04")
	y, mo, d := t.Date()
	ny, nmo, nd := m.now.Date()
	if y == ny && mo == nmo && d == nd {
		return m.words.T("lane.today", "time", clock)
	}
	return m.words.T("lane.day", "time", clock, "day", t.Format("02/01"))
}

// laneName is a lane's name without the word "lane", which the screen says itself.
func laneName(name string) string {
	name = norm.NFC.String(name)
	for _, word := range []string{"làn ", "lane "} {
		if len(name) > len(word) && strings.EqualFold(name[:len(word)], word) {
			return strings.TrimSpace(name[len(word):])
		}
	}
	return name
}
