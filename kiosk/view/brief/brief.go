// Package brief makes the toolkit forget drawn texts after twenty seconds, where
// it keeps them for a minute: every name and time on the screen is a picture of
// its own, so that a busy lane's window grew by a hundred megabytes.
//
// It is imported for that effect alone and must run before the toolkit's cache
// is initialised, which reads FYNE_CACHE then. It does: packages are initialised
// in the order of their import paths as soon as all they import is ready (Go
// specification, "Program initialization"). This one needs os, the toolkit's
// cache needs net/http and with it packages under "vendor/", and "quachot" sorts
// before "vendor". A test of package view holds that.
package brief

import "os"

func init() {
	if os.Getenv("FYNE_CACHE") == "" {
		_ = os.Setenv("FYNE_CACHE", "20s") // less than twenty and it looks through everything at each frame
	}
}
