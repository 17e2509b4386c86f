//go:build linux

package ipp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quachot/hardware/printer"
	"quachot/hardware/printer/printertest"
)

// need skips where a program is not installed, and says which package has it.
func need(t *testing.T, program, pkg string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts real printing programs: not with -short")
	}
	path, err := exec.LookPath(program)
	if err != nil {
		path = filepath.Join("/usr/sbin", program)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("%s is not installed (Debian: %s)", program, pkg)
		}
	}
	return path
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start runs a program until the test ends; its output is shown when that fails.
func start(t *testing.T, env []string, program string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), &said, &said
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Skipf("%s does not start: %v", program, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(program), said.String())
		}
	})
}

// answers waits until something listens.
func answers(t *testing.T, network, addr string) bool {
	t.Helper()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if c, err := net.Dial(network, addr); err == nil {
			_ = c.Close()
			return true
		}
	}
	return false
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// cups runs a cupsd of our own with two raw queues: OUT delivers to a socket,
// whose jobs come out of the channel, and DEAD to one where nobody listens.
func cups(t *testing.T) <-chan []byte {
	t.Helper()
	cupsd := need(t, "cupsd", "cups-daemon")
	if _, err := os.Stat("/usr/lib/cups/backend/socket"); err != nil {
		t.Skip("cupsd has no backend for sockets (Debian: cups-core-drivers or cups)")
	}
	if os.Geteuid() != 0 {
		t.Skip("cupsd runs its backends as another user: this needs root")
	}
	dir, err := os.MkdirTemp("", "cups") // not t.TempDir: its path is too long for a socket, and lp must enter it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte, 16)
	go func() {
		for {
			c, err := out.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			_ = c.Close()
			got <- b
		}
	}()
	t.Cleanup(func() { _ = out.Close() })
	for _, sub := range []string{"etc", "spool", "cache", "run", "tmp", "log"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	port := freePort(t)
	write(t, dir+"/etc/cups-files.conf", strings.ReplaceAll("ServerRoot DIR/etc\nRequestRoot DIR/spool\nCacheDir DIR/cache\nStateDir DIR/run\nTempDir DIR/tmp\n"+
		"AccessLog DIR/log/access\nErrorLog stderr\nPageLog DIR/log/page\nSystemGroup root\nUser lp\nGroup lp\n", "DIR", dir))
	write(t, dir+"/etc/cupsd.conf", fmt.Sprintf("LogLevel warn\nListen 127.0.0.1:%d\nListen %s/s\nBrowsing Off\nWebInterface No\nDefaultAuthType Basic\n"+
		"<Location />\nOrder allow,deny\nAllow localhost\n</Location>\n<Policy default>\n"+
		// The strictest of the usual policies: only its owner may take a job back, and has to prove it.
		"<Limit Cancel-Job>\nAuthType Default\nRequire user @OWNER @SYSTEM\nOrder deny,allow\n</Limit>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n", port, dir))
	queue := "<%[1]s %[2]s>\nInfo %[3]s\nMakeModel Raw\nDeviceURI socket://127.0.0.1:%[4]d\nState Idle\nType 4\nAccepting Yes\nShared No\nErrorPolicy retry-job\n</Printer>\n"
	write(t, dir+"/etc/printers.conf",
		fmt.Sprintf(queue, "DefaultPrinter", "OUT", "Máy in ở chốt", out.Addr().(*net.TCPAddr).Port)+fmt.Sprintf(queue, "Printer", "DEAD", "Nobody there", freePort(t)))
	start(t, nil, cupsd, "-f", "-c", dir+"/etc/cupsd.conf", "-s", dir+"/etc/cups-files.conf")
	if !answers(t, "unix", dir+"/s") {
		t.Skip("cupsd does not answer here; see its log above when this fails elsewhere")
	}
	t.Setenv("CUPS_SERVER", dir+"/s")
	return got
}

func TestCUPS(t *testing.T) {
	got := cups(t)
	open := func(t *testing.T) printer.Printer {
		p, err := Open("OUT")
		if err != nil {
			t.Fatal(err)
		}
		p.every = 50 * time.Millisecond
		return p
	}
	t.Run("List", func(t *testing.T) {
		all, err := List(t.Context())
		if err != nil || len(all) != 2 || all[0].Name != "OUT" || !all[0].Default || all[0].About != "Máy in ở chốt" || all[1].Default || all[0].State != printer.Ready {
			t.Errorf("%+v, %v", all, err)
		}
	})
	t.Run("BytesArrive", func(t *testing.T) {
		p := open(t)
		id, err := p.Print(t.Context(), printertest.PDF())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.(printer.Tracker).Wait(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if b := <-got; !bytes.Equal(b, printertest.PDF().PDF) {
			t.Errorf("%d bytes arrived, want %d", len(b), len(printertest.PDF().PDF))
		}
	})
	go func() { // empties what the suite prints
		for range got {
		}
	}()
	printertest.Run(t, printertest.Options{}, open)
	t.Run("UnknownQueue", func(t *testing.T) {
		p, err := Open("NOPE")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Print(t.Context(), printertest.PDF()); !errors.Is(err, printer.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
	})
	// A printer that is switched off: the job waits, is taken back, and never comes
	// out later unattended.
	t.Run("SwitchedOff", func(t *testing.T) {
		p, err := Open("DEAD")
		if err != nil {
			t.Fatal(err)
		}
		p.every = 50 * time.Millisecond
		id, err := p.Print(t.Context(), printertest.PDF())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := p.Wait(ctx, id); err == nil {
			t.Error("printed, they say")
		} else {
			t.Log(err)
		}
		if err := p.Cancel(t.Context(), id); err != nil {
			t.Fatalf("cancel: %v", err)
		}
		over, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		if err := p.Wait(over, id); !errors.Is(err, printer.ErrCancelled) {
			t.Errorf("after the cancel: %v", err)
		}
	})
}

func TestWithoutCUPS(t *testing.T) {
	t.Setenv("CUPS_SERVER", fmt.Sprintf("127.0.0.1:%d", freePort(t)))
	if all, err := List(t.Context()); !errors.Is(err, printer.ErrLost) || len(all) != 0 {
		t.Errorf("%v, %v, want ErrLost", all, err)
	}
	p, err := Open("OUT")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Print(t.Context(), printertest.PDF()); !errors.Is(err, printer.ErrLost) {
		t.Errorf("print: %v, want ErrLost", err)
	}
}

// everywhere runs ippeveprinter, the sample IPP Everywhere printer of CUPS, with
// a print command; it publishes itself and wants Avahi and a bus for that, which
// run here too, with nothing but the loopback.
func everywhere(t *testing.T, command string) *Printer {
	t.Helper()
	eve := need(t, "ippeveprinter", "cups-ipp-utils")
	avahi := need(t, "avahi-daemon", "avahi-daemon")
	bus := need(t, "dbus-daemon", "dbus")
	if os.Geteuid() != 0 {
		t.Skip("avahi-daemon needs root")
	}
	dir, err := os.MkdirTemp("", "ipp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	write(t, dir+"/bus.conf", `<busconfig><type>system</type><listen>unix:path=`+dir+`/bus</listen><policy context="default"><allow user="*"/><allow own="*"/>`+
		`<allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/></policy></busconfig>`)
	write(t, dir+"/avahi.conf", "[server]\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=lo\nenable-dbus=yes\n[publish]\npublish-workstation=no\n")
	write(t, dir+"/print", "#!/bin/sh\n"+command)
	start(t, nil, bus, "--config-file="+dir+"/bus.conf", "--nofork")
	if !answers(t, "unix", dir+"/bus") {
		t.Skip("dbus-daemon does not answer here")
	}
	env := []string{"DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + dir + "/bus"}
	start(t, env, avahi, "--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title", "-f", dir+"/avahi.conf")
	port := freePort(t)
	for end := time.Now().Add(8 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		// It gives up at once while Avahi is not on the bus yet.
		cmd := exec.Command(eve, "-p", fmt.Sprint(port), "-d", dir, "-n", "localhost", "-f", "application/pdf", "-s", "60,60", "-c", dir+"/print", "Thử")
		cmd.Env = append(os.Environ(), env...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		up := false
		for range 40 {
			select {
			case <-ended:
			case <-time.After(50 * time.Millisecond):
				if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
					_ = c.Close()
					up = true
				}
			}
			if up {
				break
			}
		}
		if up {
			t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
			break
		}
		_ = cmd.Process.Kill()
		<-ended
		if time.Now().After(end) {
			t.Skip("ippeveprinter does not start here: it needs Avahi, of which one may run on a machine")
		}
	}
	p, err := Open(fmt.Sprintf("//localhost:%d/ipp/print", port))
	if err != nil {
		t.Fatal(err)
	}
	p.every = 50 * time.Millisecond
	return p
}

func TestIPPEverywhere(t *testing.T) {
	p := everywhere(t, "exit 0")
	printertest.Run(t, printertest.Options{Settle: 40 * time.Second}, func(*testing.T) printer.Printer { return p })
	h, err := p.Health(t.Context())
	if err != nil || h.Reach != printer.ReachDevice {
		t.Errorf("%+v, %v", h, err)
	}
	if w, hh, err := p.Paper(t.Context()); err != nil || w <= 0 || hh <= 0 {
		t.Errorf("paper %g x %g, %v", w, hh, err)
	}
}

// Somebody opens the cover in the middle: the printer says so, Wait says so, and
// once it is closed the same job ends. (Of paper this printer only warns.)
func TestIPPEverywhereCoverOpen(t *testing.T) {
	p := everywhere(t, "echo 'STATE: +cover-open' >&2\nsleep 2\necho 'STATE: -cover-open' >&2\nsleep 1\nexit 0")
	id, err := p.Print(t.Context(), printertest.PDF())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.Wait(ctx, id); !errors.Is(err, printer.ErrAttention) {
		t.Errorf("the cover is open: %v, want ErrAttention", err)
	}
	for err = printer.ErrAttention; errors.Is(err, printer.ErrAttention); {
		err = p.Wait(ctx, id)
	}
	if err != nil {
		t.Errorf("closed again: %v", err)
	}
}
