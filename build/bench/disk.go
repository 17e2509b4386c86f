package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// percentile is the p-th (0-1) of durations in milliseconds; it sorts them.
func percentile(d []time.Duration, p float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return ms(d[min(len(d)-1, int(p*float64(len(d))))])
}

// median is the middle of values; it sorts them.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// A syncer measures the disk itself: 4 KiB appended and synced.
type syncer struct {
	file  *os.File
	page  [4096]byte
	times []time.Duration
}

func newSyncer(dir string) (*syncer, error) {
	f, err := os.Create(filepath.Join(dir, "fdatasync"))
	if err != nil {
		return nil, fmt.Errorf("measure the disk: %w", err)
	}
	return &syncer{file: f}, nil
}

func (s *syncer) once() error {
	start := time.Now()
	if _, err := s.file.Write(s.page[:]); err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	if err := dataSync(s.file); err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	s.times = append(s.times, time.Since(start))
	return nil
}

func (s *syncer) close() { s.file.Close() }
