//go:build race

package command_test

func init() { underRace = true }
