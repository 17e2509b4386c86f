package simulated

import (
	"errors"
	"io"
	"testing"

	"quachot/hardware/scanner/scannertest"
)

// pipe is the far end: another program that writes lines. It is a fake of none:
// this is how programs feed a lane.
type pipe struct{ w *io.PipeWriter }

func (p pipe) Send(pieces ...string) error {
	for _, one := range pieces {
		if _, err := io.WriteString(p.w, one); err != nil {
			return err
		}
	}
	return nil
}

func (p pipe) Half(s string) error { return p.Send(s) }
func (p pipe) Unplug() error       { return p.w.CloseWithError(errors.New("connection reset")) }

func TestConformance(t *testing.T) {
	scannertest.Run(t, scannertest.Options{Ends: []string{"\n", "\r\n"}}, func(t *testing.T) scannertest.Peer {
		r, w := io.Pipe()
		t.Cleanup(func() { w.Close() })
		return scannertest.Peer{Scanner: &Lines{From: r}, Far: pipe{w}}
	})
}
