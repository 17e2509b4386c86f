// Package dict ships the zstd dictionaries that records are packed with. A
// dictionary is never changed or removed once released: records in the field
// and at the office name it by its number for as long as they are kept.
// build/dict makes them.
package dict

import "embed"

//go:embed *.zdict
var files embed.FS

// Current is the number of the dictionary that new segments use.
const Current uint8 = 1

// Get is the dictionary with this number; false when this version of the
// program does not ship it.
func Get(number uint8) ([]byte, bool) {
	name, ok := names[number]
	if !ok {
		return nil, false
	}
	b, err := files.ReadFile(name)
	return b, err == nil && len(b) > 0
}

// names lists every dictionary ever released.
var names = map[uint8]string{
	1: "records-1.zdict",
}
