package argon2id

import "golang.org/x/sys/cpu"

// fast says whether fillBlock can run here.
var fast = cpu.X86.HasAVX2

// fillBlock is G of RFC 9106, section 3.5: out = P(prev ^ ref) ^ prev ^ ref. Out
// may be prev; scratch is neither.
//
//go:noescape
func fillBlock(out, prev, ref, scratch *block)
