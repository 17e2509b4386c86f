package people

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The columns, by their English headers.
const (
	colName     = "name"
	colDOB      = "dob"
	colSex      = "sex"
	colDocument = "document"
	colWard     = "ward"
	colPhone    = "phone"
	colAddress  = "address"
	colHamlet   = "hamlet"
)

// headers are the ways to write a column's name, folded: lower case without
// marks, words only.
var headers = map[string]string{
	"name": colName, "full name": colName, "fullname": colName, "ho va ten": colName, "ho ten": colName, "ho va ten nguoi dan": colName,
	"dob": colDOB, "date of birth": colDOB, "birth date": colDOB, "birth": colDOB,
	"ngay sinh": colDOB, "nam sinh": colDOB, "ngay thang nam sinh": colDOB, "sinh ngay": colDOB,
	"sex": colSex, "gender": colSex, "gioi tinh": colSex, "phai": colSex,
	"document": colDocument, "id": colDocument, "giay to": colDocument, "so giay to": colDocument, "cccd": colDocument,
	"so cccd": colDocument, "cmnd": colDocument, "cccd cmnd": colDocument, "cmnd cccd": colDocument, "so cmnd cccd": colDocument,
	"so cccd cmnd": colDocument, "so dinh danh": colDocument, "so dinh danh ca nhan": colDocument,
	"ward": colWard, "ward code": colWard, "ma xa": colWard, "ma phuong": colWard, "ma xa phuong": colWard, "ma phuong xa": colWard,
	"xa phuong": colWard, "phuong xa": colWard, "ma don vi hanh chinh": colWard,
	"phone": colPhone, "telephone": colPhone, "mobile": colPhone, "dien thoai": colPhone, "so dien thoai": colPhone, "sdt": colPhone, "di dong": colPhone,
	"address": colAddress, "dia chi": colAddress, "noi o": colAddress, "noi cu tru": colAddress, "thuong tru": colAddress,
	"hamlet": colHamlet, "thon": colHamlet, "to": colHamlet, "thon to": colHamlet, "to thon": colHamlet, "to dan pho": colHamlet,
	"thon to dan pho": colHamlet, "thon ban": colHamlet, "khu pho": colHamlet, "ap": colHamlet,
}

// table gathers rows; the first that is not empty is the header.
type table struct {
	sheet    bool // dates may be numbers of days
	date1904 bool

	columns  map[string]int // nil until the header was seen
	people   []Person
	rejected []Rejected
	seen     map[string]int // key of a person -> row
}

// add takes the next row. Only a bad header or too many rows are errors.
func (t *table) add(row int, cells []string) error {
	if empty(cells) {
		return nil
	}
	if t.columns == nil {
		return t.header(cells)
	}
	if len(t.people)+len(t.rejected) >= maxRows {
		return fmt.Errorf("above %d rows: %w", maxRows, ErrTooBig)
	}
	p, bad := t.person(row, cells)
	if bad == nil {
		bad = t.duplicate(p)
	}
	if bad != nil {
		return t.reject(*bad)
	}
	t.people = append(t.people, p)
	return nil
}

func (t *table) reject(r Rejected) error {
	if t.columns == nil {
		return fmt.Errorf("the header cannot be read (%s): %w", r.Value, ErrColumns)
	}
	if shown := []rune(r.Value); len(shown) > 60 {
		r.Value = string(shown[:60]) + "…"
	}
	t.rejected = append(t.rejected, r)
	return nil
}

func (t *table) header(cells []string) error {
	columns := map[string]int{}
	for i, cell := range cells {
		column, ok := headers[fold(cell)]
		if !ok {
			continue // a column of somebody else's, such as a running number
		}
		if _, twice := columns[column]; twice {
			return fmt.Errorf("column %s is there twice: %w", column, ErrColumns)
		}
		columns[column] = i
	}
	for _, needed := range []string{colName, colDOB, colWard} {
		if _, ok := columns[needed]; !ok {
			return fmt.Errorf("no column %s among %q: %w", needed, cells, ErrColumns)
		}
	}
	t.columns, t.seen = columns, map[string]int{}
	return nil
}

func (t *table) done() ([]Person, []Rejected, error) {
	if t.columns == nil {
		return nil, nil, fmt.Errorf("the file is empty: %w", ErrColumns)
	}
	return t.people, t.rejected, nil
}

// duplicate finds a person who was there already: the same document, or without
// one the same name, birth and ward.
func (t *table) duplicate(p Person) *Rejected {
	keys := []string{fold(p.Name) + "|" + p.Birth + "|" + p.Ward + "|" + fold(p.Hamlet)}
	if len(p.Documents) > 0 {
		keys = nil
	}
	for _, d := range p.Documents {
		keys = append(keys, d.String())
	}
	for _, key := range keys {
		if row, ok := t.seen[key]; ok {
			return &Rejected{Row: p.Row, Reason: "duplicate", Value: fmt.Sprintf("row %d", row)}
		}
	}
	for _, key := range keys {
		t.seen[key] = p.Row
	}
	return nil
}

// cell is the column's text with blanks folded, "" when there is none.
func (t *table) cell(cells []string, column string) string {
	i, ok := t.columns[column]
	if !ok || i >= len(cells) {
		return ""
	}
	return norm.NFC.String(strings.Join(strings.Fields(cells[i]), " "))
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// fold is s in lower case without marks, its words with one blank between.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r < 0x300 || r > 0x36f: // not a mark
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
