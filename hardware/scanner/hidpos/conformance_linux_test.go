package hidpos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/scannertest"
)

// socket stands for the kernel's hidraw device: a pair of sockets that keep
// messages apart as hidraw keeps reports, with real files and deadlines at both
// ends. What it cannot do is ioctl, so the layout is handed in; see
// uhid_linux_test.go for the kernel's own.
type socket struct {
	layout Layout
	here   *os.File // the scanner's end
	there  *os.File // ours; nil = unplugged
}

func (s *socket) Plug() error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	s.here, s.there = os.NewFile(uintptr(fds[0]), "scanner"), os.NewFile(uintptr(fds[1]), "device")
	return nil
}

func (s *socket) open(string) (port, Layout, error) {
	if s.there == nil {
		return nil, Layout{}, os.ErrNotExist
	}
	return s.here, s.layout, nil
}

func (s *socket) Send(pieces ...string) error { return s.send(pieces, false) }
func (s *socket) Half(b string) error         { return s.send([]string{b}, true) }

func (s *socket) Unplug() error {
	f := s.there
	s.there = nil
	return f.Close()
}

func (s *socket) send(pieces []string, goesOn bool) error {
	for i, p := range pieces {
		for _, r := range asReports(s.layout, p, goesOn || i < len(pieces)-1) {
			if _, err := s.there.Write(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// asReports is what a scanner makes of a code, or of the part of one.
func asReports(l Layout, code string, goesOn bool) (all [][]byte) {
	aim := ""
	if l.AIM >= 0 {
		aim = "]Q1"
	}
	for {
		n := min(l.Size, len(code))
		all = append(all, report(l, aim, code[:n], goesOn || n < len(code)))
		if code = code[n:]; code == "" {
			return all
		}
	}
}

func TestConformance(t *testing.T) {
	for _, r := range rows {
		t.Run("layout"+r.vid, func(t *testing.T) {
			o := scannertest.Options{
				Ends: []string{"", "\r", "\n", "\r\n", "\t"}, Framed: true,
				Missing: &Scanner{Device: "/dev/does-not-exist"},
			}
			if r.vid != "" {
				o.Flood = 64 << 10 // the way is the same
			}
			scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
				s := &socket{layout: r.layout}
				if err := s.Plug(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if s.there != nil {
						s.there.Close()
					}
				})
				return scannertest.Peer{Scanner: &Scanner{Device: "socket", open: s.open}, Far: s}
			})
		})
	}
}

func TestNoBusyLoop(t *testing.T) {
	half := string(report(standard, "]Q1", "046187001234", true))
	scannertest.Quiet(t, half, func(ctx context.Context, w *scannertest.Wire, found func(scanner.Code)) error {
		return (&Scanner{Device: "x"}).read(ctx, w, standard, found)
	})
}

// The report that ends a code never comes, as when the scanner's cable is bad.
func TestALostReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := scannertest.NewWire()
		done := make(chan error)
		var got []scanner.Code
		go func() {
			done <- (&Scanner{Device: "x"}).read(t.Context(), w, standard, func(c scanner.Code) { got = append(got, c) })
		}()
		fmt.Fprintf(w, "%s", report(standard, "]Q1", "046187001234", true))
		began := time.Now()
		err := <-done
		if !errors.Is(err, scanner.ErrLost) || !strings.Contains(err.Error(), "12 bytes dropped, scan it again") {
			t.Errorf("got %v, want ErrLost and what to do", err)
		}
		if len(got) > 0 || time.Since(began) > 2*patience {
			t.Errorf("got %v after %v", got, time.Since(began))
		}
	})
}

func TestReportsThatCannotBeRead(t *testing.T) {
	w := scannertest.NewWire()
	fmt.Fprintf(w, "\x02\xff")
	err := (&Scanner{Device: "x"}).read(t.Context(), w, standard, func(scanner.Code) { t.Error("a code came") })
	if !errors.Is(err, scanner.ErrLost) || !errors.Is(err, ErrReport) {
		t.Errorf("got %v", err)
	}
}

// A file that is no hidraw device is told, and tried again: somebody may plug the
// right one in.
func TestNotAHIDDevice(t *testing.T) {
	err := (&Scanner{Device: os.DevNull}).Scan(t.Context(), func(scanner.Code) {})
	if !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}
