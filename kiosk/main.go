//go:build !nowindow

// Kiosk is the station's program: the window at the lane, and the subcommands
// of kiosk/command. Only this package opens a real window; the build tag
// nowindow leaves it out.
package main

import (
	"os"
	"runtime"

	"quachot/kiosk/command"
	_ "quachot/kiosk/locale" // before the toolkit reads it
)

func main() {
	if runtime.GOOS == "linux" {
		// An input method (ibus, fcitx) rewrites what a scanner types. Nothing in
		// this program is typed with one.
		_ = os.Setenv("XMODIFIERS", "@im=none")
	}
	os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, window))
}
