// Package fonts holds the typeface of cards and printed pages: Be Vietnam Pro,
// which draws every stacked Vietnamese letter. ORIGIN.md says where it is from.
package fonts

import _ "embed"

// The faces, as TrueType.
var (
	//go:embed BeVietnamPro-Regular.ttf
	Regular []byte
	//go:embed BeVietnamPro-SemiBold.ttf
	SemiBold []byte
	//go:embed BeVietnamPro-Bold.ttf
	Bold []byte
)
