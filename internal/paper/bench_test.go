package paper

import (
	"testing"

	catalogue "quachot/internal/text"
)

// A slip is drawn while an officer waits.
func BenchmarkSlip(b *testing.B) {
	for b.Loop() {
		if _, err := Render(slip, catalogue.Load("vi")); err != nil {
			b.Fatal(err)
		}
	}
}
