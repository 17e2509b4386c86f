package command

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quachot/assets/scanners"
	"quachot/hardware/qr"
)

// invoke runs a subcommand without a station and gives what it said.
func invoke(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(&call{ctx: t.Context(), args: args, cwd: t.TempDir(), stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, window: NoWindow})
	return code, stdout.String(), stderr.String()
}

// The test card can be printed before anything is set up, and its picture holds
// the known text.
func TestPrintTestCardAsPicture(t *testing.T) {
	dir := t.TempDir()
	code, out, said := invoke(t, "--data", dir, "print", "test-card", "--out", filepath.Join(dir, "card.png"))
	var l printedLine
	first, _, _ := strings.Cut(out, "\n")
	if err := json.Unmarshal([]byte(first), &l); code != exitDone || err != nil || l.Paper != "test-card" || l.File == "" {
		t.Fatalf("exit %d, %s %s", code, out, said)
	}
	f, err := os.Open(l.File)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := qr.Decode(img); err != nil || text != scanners.TestText {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestPrintWithoutPrinterIntoTheDataDirectory(t *testing.T) {
	t.Setenv("CUPS_SERVER", "/nowhere/there/is/no/cups.sock")
	dir := t.TempDir()
	for _, name := range []string{"form", "samples"} {
		code, out, said := invoke(t, "--data", dir, "print", name)
		var l printedLine
		if err := json.Unmarshal([]byte(out), &l); code != exitDone || err != nil || filepath.Dir(l.File) != filepath.Join(dir, "printed") || l.Reach != "file" {
			t.Errorf("%s: exit %d, %s %s", name, code, out, said)
		}
		if b, err := os.ReadFile(l.File); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if code, out, _ := invoke(t, "printers", "--json"); code != exitDone || out != "" {
		t.Errorf("printers: exit %d, %s", code, out)
	}
}

func TestPrintSaysThatNothingWasPrinted(t *testing.T) {
	t.Setenv("CUPS_SERVER", "/nowhere/there/is/no/cups.sock")
	dir := t.TempDir()
	for _, args := range [][]string{
		{"print", "test-card", "--printer", "ipp:NOPE"}, {"print", "test-card", "--printer", "laser:1"}, {"print", "form", "--count", "5000"},
		{"print", "form", "--out", "x.txt"}, {"print", "poem"}, {"print"}, {"print", "form", "--out", "no/such/folder/x.pdf"},
	} {
		code, out, said := invoke(t, append([]string{"--data", dir}, args...)...)
		if code != exitUsage || out != "" || said == "" {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, said)
		}
	}
}
