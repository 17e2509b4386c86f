//go:build !amd64

package argon2id

const fast = false

func fillBlock(_, _, _, _ *block) { panic("argon2id: no block function on this processor") }
