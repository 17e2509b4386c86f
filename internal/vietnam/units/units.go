// Package units knows the administrative units of Viet Nam by their codes, in
// the editions of November 2021 (provinces, districts, wards) and since July
// 2025 (provinces, wards), and finds them by a few letters. Many codes were
// given again in 2025 with another name, so a code is always read with the day
// it was written, or kept with its edition ([Unit.Key]).
package units

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"quachot/assets/units"
)

// Unit is one ward (phường, xã, thị trấn); from Search also a district or a
// province as a whole.
type Unit struct {
	Code     string // 5 digits; a district's has 3, a province's 2
	Name     string // with its kind: "Phường Đông Ba"
	District string // "Thành phố Huế"; "" since July 2025, and above a ward
	Province string // "Tỉnh Thừa Thiên Huế"; "" of a province
	Edition  string // the day from which the edition holds: "2021-11-01"
	// ProvinceCode has 2 digits; of a province it is its own.
	ProvinceCode string
}

// Place is where the unit lies: district and province, with a comma; "" of a
// province.
func (u Unit) Place() string {
	if u.District == "" {
		return u.Province
	}
	return u.District + ", " + u.Province
}

// Short is Place with the kinds cut short: "TX Hương Thủy, Thừa Thiên Huế".
func (u Unit) Short() string {
	if u.Province == "" {
		return ""
	}
	_, province := kindOf(u.Province)
	if u.District == "" {
		return province
	}
	k, district := kindOf(u.District)
	return k.shown + district + ", " + province
}

// Key names the unit for good: the code with its edition, "19960@2021-11-01".
func (u Unit) Key() string { return u.Code + "@" + u.Edition }

// edition is one state of the country.
type edition struct {
	from      string // YYYY-MM-DD
	ordered   []Unit // provinces, districts and wards, each before what lies in it
	wards     map[string]Unit
	provinces map[string]string // name by code
	areas     map[string]Unit   // districts and provinces
}

// load reads the editions once, when the first code is asked for.
var load = sync.OnceValue(func() []edition {
	r, err := gzip.NewReader(bytes.NewReader(units.Packed))
	if err == nil {
		var all []edition
		if all, err = read(r); err == nil {
			return all
		}
	}
	panic(fmt.Sprintf("the built-in table of units is broken: %v", err))
})

// Ward is the ward with the 5-digit code on the day: by the edition in force
// then, else by the nearest other edition that has the code. The zero day is
// today's edition.
func Ward(code string, on time.Time) (Unit, bool) {
	return find(on, func(e edition) (Unit, bool) {
		u, ok := e.wards[code]
		return u, ok
	})
}

// Of is the unit of any code on the day, found like a ward: also a district's (3
// digits, until 2025) or a province's (2 digits), as declarations have them of
// people who cannot say more.
func Of(code string, on time.Time) (Unit, bool) {
	if len(code) == 5 {
		return Ward(code, on)
	}
	return find(on, func(e edition) (Unit, bool) {
		u, ok := e.areas[code]
		return u, ok
	})
}

// Province is the name of the province with the 2-digit code, found like a ward.
func Province(code string, on time.Time) (string, bool) {
	return find(on, func(e edition) (string, bool) {
		name, ok := e.provinces[code]
		return name, ok
	})
}

// find asks the edition in force on the day, then its neighbours, older first.
func find[T any](on time.Time, in func(edition) (T, bool)) (T, bool) {
	all := load()
	now := inForce(all, on)
	for step := range len(all) {
		for _, at := range []int{now - step, now + step} {
			if at < 0 || at >= len(all) {
				continue
			}
			if found, ok := in(all[at]); ok {
				return found, true
			}
		}
	}
	var none T
	return none, false
}

// within leaves out what is no part of where a unit of the kind lies.
func (u Unit) within(kind string) Unit {
	switch kind {
	case "P":
		u.Province, u.District = "", ""
	case "D":
		u.District = ""
	}
	return u
}

func inForce(all []edition, on time.Time) int {
	if on.IsZero() {
		return len(all) - 1
	}
	day := on.In(time.FixedZone("ICT", 7*3600)).Format(time.DateOnly)
	now := 0
	for i, e := range all {
		if e.from <= day {
			now = i
		}
	}
	return now
}

// read is the format of assets/units/ORIGIN.md.
func read(r io.Reader) ([]edition, error) {
	var all []edition
	var above Unit
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		code, name, _ := strings.Cut(rest, " ")
		if kind != "@" && len(all) == 0 {
			return nil, fmt.Errorf("line %q stands before the first edition", lines.Text())
		}
		switch kind {
		case "@":
			all = append(all, edition{from: rest, wards: make(map[string]Unit, 3500), provinces: map[string]string{}, areas: map[string]Unit{}})
			above = Unit{Edition: rest}
			continue
		case "P":
			above.Province, above.District, above.ProvinceCode = name, "", code
			all[len(all)-1].provinces[code] = name
		case "D":
			above.District = name
		case "W":
		default:
			return nil, fmt.Errorf("line %q has no known kind", lines.Text())
		}
		u := above
		u.Code, u.Name = code, name
		now := &all[len(all)-1]
		now.ordered = append(now.ordered, u.within(kind))
		if kind == "W" {
			now.wards[code] = u
		} else {
			now.areas[code] = u.within(kind)
		}
	}
	return all, lines.Err()
}
