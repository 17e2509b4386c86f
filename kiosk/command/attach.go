package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"quachot/hardware"
	"quachot/hardware/scanner"
)

const (
	// againAfter is how long to wait before a lost scanner is tried again.
	againAfter = time.Second
	// backAfter is how long a scanner must stay open to be called back.
	backAfter = 300 * time.Millisecond
)

// openScanners makes the scanners that specs name; it touches no device.
func openScanners(specs []string, stdin io.Reader) ([]scanner.Scanner, error) {
	var all []scanner.Scanner
	seen := map[string]bool{}
	for _, spec := range specs {
		if seen[spec] {
			return nil, fmt.Errorf("scanner %s is named twice. Nothing was changed", spec)
		}
		seen[spec] = true
		s, err := hardware.OpenScanner(spec, stdin)
		if err != nil {
			return nil, fmt.Errorf("%w. Nothing was changed", err)
		}
		all = append(all, s)
	}
	return all, nil
}

// ReadScanner gives every code of sc to found until ctx ends, and tries a lost
// scanner again every second for ever: somebody will plug it in. present is told
// nil when the scanner answers, and the reason each time it is lost after that or
// was not there to begin with. Both are called on goroutines of this call, never
// after it returned; found must not drop a code.
func ReadScanner(ctx context.Context, sc scanner.Scanner, found func(scanner.Code), present func(lost error)) {
	told := false // that it is lost
	for ctx.Err() == nil {
		err := readOnce(ctx, sc, found, func() {
			told = false
			present(nil)
		})
		if ctx.Err() != nil || !errors.Is(err, scanner.ErrLost) {
			if err != nil && ctx.Err() == nil {
				present(err)
			}
			return
		}
		if !told {
			told = true
			present(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(againAfter):
		}
	}
}

// readOnce is one try; back is called once when the scanner proves to be there.
func readOnce(ctx context.Context, sc scanner.Scanner, found func(scanner.Code), back func()) error {
	ended := make(chan error, 1)
	codes := make(chan scanner.Code)
	go func() { ended <- sc.Scan(ctx, func(c scanner.Code) { codes <- c }) }()
	there := time.NewTimer(backAfter)
	defer there.Stop()
	known := false
	for {
		select {
		case c := <-codes:
			if !known {
				known = true
				back()
			}
			found(c)
		case <-there.C:
			if !known {
				known = true
				back()
			}
		case err := <-ended:
			return err
		}
	}
}
