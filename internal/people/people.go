// Package people reads people files: the lists a ward sends to have cards made
// (design, section 11). CSV in UTF-8 with or without BOM, or XLSX; the columns
// in any order with English or Vietnamese headers. A row that cannot be used is
// rejected with its reason and the others go on.
package people

import (
	"io"

	"quachot/internal/identity"
)

// Person is one usable row.
type Person struct {
	Row       int    // 1 is the header's row, as a spreadsheet shows it
	Name      string // NFC, blanks folded
	Birth     string // YYYY-MM-DD or YYYY
	Sex       string // "M", "F" or ""
	Documents []identity.Document
	Ward      string // 5-digit code
	Phone     string
	Address   string
	Hamlet    string
}

// Rejected is one row that cannot be used.
type Rejected struct {
	Row    int    `json:"row"`
	Column string `json:"column"` // English header, "" for the whole row
	Reason string `json:"reason"` // code
	Value  string `json:"value"`
}

// ReadFile reads a .csv or .xlsx file by its name's ending.
func ReadFile(path string) ([]Person, []Rejected, error) { return nil, nil, nil }

// ReadCSV reads CSV text.
func ReadCSV(r io.Reader) ([]Person, []Rejected, error) { return nil, nil, nil }

// ReadXLSX reads the first sheet of a workbook.
func ReadXLSX(r io.Reader) ([]Person, []Rejected, error) { return nil, nil, nil }
