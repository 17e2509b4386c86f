//go:build nowindow

// Command kiosk is the station's program, here without its window: the
// subcommands for servers, tests and computers without OpenGL.
package main

import (
	"os"

	"quachot/kiosk/command"
)

func main() { os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, command.NoWindow)) }
