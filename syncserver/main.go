// Command syncserver is the office's program: it takes what the stations send,
// gives them their lists and shows the pages. See package command.
package main

import (
	"os"

	"quachot/syncserver/command"
)

func main() { os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
