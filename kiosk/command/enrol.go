package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"quachot/internal/bundle"
	"quachot/kiosk/station"
)

type enrolCmd struct {
	Code string `arg:"" help:"The code, a file that holds it as its last line, or an enrolment file." placeholder:"CODE|FILE"`
}

// Run enrols and prints what the station is now; the office's
// fingerprint is to be compared with what the office shows.
func (e enrolCmd) Run(c *call) error {
	code, err := e.code(c)
	if err != nil {
		return err
	}
	enrol := func() (station.Identity, error) { return station.Enrol(c.ctx, c.data, code) }
	if bundle.Is([]byte(code)) {
		enrol = func() (station.Identity, error) { return station.EnrolByFile(c.data, []byte(code)) }
	}
	id, err := enrol()
	if err != nil {
		return err
	}
	held, err := e.fetchLists(c)
	if err != nil {
		fmt.Fprintf(c.stderr, "The station is enrolled. Its lists have not come yet: %v. They come by themselves with the first contact.\n", err)
	}
	return line(c.stdout, struct {
		Station string             `json:"station"`
		Name    string             `json:"name"`
		Post    string             `json:"post"`
		Key     string             `json:"fingerprint"`
		Office  string             `json:"office_fingerprint"`
		Store   string             `json:"store_key"`
		Lists   []station.ListHeld `json:"lists"` // as far as they came at once
	}{id.Station, id.Name, id.Post, id.Fingerprint(), id.OfficeFingerprint(), id.StorePlace, held})
}

// firstLists is how long an enrolment waits for the lists. They count all at
// once or not at all; a long watch-list on a slow link goes on coming with the
// first start, from where it was.
const firstLists = 10 * time.Second

// fetchLists gets the lists while the network is there: without them the first
// good card of the day would be amber. The station is enrolled either way.
func (e enrolCmd) fetchLists(c *call) ([]station.ListHeld, error) {
	s, err := c.open()
	if err != nil {
		return []station.ListHeld{}, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, firstLists)
	defer cancel()
	err = s.Uplink.DrainNow(ctx)
	held := s.Status().Lists
	return held, errors.Join(err, s.Close())
}

// code is what the office gave: a code, or the bytes of an enrolment file.
func (e enrolCmd) code(c *call) (string, error) {
	info, err := os.Stat(c.path(e.Code))
	switch {
	case err != nil && strings.ContainsAny(e.Code, `./\`): // no code has these
		return "", fmt.Errorf("read the code's file: %w. Nothing was changed", err)
	case err != nil || !info.Mode().IsRegular():
		return e.Code, nil
	}
	b, err := os.ReadFile(c.path(e.Code))
	if err != nil {
		return "", fmt.Errorf("read the code's file: %w. Nothing was changed", err)
	}
	if bundle.Is(b) {
		return string(b), nil
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1], nil
}
