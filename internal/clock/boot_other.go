//go:build !linux && !windows

package clock

import "time"

// On other systems time since boot is not known; offsets then rest on the wall
// clock alone.
func sinceBoot() time.Duration { return 0 }

func bootID() [16]byte { return [16]byte{} }
