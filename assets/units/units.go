// Package units holds the administrative units of Viet Nam in three editions.
// ORIGIN.md beside it says where they come from and how the file reads.
package units

import _ "embed"

// Packed is the gzip of units.txt.
//
//go:embed units.txt.gz
var Packed []byte
