package speaker

import (
	"bytes"
	"encoding/binary"
	"math"

	"quachot/assets/sounds"
)

const (
	rate   = 44100
	volume = 0.6
	// edge is the ramp at both ends of a tone: without it a tone clicks.
	edge = rate * 4 / 1000
)

// WAV draws the tones as one sound: 16 bits, mono, 44.1 kHz.
func WAV(tones []sounds.Tone) []byte {
	var samples []int16
	for _, t := range tones {
		samples = append(samples, draw(t)...)
	}
	var b bytes.Buffer
	size := uint32(2 * len(samples))
	b.WriteString("RIFF")
	for _, part := range []any{36 + size, [8]byte([]byte("WAVEfmt ")), uint32(16), uint16(1), uint16(1),
		uint32(rate), uint32(2 * rate), uint16(2), uint16(16), [4]byte([]byte("data")), size, samples} {
		_ = binary.Write(&b, binary.LittleEndian, part) // a bytes.Buffer never fails
	}
	return b.Bytes()
}

// draw is one tone with a second harmonic: small loudspeakers swallow pure low tones.
func draw(t sounds.Tone) []int16 {
	out := make([]int16, rate*t.MS/1000)
	if t.Hz == 0 {
		return out
	}
	for i := range out {
		x := 2 * math.Pi * t.Hz * float64(i) / rate
		loud := volume * min(1, float64(i)/edge, float64(len(out)-1-i)/edge)
		out[i] = int16(loud * math.MaxInt16 * (0.75*math.Sin(x) + 0.25*math.Sin(2*x)))
	}
	return out
}
