package units

import (
	"strings"
	"sync"
)

// entry is a unit as it is searched for.
type entry struct {
	name  string // folded, without the kind: "phu bai"
	kind  *kind
	above int32 // entry of the district or province it lies in; -1 = none
	unit  int32
	now   bool // of the newest edition
}

// kind is a kind of unit: its words in front of names, and how they are cut short.
type kind struct {
	words   string // folded
	letters string // folded
	shown   string // in front of a name, in Short
}

// kinds in the order they are looked for in front of a name.
var kinds = []struct {
	prefix string
	kind
}{
	{"Thành phố ", kind{"thanh pho", "tp", "TP "}},
	{"Thị trấn ", kind{"thi tran", "tt", "TT "}},
	{"Thị xã ", kind{"thi xa", "tx", "TX "}},
	{"Đặc khu ", kind{"dac khu", "dk", "Đặc khu "}},
	{"Phường ", kind{"phuong", "p", "Phường "}},
	{"Huyện ", kind{"huyen", "h", "Huyện "}},
	{"Quận ", kind{"quan", "q", "Quận "}},
	{"Tỉnh ", kind{"tinh", "t", ""}},
	{"Xã ", kind{"xa", "x", "Xã "}},
	{"xã ", kind{"xa", "x", "Xã "}},
	{"", kind{}},
}

// kindOf parts a name from its kind.
func kindOf(name string) (*kind, string) {
	for i := range kinds {
		if rest, ok := strings.CutPrefix(name, kinds[i].prefix); ok {
			return &kinds[i].kind, rest
		}
	}
	return nil, name // never: the last prefix is empty
}

// index holds the units that can be searched for, districts and provinces too:
// those of 2021 and those of the newest edition.
type index struct {
	entries []entry
	units   []Unit
	areas   []int32          // entries that others lie in
	byKey   map[string]int32 // unit by Key
	newest  string
}

// searchable is built when the first search begins, about 30 ms once.
var searchable = sync.OnceValue(func() *index {
	all := load()
	x := &index{
		entries: make([]entry, 0, 15000), units: make([]Unit, 0, 15000),
		byKey: make(map[string]int32, 15000), newest: all[len(all)-1].from,
	}
	x.add(all[0])
	x.add(all[len(all)-1])
	return x
})

// Warm builds the index now, so that the first search need not.
func Warm() { searchable() }

func (x *index) add(e edition) {
	province, district := int32(-1), int32(-1)
	for _, u := range e.ordered {
		above := province
		switch len(u.Code) {
		case 2:
			above = -1
		case 5:
			if district >= 0 && u.District != "" {
				above = district
			}
		}
		at := x.put(u, above)
		switch len(u.Code) {
		case 2:
			province, district = at, -1
			x.areas = append(x.areas, at)
		case 3:
			district = at
			x.areas = append(x.areas, at)
		}
	}
}

func (x *index) put(u Unit, above int32) int32 {
	k, rest := kindOf(u.Name)
	at := int32(len(x.entries))
	x.byKey[u.Key()] = at
	x.units = append(x.units, u)
	x.entries = append(x.entries, entry{name: Fold(rest), kind: k, above: above, unit: at, now: u.Edition == x.newest})
	return at
}
