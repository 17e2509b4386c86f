package people

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"quachot/internal/identity"
)

const english = `name,dob,sex,document,ward,phone,address,hamlet
Nguyễn Thị Minh Khai,1987-01-18,Nữ,cccd:046187001234,19768,0905 123 456,12/3 Kiệt 45,Tổ 5
Lê Ân,1990,M,,19768,,,
`

func cccd(n string) []identity.Document {
	return []identity.Document{{Kind: identity.CCCD, Number: n}}
}

func khai() Person {
	return Person{Row: 2, Name: "Nguyễn Thị Minh Khai", Birth: "1987-01-18", Sex: "F", Documents: cccd("046187001234"),
		Ward: "19768", Phone: "0905123456", Address: "12/3 Kiệt 45", Hamlet: "Tổ 5"}
}

func TestReadCSV(t *testing.T) {
	an := Person{Row: 3, Name: "Lê Ân", Birth: "1990", Sex: "M", Ward: "19768"}
	want := []Person{khai(), an}
	vietnamese := "STT;Mã xã;Họ và tên;Ngày sinh;Giới tính;CCCD/CMND;Số điện thoại;Địa chỉ;Thôn/Tổ dân phố\r\n" +
		"1;19768;Nguyễn  Thị Minh Khai;18/01/1987;Nữ;046187001234;+84 905.123.456;12/3 Kiệt 45;Tổ 5\r\n" +
		"2;19768;Lê Ân;1990;Nam;;;;\r\n"
	for name, text := range map[string]string{
		"as it comes":            english,
		"with BOM":               "\ufeff" + english,
		"carriage returns":       strings.ReplaceAll(english, "\n", "\r\n"),
		"tabs":                   strings.ReplaceAll(english, ",", "\t"),
		"decomposed":             norm.NFD.String(english),
		"Vietnamese, from Excel": vietnamese,
	} {
		got, rejected, err := ReadCSV(strings.NewReader(text))
		if err != nil || len(rejected) > 0 {
			t.Errorf("%s: rejected %v, %v", name, rejected, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestRejectedRows(t *testing.T) {
	row := func(cells string) string {
		return "name,dob,ward,sex,document,phone\nLê Ân,1990,19768,M,cccd:046090000001,\n" + cells + "\nTrần Bình,1991,19768,M,,\n"
	}
	tests := []struct {
		cells          string
		column, reason string
	}{
		{",1990,19768,,,", "name", "name"},
		{"X,1990,19768,,,", "name", "name"},
		{"046187001234,1990,19768,,,", "name", "name"},
		{strings.Repeat("dài ", 30) + ",1990,19768,,,", "name", "name"},
		{"Lê Bê,,19768,,,", "dob", "dob"},
		{"Lê Bê,31/02/1990,19768,,,", "dob", "dob"},
		{"Lê Bê,1/13/1990,19768,,,", "dob", "dob"},
		{"Lê Bê,90,19768,,,", "dob", "dob"},
		{"Lê Bê,1890,19768,,,", "dob", "dob"},
		{"Lê Bê,32895,19768,,,", "dob", "dob"},
		{"Lê Bê,1990,,,,", "ward", "ward"},
		{"Lê Bê,1990,Đông Ba,,,", "ward", "ward"},
		{"Lê Bê,1990,197680,,,", "ward", "ward"},
		{"Lê Bê,1990,99999,,,", "ward", "ward_unknown"},
		{"Lê Bê,1990,19768,x,,", "sex", "sex"},
		{"Lê Bê,1990,19768,?,,", "sex", "sex"},
		{"Lê Bê,1990,19768,,12345,", "document", "document"},
		{"Lê Bê,1990,19768,,cccd:123,", "document", "document"},
		{"Lê Bê,1990,19768,,thẻ:123456789,", "document", "document"},
		{"Lê Bê,1990,19768,,,12", "phone", "phone"},
		{"Lê Bê,1990,19768,,046090000001,", "", "duplicate"},
		{`Lê "Bê" Cê,1990,19768,,,`, "", "quotes"},
	}
	for _, test := range tests {
		people, rejected, err := ReadCSV(strings.NewReader(row(test.cells)))
		if err != nil {
			t.Errorf("%q: %v", test.cells, err)
			continue
		}
		if len(people) != 2 || people[1].Name != "Trần Bình" || people[1].Row != 4 {
			t.Errorf("%q: the good rows are %+v", test.cells, people)
		}
		if len(rejected) != 1 || rejected[0].Row != 3 || rejected[0].Column != test.column || rejected[0].Reason != test.reason {
			t.Errorf("%q: rejected %+v, want %s %s in row 3", test.cells, rejected, test.column, test.reason)
		}
	}
}

func TestDocumentsWardsAndPhonesAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		document, ward, phone string
		want                  Person
	}{
		{"191234567", "4", "", Person{Ward: "00004", Documents: []identity.Document{{Kind: identity.CMND, Number: "191234567"}}}},
		{"46187001234", "19768", "905123456", Person{Ward: "19768", Phone: "0905123456", Documents: cccd("046187001234")}},
		{"046 187 001 234", "19768", "84905123456", Person{Ward: "19768", Phone: "0905123456", Documents: cccd("046187001234")}},
		{"cccd:046187001234; passport:b1234567", "19768", "(0234) 3.822.333", Person{Ward: "19768", Phone: "02343822333",
			Documents: append(cccd("046187001234"), identity.Document{Kind: identity.Passport, Number: "B1234567"})}},
		{"bhyt:DN4460123456789;", "19768", "", Person{Ward: "19768", Documents: []identity.Document{{Kind: identity.BHYT, Number: "0123456789"}}}},
	}
	for _, test := range tests {
		text := "name\tdob\tward\tdocument\tphone\nLê Ân\t1990\t" + test.ward + "\t" + test.document + "\t" + test.phone
		got, rejected, err := ReadCSV(strings.NewReader(text))
		if err != nil || len(got) != 1 {
			t.Errorf("%q: %v, %v, %v", text, got, rejected, err)
			continue
		}
		test.want.Row, test.want.Name, test.want.Birth = 2, "Lê Ân", "1990"
		if diff := cmp.Diff(test.want, got[0]); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

func TestTwoOfOneNameAreTwoPeopleWhenSomethingDiffers(t *testing.T) {
	const head = "name,dob,ward,document,hamlet\n"
	tests := map[string]int{
		"Lê Ân,1990,19768,,\nLÊ ÂN,1990,19768,,":                                  1,
		"Lê Ân,1990,19768,,Tổ 1\nLê Ân,1990,19768,,Tổ 2":                          2,
		"Lê Ân,1990,19768,,\nLê Ân,1991,19768,,":                                  2,
		"Lê Ân,1990,19768,046090000001,\nLê Ân,1990,19768,046090000002,":          2,
		"Lê Ân,1990,19768,046090000001,\nTrần Bình,1991,19768,cccd:046090000001,": 1,
	}
	for rows, want := range tests {
		people, rejected, err := ReadCSV(strings.NewReader(head + rows))
		if err != nil || len(people) != want || len(people)+len(rejected) != 2 {
			t.Errorf("%q: %v, %v, %v", rows, people, rejected, err)
		}
	}
}

func TestWholeFileRefused(t *testing.T) {
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(english)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	old, err := charmap.Windows1258.NewEncoder().String("name,dob,ward\nLê Quang Đinh,1990,19768\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		b    []byte
		want error
	}{
		{"empty", nil, ErrColumns},
		{"blank lines", []byte("\n ,\n\n"), ErrColumns},
		{"UTF-16 with BOM", utf16le, ErrEncoding},
		{"UTF-16 without BOM", utf16le[2:], ErrEncoding},
		{"UTF-16 big-endian", []byte{0xfe, 0xff, 0, 'n'}, ErrEncoding},
		{"Windows-1258", []byte(old), ErrEncoding},
		{"xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ErrFormat},
		{"no ward", []byte("name,dob\nLê Ân,1990\n"), ErrColumns},
		{"two names", []byte("name,dob,ward,họ và tên\nLê Ân,1990,19768,x\n"), ErrColumns},
		{"no header", []byte("Lê Ân,1990,19768\n"), ErrColumns},
		{"header broken", []byte("name\",dob,ward\nLê Ân,1990,19768\n"), ErrColumns},
		{"not a workbook", []byte("PK\x03\x04 nothing"), ErrFormat},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "people.csv")
		if err := os.WriteFile(path, test.b, 0o600); err != nil {
			t.Fatal(err)
		}
		if people, _, err := ReadFile(path); !errors.Is(err, test.want) || people != nil {
			t.Errorf("%s: got %v, %v, want %v", test.name, people, err, test.want)
		}
	}
	if _, _, err := ReadFile(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
}

// book makes a workbook as Excel does: dates as days, numbers as numbers.
func book(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("Danh sách"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetVisible("Sheet1", false); err != nil {
		f.SetActiveSheet(1)
	}
	f.SetActiveSheet(1)
	if err := f.SetSheetVisible("Sheet1", false); err != nil {
		t.Fatal(err)
	}
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range rows {
		for c, v := range row {
			cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
			if err := f.SetCellValue("Danh sách", cell, v); err != nil {
				t.Fatal(err)
			}
			if n, ok := v.(int); ok && n > 20000 && n < 40000 {
				f.SetCellStyle("Danh sách", cell, cell, date)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	b := book(t,
		[]any{"Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Mã xã", "SĐT"},
		[]any{"Nguyễn Thị Minh Khai", 31795, "Nữ", 46187001234, 19768, 905123456}, // 18/01/1987
		[]any{},
		[]any{"Lê Ân", 1990, "Nam", "046090000001", "00004", ""},
		[]any{"Trần Bình", "20/11/1976", "", 191234567, 4, "0905123457"},
		[]any{"Hoàng Cúc", 5, "", "", 19768, ""})
	path := filepath.Join(t.TempDir(), "people.data") // the ending does not matter
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	got, rejected, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []Person{
		{Row: 2, Name: "Nguyễn Thị Minh Khai", Birth: "1987-01-18", Sex: "F", Documents: cccd("046187001234"), Ward: "19768", Phone: "0905123456"},
		{Row: 4, Name: "Lê Ân", Birth: "1990", Sex: "M", Documents: cccd("046090000001"), Ward: "00004"},
		{Row: 5, Name: "Trần Bình", Birth: "1976-11-20", Documents: []identity.Document{{Kind: identity.CMND, Number: "191234567"}}, Ward: "00004", Phone: "0905123457"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]Rejected{{6, "dob", "dob", "5"}}, rejected); diff != "" {
		t.Errorf("rejected (-want +got)\n%s", diff)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(english))
	f.Add([]byte("\ufeff\"name\";dob;ward\n\"Lê\nÂn\";1990;4\n\";1990"))
	f.Fuzz(func(t *testing.T, b []byte) {
		people, _, err := ReadCSV(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, p := range people {
			if p.Name == "" || len(p.Ward) != 5 || len(p.Birth) != 4 && len(p.Birth) != 10 || p.Row < 2 {
				t.Fatalf("a row that should be rejected: %+v", p)
			}
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(book(f, []any{"name", "dob", "ward"}, []any{"Lê Ân", 31795, 19768}))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, _ = ReadXLSX(bytes.NewReader(b))
	})
}
