//go:build race

package lists

func init() { entries = 20_000 } // the race detector makes each byte ten times dearer
