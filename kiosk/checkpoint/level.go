package checkpoint

import (
	"strings"
	"time"

	"quachot/internal/vietnam/units"
	"quachot/internal/wire"
)

// PostLevel is the key of a post's own level in [wire.Settings.Levels].
const PostLevel = "post:"

// LevelOf is the epidemic level of a ward (5 digits), district (3 digits) or
// province (2 digits) on a day: its own, else its province's, else the one for
// everywhere else; 0 when the office set none.
func LevelOf(s wire.Settings, code string, on time.Time) uint8 {
	if level, ok := s.Levels[code]; ok && code != "" {
		return level
	}
	if len(code) > 2 && hasProvince(s) {
		if u, ok := units.Of(code, on); ok {
			if level, ok := s.Levels[u.ProvinceCode]; ok {
				return level
			}
		}
	}
	return s.Levels[""]
}

// LevelAt is the epidemic level where a post stands: its own, else the one of the
// province whose two digits the station's number begins with, else the one for
// everywhere else.
func LevelAt(s wire.Settings, post wire.Post, province string) uint8 {
	if level, ok := s.Levels[PostLevel+post.Code]; ok {
		return level
	}
	if level, ok := s.Levels[province]; ok && province != "" {
		return level
	}
	return s.Levels[""]
}

// hasProvince tells whether any level is a province's: only then is it worth
// reading the table of units.
func hasProvince(s wire.Settings) bool {
	for code := range s.Levels {
		if len(code) == 2 {
			return true
		}
	}
	return false
}

// highest is the highest level of wards; 0 when none of them is known.
func (c *caseOf) highest(wards ...string) int {
	level := uint8(0)
	for _, w := range wards {
		if strings.TrimSpace(w) != "" {
			level = max(level, LevelOf(c.in.Lists.Settings(), w, c.now))
		}
	}
	return int(level)
}
