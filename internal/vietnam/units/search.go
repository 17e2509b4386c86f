package units

import (
	"slices"
	"strings"
	"time"
)

// Options narrow and order a search. The zero value searches everything that is
// in force today or was in 2021.
type Options struct {
	Day      time.Time // editions to come on that day are left out; zero = today's edition
	Used     []string  // keys of units used here before, the last one first: they come first
	Province string    // 2-digit code of the own province: its units come next
	Most     int       // 0 = 8
}

// Old says that the unit was no more on the day: one with districts above it, or
// of a province merged since.
func (u Unit) Old(on time.Time) bool {
	all := load()
	return u.Edition < firstNew && all[inForce(all, on)].from >= firstNew
}

// Named is the unit with the key; false when no searchable edition has it.
func Named(key string) (Unit, bool) {
	x := searchable()
	at, ok := x.byKey[key]
	if !ok {
		return Unit{}, false
	}
	return x.units[at], true
}

// Search finds units by what an officer types: letters with or without marks
// ("phu bai"), beginnings of words ("ph ba"), initials ("pb"), words run together
// ("phubai"), with or without the kind ("p12", "phuong 12"), and after the name
// as much of district and province as is needed ("an cuu hue", "pb tth"). A text
// that names a district or province finds it, as a whole. The best come first:
// last used, own province, exact names, beginnings, initials.
func Search(text string, o Options) []Unit {
	tokens := strings.Fields(Fold(text))
	if len(tokens) == 0 || len(tokens) > maxTokens {
		return nil
	}
	x := searchable()
	s := &search{index: x, tokens: tokens, own: o.Province, best: make([]scored, 0, cmpMost(o.Most)+1)}
	s.onlyOld = !o.Day.IsZero() && load()[inForce(load(), o.Day)].from < firstNew
	for i, key := range o.Used {
		if at, ok := x.byKey[key]; ok && i < 250 {
			s.used = append(s.used, at)
		}
	}
	s.narrow()
	for i := range x.entries {
		s.weigh(int32(i))
	}
	found := make([]Unit, len(s.best))
	for i, b := range s.best {
		found[i] = x.units[b.at]
	}
	return found
}

// firstNew is the first edition without districts. The newest one stands for all
// that came since: they differ in the spelling of a few names.
const firstNew = "2025-07-01"

// maxTokens are more words than any place has.
const maxTokens = 16

func cmpMost(most int) int {
	if most <= 0 {
		return 8
	}
	return most
}

// scored is a unit found; the lower the better.
type scored struct {
	score uint64
	at    int32
}

// search is one search under way.
type search struct {
	*index
	tokens  []string
	used    []int32
	own     string
	onlyOld bool
	// tails says for each area how many of the last tokens name it or what it
	// lies in: bit n is set when the last n do. Bit 0 always is.
	tails map[int32]uint32
	best  []scored // sorted, at most cap-1
}

// narrow finds which areas the last words name.
func (s *search) narrow() {
	s.tails = make(map[int32]uint32, len(s.areas))
	for _, at := range s.areas { // provinces stand before their districts
		e := s.entries[at]
		bits := uint32(1)
		for n := 1; n <= len(s.tokens); n++ {
			if names(s.tokens[len(s.tokens)-n:], e) != none {
				bits |= 1 << n
			}
		}
		if e.above >= 0 { // "huong thuy hue": the end names the province, what stands before it the district
			over := s.tails[e.above]
			for n := 1; n < len(s.tokens); n++ {
				if over&(1<<n) == 0 {
					continue
				}
				for d := 1; d+n <= len(s.tokens); d++ {
					if names(s.tokens[len(s.tokens)-n-d:len(s.tokens)-n], e) != none {
						bits |= 1 << (n + d)
					}
				}
			}
			bits |= over
		}
		s.tails[at] = bits
	}
}

// names says how well words name an area: as a unit is named, or by any word
// within its name ("hue" of Thừa Thiên Huế).
func names(tokens []string, e entry) quality {
	if q := match(tokens, e); q != none {
		return q
	}
	return inside(tokens, e.name)
}

// weigh keeps the entry when it is among the best.
func (s *search) weigh(at int32) {
	e := &s.entries[at]
	if s.onlyOld && e.now {
		return
	}
	q, tail := s.quality(*e)
	if q == none {
		return
	}
	score := s.score(at, e, q) | uint64(tail)<<32
	n := len(s.best)
	if n == cap(s.best)-1 && score >= s.best[n-1].score {
		return
	}
	i, _ := slices.BinarySearchFunc(s.best, score, func(b scored, want uint64) int {
		if b.score < want {
			return -1
		}
		return 1
	})
	s.best = slices.Insert(s.best, i, scored{score, at})
	if len(s.best) == cap(s.best) {
		s.best = s.best[:cap(s.best)-1]
	}
}

// quality is the best over all ways to part the words into name and area, and
// how many words of it are the area's.
func (s *search) quality(e entry) (best quality, tail int) {
	bits := uint32(1)
	if e.above >= 0 {
		bits = s.tails[e.above]
	}
	best = none
	for n := range s.tokens {
		if bits&(1<<n) != 0 {
			if q := match(s.tokens[:len(s.tokens)-n], e); q < best {
				best, tail = q, n
			}
		}
	}
	if best != none || len(s.tokens[0]) < 3 {
		return best, tail
	}
	for n := range s.tokens {
		if bits&(1<<n) != 0 && inside(s.tokens[:len(s.tokens)-n], e.name) != none {
			return within, n
		}
	}
	return none, 0
}

// score puts what counts most into the highest bits: last used, own province,
// quality, fewer words of the area (filled in by weigh), the newest edition, a
// shorter name.
func (s *search) score(at int32, e *entry, q quality) uint64 {
	used := uint64(255)
	if i := slices.Index(s.used, at); i >= 0 {
		used = uint64(i)
	}
	score := used << 48
	u := &s.units[at]
	if s.own != "" && u.ProvinceCode != s.own {
		score |= 1 << 47
	}
	score |= uint64(q) << 40
	if !e.now && !s.onlyOld {
		score |= 1 << 31
	}
	return score | uint64(min(len(e.name), 127))<<24 | uint64(at)
}
