package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"quachot/internal/vietnam/units"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// Names of the deployment's settings in the store, and of `settings set`.
const (
	SettingProvince = "province" // name shown and printed
	SettingStreet   = "street"   // the neutral words of a watch-list hit
	SettingCall     = "call"     // whom to ring
	SettingStale    = "stale"    // three numbers of hours: lists are old, amber, a supervisor is needed; 0 = never
	SettingLevel    = "level"    // CODE=N: epidemic level of a ward, province or post, or of all others
	SettingIdle     = "idle"     // minutes without a key until a station locks; 0 = its own default
)

// SettingNames are all of them, in the order they are shown.
var SettingNames = []string{SettingProvince, SettingStreet, SettingCall, SettingStale, SettingLevel, SettingIdle}

// staleHours is when lists are old, unless the office says otherwise: noted,
// amber on every verdict, a supervisor needed.
var staleHours = [3]uint{24, 72, 168}

// Everywhere is the CODE of a level that holds where no other does; PostCode
// begins the CODE of a post's own.
const (
	Everywhere = "all"
	PostCode   = "post:"
)

const (
	maxSetting = 100  // letters of a text
	maxLevels  = 5000 // a province has a few hundred wards
	maxIdle    = 8 * 60
	maxStale   = 24 * 365
)

// Set changes one setting; an empty value puts its default back. The error says
// what a good value is.
func Set(ctx context.Context, s store.Store, name, value string) error {
	value = strings.TrimSpace(value)
	var err error
	switch name {
	case SettingProvince, SettingStreet, SettingCall:
		err = goodText(value)
	case SettingStale:
		_, err = readStale(value)
	case SettingIdle:
		_, err = readIdle(value)
	case SettingLevel:
		value, err = addLevel(ctx, s, value)
	default:
		return fmt.Errorf("there is no setting %q, only %s", name, strings.Join(SettingNames, " "))
	}
	if err != nil {
		return fmt.Errorf("setting %s: %w", name, err)
	}
	return s.SetSetting(ctx, name, value)
}

// Values are what a setting is, as Set takes it: none or one, and as many of
// level as were set, in the order of their codes.
func Values(ctx context.Context, s store.Lists, name string) ([]string, error) {
	text, err := s.Setting(ctx, name)
	switch {
	case err != nil:
		return nil, err
	case name == SettingLevel:
		return strings.Fields(text), nil
	case name == SettingStale && text == "":
		return []string{fmt.Sprintf("%d %d %d", staleHours[0], staleHours[1], staleHours[2])}, nil
	case text == "":
		return nil, nil
	}
	return []string{text}, nil
}

func goodText(s string) error {
	if utf8.RuneCountInString(s) > maxSetting || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("at most %d letters on one line", maxSetting)
	}
	return nil
}

// readStale reads three numbers of hours, each later than the one before.
func readStale(s string) (hours [3]uint, err error) {
	if s == "" {
		return staleHours, nil
	}
	bad := fmt.Errorf("%q is not three numbers of hours that grow, such as 24 72 168; 0 leaves a step out", s)
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	if len(fields) != 3 {
		return hours, bad
	}
	var last uint
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 32)
		if err != nil || n > maxStale || n != 0 && uint(n) <= last {
			return hours, bad
		}
		hours[i], last = uint(n), max(last, uint(n))
	}
	return hours, nil
}

func readIdle(s string) (uint, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n > maxIdle {
		return 0, fmt.Errorf("%q is not a number of minutes from 1 to %d", s, maxIdle)
	}
	return uint(n), nil
}

// readLevels reads what addLevel wrote. What a later version wrote is left out.
func readLevels(s string) map[string]uint8 {
	levels := map[string]uint8{}
	for _, f := range strings.Fields(s) {
		code, number, _ := strings.Cut(f, "=")
		if n, err := strconv.ParseUint(number, 10, 8); err == nil && n >= 1 && n <= 4 {
			levels[code] = uint8(n)
		}
	}
	return levels
}

// addLevel adds one CODE=N to the levels there are; N 0 takes the code out, and
// an empty value all of them.
func addLevel(ctx context.Context, s store.Store, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	code, number, ok := strings.Cut(value, "=")
	code = strings.TrimSpace(code)
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 8)
	if !ok || err != nil || n > 4 {
		return "", fmt.Errorf("%q is not CODE=N, such as 46=2: a level from 1 to 4, 0 takes it back", value)
	}
	if err := knownPlace(ctx, s, code); err != nil {
		return "", err
	}
	text, err := s.Setting(ctx, SettingLevel)
	if err != nil {
		return "", err
	}
	levels := readLevels(text)
	levels[code] = uint8(n)
	if n == 0 {
		delete(levels, code)
	}
	if len(levels) > maxLevels {
		return "", fmt.Errorf("more than %d levels: set provinces and the wards that differ", maxLevels)
	}
	var all []string
	for _, code := range slices.SortedFunc(maps.Keys(levels), cmp.Compare[string]) {
		all = append(all, fmt.Sprintf("%s=%d", code, levels[code]))
	}
	return strings.Join(all, " "), nil
}

// knownPlace refuses the code of nowhere: a slip of the finger would leave a
// ward at the level it had.
func knownPlace(ctx context.Context, s store.Store, code string) error {
	post, isPost := strings.CutPrefix(code, PostCode)
	switch {
	case code == Everywhere:
		return nil
	case isPost:
		posts, err := s.Posts(ctx)
		if err == nil && !slices.ContainsFunc(posts, func(p store.Post) bool { return p.Code == post }) {
			err = fmt.Errorf("there is no post %q", post)
		}
		return err
	case digits(code, 2):
		if _, ok := units.Province(code, time.Time{}); ok {
			return nil
		}
		return fmt.Errorf("there is no province %s", code)
	case digits(code, 5):
		if _, ok := units.Ward(code, time.Time{}); ok {
			return nil
		}
		return fmt.Errorf("there is no ward %s", code)
	}
	return errors.New("a level is for a province (2 digits), a ward (5 digits), a post (post:CODE) or all")
}

func digits(s string, n int) bool {
	return len(s) == n && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// settings is the list for the stations.
func (p *Publisher) settings(ctx context.Context) (s wire.Settings, err error) {
	s = wire.Settings{Stations: map[string]string{}}
	var stale, level, idle string
	for name, to := range map[string]*string{
		SettingProvince: &s.Province, SettingStreet: &s.Street, SettingCall: &s.Call,
		SettingStale: &stale, SettingLevel: &level, SettingIdle: &idle,
	} {
		v, err := p.c.Store.Setting(ctx, name)
		if err != nil {
			return s, err
		}
		*to = v
	}
	if s.StaleH, err = readStale(stale); err != nil { // not what Set lets in
		s.StaleH = staleHours
	}
	s.IdleMin, _ = readIdle(idle) // 0 where it cannot be read
	if levels := readLevels(level); len(levels) > 0 {
		s.Levels = levels
		if n, ok := levels[Everywhere]; ok {
			delete(levels, Everywhere)
			levels[""] = n
		}
	}
	posts, err := p.c.Store.Posts(ctx)
	if err != nil {
		return s, err
	}
	for _, post := range posts {
		s.Posts = append(s.Posts, wire.Post{Code: post.Code, Name: post.Name, Kind: post.Kind, At: post.At})
	}
	stations, err := p.c.Store.Stations(ctx)
	for _, t := range stations {
		if t.State == store.Active {
			s.Stations[t.ID] = t.Post
		}
	}
	return s, err
}
