package people

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// ReadXLSX reads the first visible sheet of a workbook. Cells are read as they
// are stored, not as they are shown: a date is a number of days there, and a
// number that lost its leading zeros gets them back where that is certain.
func ReadXLSX(r io.Reader) (people []Person, rejected []Rejected, err error) {
	defer func() { // the library is fed bytes from outside
		if p := recover(); p != nil {
			people, rejected, err = nil, nil, fmt.Errorf("the workbook is damaged (%v): %w", p, ErrFormat)
		}
	}()
	book, err := excelize.OpenReader(r, excelize.Options{RawCellValue: true, UnzipSizeLimit: 8 * maxBytes, UnzipXMLSizeLimit: maxBytes})
	if err != nil {
		return nil, nil, fmt.Errorf("%w (%v)", ErrFormat, err)
	}
	defer book.Close()
	name, err := firstSheet(book)
	if err != nil {
		return nil, nil, err
	}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, nil, fmt.Errorf("read sheet %q: %v: %w", name, err, ErrFormat)
	}
	defer rows.Close()

	t := table{sheet: true}
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		t.date1904 = *props.Date1904
	}
	for row := 1; rows.Next(); row++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, nil, fmt.Errorf("read row %d of sheet %q: %v: %w", row, name, err, ErrFormat)
		}
		if err := t.add(row, cells); err != nil {
			return nil, nil, err
		}
	}
	if err := rows.Error(); err != nil {
		return nil, nil, fmt.Errorf("read sheet %q: %v: %w", name, err, ErrFormat)
	}
	return t.done()
}

func firstSheet(book *excelize.File) (string, error) {
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err == nil && visible {
			return name, nil
		}
	}
	return "", fmt.Errorf("the workbook has no visible sheet: %w", ErrFormat)
}
