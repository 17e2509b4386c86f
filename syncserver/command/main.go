// Package command has every subcommand of the office's program. A subcommand
// runs inside the serving program when there is one (internal/control), else it
// opens the data itself.
package command

import "io"

// Main runs the program with the arguments after its name and gives its exit
// code: 0 done, 1 done with findings, 2 usage or environment.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return 2
}
