package speaker

import (
	"context"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var playSound = windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")

// Flags of PlaySoundW: wait for the end, no system sound instead, from memory.
const (
	sndSync      = 0x0000
	sndNoDefault = 0x0002
	sndMemory    = 0x0004
)

// systemPlayer plays from memory and waits, so that the buffer lives as long as
// the sound. A newer sound is heard after it: the longest lasts a second.
func systemPlayer() player {
	return func(_ context.Context, wav []byte) error {
		if err := playSound.Find(); err != nil {
			return fmt.Errorf("winmm: %w", err)
		}
		ok, _, err := playSound.Call(uintptr(unsafe.Pointer(&wav[0])), 0, sndSync|sndNoDefault|sndMemory)
		if ok == 0 {
			return fmt.Errorf("PlaySoundW: %w", err)
		}
		return nil
	}
}
