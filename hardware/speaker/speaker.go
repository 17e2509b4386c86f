// Package speaker plays the sound of a verdict. Colour and words are the
// signal; the sound helps an officer who looks at the person. A computer
// without loudspeaker or player is therefore no error, only silent.
package speaker

import (
	"context"
	"fmt"
	"log/slog"

	"quachot/assets/sounds"
)

// player plays one WAV and returns when it is over or ctx ends.
type player func(ctx context.Context, wav []byte) error

// Speaker plays rhythms by name, the newest cutting the one before short.
type Speaker struct {
	wavs map[string][]byte // set by New
	play player            // set by New
	log  *slog.Logger      // set by New
	next chan string       // capacity 1: only the newest counts
}

// New draws every rhythm of assets/sounds.
func New(log *slog.Logger) (*Speaker, error) {
	all, err := sounds.Rhythms()
	if err != nil {
		return nil, err
	}
	s := &Speaker{wavs: map[string][]byte{}, play: systemPlayer(), log: log.With("part", "speaker"), next: make(chan string, 1)}
	for name, tones := range all {
		s.wavs[name] = WAV(tones)
	}
	return s, nil
}

// Play asks for a rhythm and returns at once. Any goroutine may call it. An
// unknown name is silence.
func (s *Speaker) Play(name string) {
	for {
		select {
		case s.next <- name:
			return
		default:
		}
		select { // a sound nobody has heard yet is out of date
		case <-s.next:
		default:
		}
	}
}

// Run plays until ctx ends. The first failure is logged, the others are not: a
// machine without sound has none all day.
func (s *Speaker) Run(ctx context.Context) error {
	told := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case name := <-s.next:
			for err := error(nil); name != ""; {
				name, err = s.one(ctx, name)
				if err != nil && !told && ctx.Err() == nil {
					told = true
					s.log.Warn("no sound", "error", err)
				}
			}
		}
	}
}

// one plays name to its end, or until a newer one is asked for, which it
// returns; "" otherwise.
func (s *Speaker) one(ctx context.Context, name string) (newer string, err error) {
	wav, ok := s.wavs[name]
	if !ok {
		return "", fmt.Errorf("play %q: no such rhythm", name)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.play(ctx, wav) }()
	select {
	case err = <-done:
	case newer = <-s.next:
		stop()
		<-done
	}
	return newer, err
}
