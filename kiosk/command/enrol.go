package command

import (
	"fmt"
	"os"
	"strings"

	"quachot/kiosk/station"
)

type enrolCmd struct {
	Code string `arg:"" help:"The code, or a file that holds it as its last line." placeholder:"CODE|FILE"`
}

// Run enrols and prints what the station is now; the office's
// fingerprint is to be compared with what the office shows.
func (e enrolCmd) Run(c *call) error {
	code, err := e.code(c)
	if err != nil {
		return err
	}
	id, err := station.Enrol(c.ctx, c.data, code)
	if err != nil {
		return err
	}
	return line(c.stdout, struct {
		Station string `json:"station"`
		Name    string `json:"name"`
		Post    string `json:"post"`
		Key     string `json:"fingerprint"`
		Office  string `json:"office_fingerprint"`
		Store   string `json:"store_key"`
	}{id.Station, id.Name, id.Post, id.Fingerprint(), id.OfficeFingerprint(), id.StorePlace})
}

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
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1], nil
}
