// Package lint runs the linters as tests, so that nobody has to remember them.
package lint

import (
	"os/exec"
	"strings"
	"testing"
)

// run starts a program in the module's root and gives back what it printed.
func run(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func TestGofmt(t *testing.T) {
	out, err := run(t, "gofmt", "-l", "assets", "build", "hardware", "internal", "kiosk", "syncserver")
	if err != nil || out != "" {
		t.Errorf("gofmt would change (%v):\n%s", err, out)
	}
}

func TestVet(t *testing.T) {
	if out, err := run(t, "go", "vet", "./..."); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}

func TestStaticcheck(t *testing.T) {
	if out, err := run(t, "go", "tool", "staticcheck", "./..."); err != nil {
		t.Errorf("staticcheck: %v\n%s", err, out)
	}
}

func TestModuleIsTidy(t *testing.T) {
	if out, err := run(t, "go", "mod", "tidy", "-diff"); err != nil {
		t.Errorf("go mod tidy would change go.mod or go.sum: %v\n%s", err, out)
	}
}
