// Package layout keeps the arrows between the parts of the program.
package layout

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "quachot"

// An arrow that must not be: importing something under To from under From.
// Deep looks through everything imported on the way.
type arrow struct {
	from, to string
	deep     bool
	why      string
}

var forbidden = []arrow{
	{from: "kiosk", to: "syncserver", deep: true, why: "the two programs meet on the wire only, so that either can be replaced"},
	{from: "syncserver", to: "kiosk", deep: true, why: "the two programs meet on the wire only, so that either can be replaced"},
	{from: "syncserver", to: "hardware", deep: true, why: "the office has no scanners; its binary stays free of device code"},
	{from: "internal", to: "hardware", deep: true, why: "what both programs share must run without devices"},
	{from: "internal", to: "kiosk", deep: true, why: "shared code cannot know one of its users"},
	{from: "internal", to: "syncserver", deep: true, why: "shared code cannot know one of its users"},
	{from: "hardware", to: "internal", deep: true, why: "drivers move bytes and pictures; what they mean is decided elsewhere"},
	{from: "hardware", to: "kiosk", deep: true, why: "drivers cannot know one of their users"},
	{from: "assets", to: "internal", deep: true, why: "assets are data with their embed, nothing else"},
	{from: "assets", to: "kiosk", deep: true, why: "assets are data with their embed, nothing else"},
	{from: "internal/base45", to: "internal", deep: true, why: "base45 <- card <- credential <- record <- rules"},
	{from: "internal/card", to: "internal/credential", deep: true, why: "base45 <- card <- credential <- record <- rules"},
	{from: "internal/card", to: "internal/record", deep: true, why: "base45 <- card <- credential <- record <- rules"},
	{from: "internal/credential", to: "internal/record", deep: true, why: "base45 <- card <- credential <- record <- rules"},
	{from: "internal/record", to: "internal/wire", deep: true, why: "records outlive any protocol"},
	{from: "kiosk/checkpoint", to: "kiosk/journal", deep: true, why: "a verdict is pure: no disk of its own"},
	{from: "kiosk/checkpoint", to: "hardware", deep: true, why: "a verdict is pure: no devices"},
	{from: "kiosk/view", to: "kiosk/journal", why: "views draw a State and never see the disk"},
	{from: "kiosk/view", to: "kiosk/uplink", why: "views draw a State and never see the network"},
	{from: "kiosk/view", to: "hardware", why: "views never see a driver"},
	{from: "kiosk/checkpoint", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/journal", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/lists", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/lane", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/uplink", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/duty", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/station", to: "fyne.io", deep: true, why: "only kiosk/view and package main draw"},
	{from: "kiosk/screen", to: "fyne.io", deep: true, why: "the state of every screen is tested without a toolkit"},
	{from: "kiosk/command", to: "fyne.io", deep: true, why: "every subcommand works on a machine without a display"},
	{from: "kiosk/view", to: "fyne.io/fyne/v2/app", deep: true, why: "fyne/app drags in OpenGL, which tests and CGO_ENABLED=0 builds must not need"},
	{from: "kiosk/view", to: "github.com/go-gl", deep: true, why: "OpenGL is for package main alone"},
	{from: "internal", to: "fyne.io", deep: true, why: "the office shares this code and has no window"},
	{from: "hardware", to: "fyne.io", deep: true, why: "drivers have no window"},
	{from: "syncserver", to: "fyne.io", deep: true, why: "the office has no window"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Imports,Deps", module+"/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
}

// under says whether path is place or lies inside it. A place without a dot in
// its first element is one of ours.
func under(path, place string) bool {
	if first, _, _ := strings.Cut(place, "/"); !strings.Contains(first, ".") {
		place = module + "/" + place
	}
	return path == place || strings.HasPrefix(path, place+"/")
}

func TestArrows(t *testing.T) {
	all := listPackages(t)
	for _, p := range all {
		for _, a := range forbidden {
			if !under(p.ImportPath, a.from) {
				continue
			}
			reached := p.Imports
			if a.deep {
				reached = p.Deps
			}
			for _, dep := range reached {
				if under(dep, a.to) && !under(dep, a.from) {
					t.Errorf("%s reaches %s: %s", p.ImportPath, dep, a.why)
				}
			}
		}
	}
}

// Drivers import their contract; only package hardware imports drivers.
func TestOnlyHardwareImportsDrivers(t *testing.T) {
	pure := map[string]bool{ // they open no device
		"hardware/scanner/wedge": true, "hardware/scanner/selftest": true, "hardware/printer/printertest": true,
	}
	for _, p := range listPackages(t) {
		for _, dep := range p.Imports {
			place := strings.TrimPrefix(dep, module+"/")
			driver := strings.HasPrefix(place, "hardware/scanner/") || strings.HasPrefix(place, "hardware/printer/")
			if driver && !pure[place] && p.ImportPath != module+"/hardware" {
				t.Errorf("%s imports the driver %s: ask package hardware for it", p.ImportPath, dep)
			}
		}
	}
}

// The forbidden list is worth nothing if its places do not exist any more.
func TestForbiddenPlacesExist(t *testing.T) {
	all := listPackages(t)
	for _, a := range forbidden {
		found := false
		for _, p := range all {
			found = found || under(p.ImportPath, a.from)
		}
		if !found {
			t.Errorf("nothing is under %s any more: take its arrows out", a.from)
		}
	}
}

// A scanned link is written down and never opened: nothing that reads or judges a
// code can speak HTTP.
func TestReadingsReachNoWeb(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, place := range []string{"internal/credential", "internal/card", "internal/identity", "kiosk/checkpoint"} {
			if !under(p.ImportPath, place) {
				continue
			}
			for _, dep := range p.Deps {
				if dep == "net/http" {
					t.Errorf("%s reaches %s", p.ImportPath, dep)
				}
			}
		}
	}
}
