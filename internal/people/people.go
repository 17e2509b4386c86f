// Package people reads people files: the lists a ward sends to have cards made
// (design, section 11). CSV in UTF-8 with or without BOM, or XLSX; the columns
// in any order with English or Vietnamese headers. A row that cannot be used is
// rejected with its reason and the others go on.
package people

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"quachot/internal/identity"
)

// Person is one usable row.
type Person struct {
	Row       int    // as a spreadsheet or an editor shows it; the header is usually 1
	Name      string // NFC, blanks folded
	Birth     string // YYYY-MM-DD or YYYY
	Sex       string // "M", "F" or ""
	Documents []identity.Document
	Ward      string // 5-digit code
	Phone     string // digits, national form 0xxxxxxxxx, or ""
	Address   string
	Hamlet    string
}

// Rejected is one row that cannot be used.
type Rejected struct {
	Row    int    `json:"row"`
	Column string `json:"column"` // English header, "" for the whole row
	// Reason is a code; its words are under "people.<code>".
	Reason string `json:"reason"`
	Value  string `json:"value"`
}

// String is for a terminal.
func (r Rejected) String() string {
	if r.Column == "" {
		return fmt.Sprintf("row %d: %s: %q", r.Row, r.Reason, r.Value)
	}
	return fmt.Sprintf("row %d: %s: %s: %q", r.Row, r.Column, r.Reason, r.Value)
}

// Why a whole file is refused, for errors.Is. The messages say what to do.
var (
	ErrEncoding = errors.New(`the file is not in UTF-8; nothing was read. In Excel choose "Save as", "CSV UTF-8 (comma delimited)" or "Excel workbook (.xlsx)"`)
	ErrFormat   = errors.New(`the file is neither CSV nor an .xlsx workbook; nothing was read. Save it as "Excel workbook (.xlsx)" without a password`)
	ErrColumns  = errors.New("the columns are not as they should be; nothing was read. Needed are name (họ và tên), dob (ngày sinh) and ward (mã xã), each once")
	ErrTooBig   = errors.New("the file is too big; nothing was read. Cut it into parts")
)

// The bounds of a file.
const (
	maxBytes = 64 << 20
	maxRows  = 200_000
)

// ReadFile reads a CSV or XLSX file, told apart by its content.
func ReadFile(path string) ([]Person, []Rejected, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the people file: %w", err)
	}
	defer f.Close()
	b, err := readAll(f)
	if err != nil {
		return nil, nil, fmt.Errorf("read the people file %s: %w", path, err)
	}
	read := ReadCSV
	if bytes.HasPrefix(b, []byte("PK")) {
		read = ReadXLSX
	}
	people, rejected, err := read(bytes.NewReader(b))
	if err != nil {
		return nil, nil, fmt.Errorf("read the people file %s: %w", path, err)
	}
	return people, rejected, nil
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxBytes {
		return nil, fmt.Errorf("above %d MB: %w", maxBytes>>20, ErrTooBig)
	}
	return b, nil
}
