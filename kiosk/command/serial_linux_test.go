package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"quachot/kiosk/station/stationtest"
)

// scannerPort gives the scanner's end of a pseudo terminal and the port's name.
func scannerPort(t *testing.T) (*os.File, string) {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f, fmt.Sprintf("/dev/pts/%d", n)
}

// A lane reads a serial scanner beside standard input; garbage on the line is
// answered and stops nothing.
func TestLaneOnASerialPort(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	port, name := scannerPort(t)
	stdin, end := io.Pipe()
	out, answers := io.Pipe()
	ended := make(chan int, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		args := []string{"--data", dir, "lane", "--scanner", "serial:" + name, "--scanner", "stdin"}
		code := run(&call{ctx: ctx, args: args, stdin: stdin, stdout: answers, stderr: io.Discard, window: NoWindow})
		answers.Close()
		ended <- code
	}()
	read := make(chan answerLine)
	go func() {
		for dec := json.NewDecoder(out); ; {
			var a answerLine
			if dec.Decode(&a) != nil {
				close(read)
				return
			}
			read <- a
		}
	}()
	next := func(what string) answerLine {
		t.Helper()
		select {
		case a := <-read:
			return a
		case <-time.After(20 * time.Second):
			t.Fatalf("no answer to %s", what)
		}
		return answerLine{}
	}
	fmt.Fprintln(end, "046187001234") // the lane is there when it answers
	if a := next("stdin"); a.Kind != "document" {
		t.Errorf("stdin: %+v", a)
	}
	for _, c := range []struct{ text, verdict string }{
		{"\x01\x02\xff\xfe", "unreadable"},
		{strings.Repeat("A", 20_000), "unreadable"},
		{"046203005678||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Thành phố Huế|11032021", "check"},
	} {
		if _, err := port.WriteString(c.text + "\r"); err != nil {
			t.Fatal(err)
		}
		if a := next(c.text); a.Verdict != c.verdict || a.Seq == 0 || a.Error != "" {
			t.Errorf("%.20q: %+v", c.text, a)
		}
	}
	port.Close() // unplugged: the lane goes on with the other scanner
	fmt.Fprintln(end, "046187001235")
	if a := next("stdin after the port was lost"); a.Kind != "document" {
		t.Errorf("after the port was lost: %+v", a)
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("the lane ended with %d", code)
	}
}
