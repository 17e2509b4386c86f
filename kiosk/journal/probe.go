package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// A damaged bbolt file can kill the process that reads it, in a goroutine of
// bbolt's own or by a fault in mapped memory. So a child looks first, and says
// by its exit code what it found.
const (
	codeOK      = 0
	codeOther   = 1
	codeCrash   = 2 // of the Go runtime
	codeCorrupt = 3
	codeNewer   = 4
	codeRunning = 5

	probeLimit = 10 * time.Second
)

// Probe is what the child runs: it reads the whole journal file in dir without
// changing it. ErrCorrupt, ErrNewer, ErrRunning, or anything else that went
// wrong; nil when the file is sound or not there.
func Probe(dir string) error { return probe(dir, true) }

// ProbeCode is the exit code by which the child tells what Probe found.
func ProbeCode(err error) int {
	switch {
	case err == nil:
		return codeOK
	case errors.Is(err, ErrNewer):
		return codeNewer
	case errors.Is(err, ErrCorrupt):
		return codeCorrupt
	case errors.Is(err, ErrRunning):
		return codeRunning
	}
	return codeOther
}

// probe reads the file; deep also lets bbolt check its tree, which may end the
// process.
func probe(dir string, deep bool) error {
	path := filepath.Join(dir, fileName)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := openDB(path, true)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("probe journal: %w", ErrRunning)
	}
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("probe journal: %w", err)
	}
	if err != nil {
		return fmt.Errorf("probe journal: %w: %w", ErrCorrupt, err)
	}
	defer db.Close()
	return guarded("probe journal", func() error {
		return db.View(func(tx *bbolt.Tx) error { return probeTx(tx, deep) })
	})
}

func probeTx(tx *bbolt.Tx, deep bool) error {
	if err := checkVersion(tx); err != nil {
		return err
	}
	if deep {
		for err := range tx.Check() {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
	}
	for _, name := range bucketNames {
		b := tx.Bucket(name)
		if b == nil {
			return fmt.Errorf("%w: no bucket %s", ErrCorrupt, name)
		}
		if err := b.ForEach(func(k, v []byte) error { return nil }); err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
	}
	_, _, err := readSegments(tx)
	return err
}

// probeChild looks through a child process. ErrCorrupt when it says so or
// crashed twice; ErrNewer and ErrRunning as it says; anything else is logged and
// nil: the journal is then opened all the same.
func (j *Journal) probeChild() error {
	command, err := j.o.probeCommand()
	if err != nil || len(command) == 0 {
		return probe(j.dir, false)
	}
	for try := 1; ; try++ {
		code, out, err := runProbe(append(command, j.dir), cmp.Or(j.o.probeLimit, probeLimit))
		switch {
		case err == nil && code == codeOK:
			return nil
		case code == codeCorrupt:
			return fmt.Errorf("%w: %s", ErrCorrupt, out)
		case code == codeNewer:
			return fmt.Errorf("%w: %s", ErrNewer, out)
		case code == codeRunning:
			return ErrRunning
		case code == codeCrash && strings.Contains(out, "goroutine ") && try > 1:
			return fmt.Errorf("%w: it crashes who reads it: %s", ErrCorrupt, out)
		case code == codeCrash && strings.Contains(out, "goroutine "):
			continue
		}
		j.log.Error("journal could not be probed before it was opened", "code", code, "output", out, "err", err)
		return nil
	}
}

// probeCommand is the child's command line without the directory.
func (o Options) probeCommand() ([]string, error) {
	if o.Probe != nil {
		return append([]string(nil), o.Probe...), nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// A test binary does not know the subcommand and would run its tests.
	if base := strings.TrimSuffix(filepath.Base(exe), ".exe"); strings.HasSuffix(base, ".test") {
		return nil, nil
	}
	return []string{exe, "journal-probe"}, nil
}

func runProbe(command []string, limit time.Duration) (code int, out string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.WaitDelay = time.Second
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	err = cmd.Run()
	out = strings.TrimSpace(b.String())
	if len(out) > 400 {
		out = out[:200] + " ... " + out[len(out)-200:]
	}
	if strings.Contains(b.String(), "goroutine ") && !strings.Contains(out, "goroutine ") {
		out += " goroutine "
	}
	return cmd.ProcessState.ExitCode(), out, err
}
