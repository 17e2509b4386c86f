package people

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ReadCSV reads CSV text, separated by commas, semicolons (what Excel writes on
// a Vietnamese Windows) or tabs.
func ReadCSV(r io.Reader) ([]Person, []Rejected, error) {
	b, err := readAll(r)
	if err != nil {
		return nil, nil, err
	}
	if err := checkText(b); err != nil {
		return nil, nil, err
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	in := csv.NewReader(bytes.NewReader(b))
	in.Comma = separator(b)
	in.FieldsPerRecord = -1

	var t table
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return t.done()
		}
		if err := t.addCSV(in, cells, err); err != nil {
			return nil, nil, err
		}
	}
}

func (t *table) addCSV(in *csv.Reader, cells []string, err error) error {
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		return t.reject(Rejected{Row: broken.StartLine, Reason: "quotes", Value: fmt.Sprintf("line %d to %d", broken.StartLine, broken.Line)})
	}
	if err != nil {
		return err
	}
	row, _ := in.FieldPos(0)
	return t.add(row, cells)
}

// checkText refuses what is not UTF-8, and says so before names are garbled.
func checkText(b []byte) error {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return fmt.Errorf("it is UTF-16: %w", ErrEncoding)
	case bytes.HasPrefix(b, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return fmt.Errorf("it is an old or protected Excel file: %w", ErrFormat)
	case bytes.IndexByte(b, 0) >= 0:
		return fmt.Errorf("it holds zero bytes, as UTF-16 does: %w", ErrEncoding)
	case !utf8.Valid(b):
		return fmt.Errorf("it seems to be Windows-1258 or another old code page: %w", ErrEncoding)
	}
	return nil
}

// separator is the one that the header's line has most of.
func separator(b []byte) rune {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	best, most := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}
