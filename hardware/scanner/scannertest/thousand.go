package scannertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Thousand sends a thousand codes of 270 bytes, each when the one before it was
// read, wants every one of them as it was, and logs how long after its last byte
// was sent a code was given out.
func Thousand(t *testing.T, end string, p Peer) {
	r := begin(t, p)
	body := strings.Repeat("6BFOXN%TSMAHN-HVN3 OC:Y7H", 11)[:266]
	r.send("first" + end) // it also waits for the device to be opened
	r.want("first")
	var took []time.Duration
	for i := range 1000 {
		code := fmt.Sprintf("%04d%s", i, body)
		r.send(code + end)
		sent := time.Now()
		c := r.next()
		if c.Text != code || c.Truncated {
			t.Fatalf("code %d: got %.40q of %d bytes", i, c.Text, len(c.Text))
		}
		took = append(took, max(0, c.At.Sub(sent)))
	}
	r.none()
	slices.Sort(took)
	t.Logf("1000 of 1000 codes; last byte to reading: median %v, p99 %v, longest %v", took[500], took[990], took[999])
}
