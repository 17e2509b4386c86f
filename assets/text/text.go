// Package text embeds the catalogue of every word people see: one flat JSON
// object per language, key -> text, with placeholders written {name}. Both
// files hold the same keys with the same placeholders; internal/text reads them
// and its tests keep that promise.
package text

import "embed"

// Files holds vi.json and en.json.
//
//go:embed vi.json en.json
var Files embed.FS
