package speaker

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"quachot/assets/sounds"
)

func TestEveryVerdictHasItsOwnRhythm(t *testing.T) {
	all, err := sounds.Rhythms()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, name := range []string{"pass", "check", "stop", "unreadable", "watch"} {
		tones, ok := all[name]
		if !ok {
			t.Errorf("no rhythm for %s", name)
			continue
		}
		rhythm := "" // lengths only: pitch does not count
		for _, tone := range tones {
			rhythm += fmt.Sprint(tone.MS, tone.Hz == 0, " ")
		}
		if other, twice := seen[rhythm]; twice {
			t.Errorf("%s and %s differ in pitch only", name, other)
		}
		seen[rhythm] = name
	}
}

func TestWAV(t *testing.T) {
	b := WAV([]sounds.Tone{{Hz: 440, MS: 100}, {MS: 50}})
	if !bytes.HasPrefix(b, []byte("RIFF")) || string(b[8:16]) != "WAVEfmt " || string(b[36:40]) != "data" {
		t.Fatalf("not a WAV header: %q", b[:44])
	}
	samples := rate * 150 / 1000
	if got := int(binary.LittleEndian.Uint32(b[40:])); got != 2*samples || len(b) != 44+2*samples {
		t.Errorf("%d bytes of sound in %d, want %d", got, len(b), 2*samples)
	}
	if size := binary.LittleEndian.Uint32(b[4:]); int(size) != len(b)-8 {
		t.Errorf("RIFF size %d, want %d", size, len(b)-8)
	}
	var loudest int16
	for i := 44; i < len(b); i += 2 {
		loudest = max(loudest, int16(binary.LittleEndian.Uint16(b[i:])))
	}
	if loudest < 10000 {
		t.Errorf("loudest sample %d: nobody would hear it", loudest)
	}
}

// heard is a player that reports and can be held.
type heard struct {
	wavs chan int
	hold chan struct{}
}

func (h *heard) play(ctx context.Context, wav []byte) error {
	h.wavs <- len(wav)
	select {
	case <-h.hold:
	case <-ctx.Done():
	}
	return errors.New("no device")
}

func TestNewestSoundCutsTheOldShort(t *testing.T) {
	s, err := New(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h := &heard{wavs: make(chan int, 10), hold: make(chan struct{})}
	s.play = h.play
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	for _, name := range []string{"stop", "pass", "nonsense", "check"} {
		s.Play(name)
		if name == "nonsense" {
			continue
		}
		select {
		case n := <-h.wavs:
			if n != len(s.wavs[name]) {
				t.Errorf("%s: heard %d bytes, want %d", name, n, len(s.wavs[name]))
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s was never heard", name)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run gave %v, want nil when ctx ended it", err)
	}
}
