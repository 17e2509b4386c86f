package hardware

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"quachot/hardware/printer"
	"quachot/hardware/printer/folder"
	"quachot/hardware/printer/ipp"
	"quachot/hardware/printer/printertest"
)

func TestOpenPrinter(t *testing.T) {
	t.Setenv("CUPS_SERVER", "/nowhere/there/is/no/cups.sock")
	p, err := OpenPrinter(t.Context(), "ipp:HP", "")
	if _, ok := p.Printer.(*ipp.Printer); err != nil || !ok || p.Name != "HP" || p.Spec != "ipp:HP" {
		t.Errorf("ipp: %+v, %v", p, err)
	}
	p, err = OpenPrinter(t.Context(), "ipp://10.0.0.7/ipp/print", "")
	if _, ok := p.Printer.(*ipp.Printer); err != nil || !ok || p.Name != "10.0.0.7/ipp/print" {
		t.Errorf("network: %+v, %v", p, err)
	}
	p, err = OpenPrinter(t.Context(), "folder:/tmp/x", "")
	if f, ok := p.Printer.(*folder.Printer); err != nil || !ok || f.Dir != "/tmp/x" || f.Keep != 0 {
		t.Errorf("folder: %+v, %v", p, err)
	}
	for _, bad := range []string{"folder:", "folder", "ipp:", "laser:1", ":", "ipp:a/b"} {
		if _, err := OpenPrinter(t.Context(), bad, ""); !errors.Is(err, printer.ErrUnknown) {
			t.Errorf("%q: %v, want ErrUnknown", bad, err)
		}
	}
	if _, err := OpenPrinter(t.Context(), "laser:1", ""); !strings.Contains(err.Error(), "ipp, folder") {
		t.Errorf("%v: want the names there are", err)
	}
}

// Without CUPS there is a folder in the data directory, and it does not keep
// people's names for ever.
func TestPrinterWithoutCUPS(t *testing.T) {
	t.Setenv("CUPS_SERVER", "/nowhere/there/is/no/cups.sock")
	dir := t.TempDir()
	p, err := OpenPrinter(t.Context(), "", dir)
	if err != nil || p.Name != filepath.Join(dir, "printed") || p.Printer.(*folder.Printer).Keep != keepPrinted {
		t.Fatalf("%+v, %v", p, err)
	}
	id, err := p.Print(t.Context(), printertest.PDF())
	if err != nil || filepath.Dir(string(id)) != p.Name {
		t.Errorf("%s, %v", id, err)
	}
	if all, err := Printers(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}
