// Package icons holds the shapes of the verdicts and the program's own icon,
// as SVG. The shapes say the verdict without colour: circle with tick, triangle
// with exclamation mark, octagon with bar, square with question mark.
package icons

import "embed"

// Files are pass.svg, check.svg, stop.svg, unreadable.svg and app.svg.
//
//go:embed *.svg
var Files embed.FS

// Read is the SVG called name, without ".svg"; empty when there is none.
func Read(name string) []byte {
	b, err := Files.ReadFile(name + ".svg")
	if err != nil {
		return nil
	}
	return b
}
