package credential

import "testing"

// BenchmarkRead is the time of one reading by kind, signature included.
func BenchmarkRead(b *testing.B) {
	cards, own := loadCards(b)
	dcc := dccCases(b)[0]
	samples := vietnamSamples(b)
	for _, c := range []struct {
		name, text string
		trust      *Trusted
	}{
		{"card", cards.Vectors[0].Text, own},
		{"dcc", dcc.Prefix, dcc.trusted(b)},
		{"cccd", samples[0].Text, nil},
		{"qrqg", samples[6].Text, nil},
		{"bhyt", samples[9].Text, nil},
		{"garbage", "xin chào", nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Read(c.text, c.trust, testNow)
			}
		})
	}
}
