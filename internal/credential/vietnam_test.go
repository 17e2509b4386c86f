package credential

import (
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/identity"
)

// cccdText builds a card's code from the facts that a test changes.
func cccdText(edit func(f []string)) string {
	f := []string{"046187001234", "191234567", "Nguyễn Thị Minh Khai", "18011987", "Nữ", "Vĩnh Ninh, Thành phố Huế", "25042021"}
	if edit != nil {
		edit(f)
	}
	return strings.Join(f, "|")
}

func TestCCCD(t *testing.T) {
	kinds := func(r Reading) (k []identity.DocumentKind) {
		for _, d := range r.Documents {
			k = append(k, d.Kind)
		}
		return k
	}
	both, one := []identity.DocumentKind{identity.CCCD, identity.CMND}, []identity.DocumentKind{identity.CCCD}
	for _, c := range []struct {
		name     string
		text     string
		warnings []string
		docs     []identity.DocumentKind
		birth    string
		sex      string
	}{
		{"seven fields", cccdText(nil), nil, both, "1987-01-18", "F"},
		{"no old number", cccdText(func(f []string) { f[1] = "" }), nil, one, "1987-01-18", "F"},
		{"old number of zeros", cccdText(func(f []string) { f[1] = "000000000" }), nil, one, "1987-01-18", "F"},
		{"old number of another form", cccdText(func(f []string) { f[1] = "19123" }), []string{WarnNumber}, one, "1987-01-18", "F"},
		{"old number of 12 digits", cccdText(func(f []string) { f[1] = "046187009999" }), nil, []identity.DocumentKind{identity.CCCD, identity.CCCD}, "1987-01-18", "F"},
		{"eleven fields", cccdText(nil) + "||||", nil, both, "1987-01-18", "F"},
		{"thirteen filled fields", cccdText(nil) + "|a|b|c|d|e|f", nil, both, "1987-01-18", "F"},
		{"six fields", cccdText(nil)[:strings.LastIndex(cccdText(nil), "|")], []string{WarnShortened}, both, "1987-01-18", "F"},
		{"other year", cccdText(func(f []string) { f[3] = "18011990" }), []string{WarnBirthYear}, both, "1990-01-18", "F"},
		{"other sex", cccdText(func(f []string) { f[4] = "Nam" }), []string{WarnSex}, both, "1987-01-18", "M"},
		{"no such province", cccdText(func(f []string) { f[0] = "003187001234" }), []string{WarnProvince}, both, "1987-01-18", "F"},
		{"born on 31 February", cccdText(func(f []string) { f[3] = "31021987" }), []string{WarnBirthDate}, both, "", "F"},
		{"birth day not known", cccdText(func(f []string) { f[3] = "00001987" }), nil, both, "1987", "F"},
		{"born tomorrow", cccdText(func(f []string) { f[0], f[3] = "046326001234", "02032022" }), []string{WarnBirthDate, WarnBirthYear}, both, "2022-03-02", "F"},
		{"typed by a wedge", cccdText(func(f []string) { f[2], f[4] = "Nguy?n Th? Minh Khai", "N?" }), []string{WarnGarbled}, both, "1987-01-18", ""},
		{"decomposed letters", cccdText(func(f []string) { f[2] = "Nguye\u0302\u0303n Thị Minh Khai" }), nil, both, "1987-01-18", "F"},
		{"blanks around", " " + cccdText(func(f []string) { f[2] = "  Nguyễn  Thị Minh Khai " }) + " ", nil, both, "1987-01-18", "F"},
		{"BOM and line ends", "\ufeff" + cccdText(nil) + "\r\n", nil, both, "1987-01-18", "F"},
		{"NUL and rubbish", cccdText(nil) + "\x00\xff\xfe|x", nil, both, "1987-01-18", "F"},
		{"not UTF-8", cccdText(func(f []string) { f[2] = "Nguy\xecn Th\xf2 Minh Khai" }), []string{WarnGarbled}, both, "1987-01-18", "F"},
	} {
		r := Read(c.text, nil, testNow)
		if r.Kind != CCCD || r.Trust != Unverified || r.Reason != Unsigned {
			t.Errorf("%s: %v %v %q", c.name, r.Kind, r.Trust, r.Reason)
		}
		if !slices.Equal(r.Warnings, c.warnings) || !slices.Equal(kinds(r), c.docs) || r.Birth != c.birth || r.Sex != c.sex {
			t.Errorf("%s: warnings %v documents %v birth %q sex %q, want %v %v %q %q", c.name, r.Warnings, r.Documents, r.Birth, r.Sex, c.warnings, c.docs, c.birth, c.sex)
		}
		if !slices.Contains(c.warnings, WarnGarbled) && r.Name != "Nguyễn Thị Minh Khai" {
			t.Errorf("%s: name %q", c.name, r.Name)
		}
	}
}

func TestCCCDKeepsFurtherFields(t *testing.T) {
	r := Read(cccdText(nil)+"|Nguyễn Văn Cha||Trần Thị Mẹ|", nil, testNow)
	if r.Fields["extra_7"] != "Nguyễn Văn Cha" || r.Fields["extra_9"] != "Trần Thị Mẹ" {
		t.Errorf("further fields %v", r.Fields)
	}
	if want := time.Date(2021, 4, 25, 0, 0, 0, 0, vietnam); !r.Issued.Equal(want) || r.Fields["issued"] != "2021-04-25" || r.Fields["province"] != "Tỉnh Thừa Thiên Huế" {
		t.Errorf("issued %v, fields %v", r.Issued, r.Fields)
	}
}

func TestQRQG(t *testing.T) {
	doc := func(k identity.DocumentKind, n string) identity.Document {
		return identity.Document{Kind: k, Number: n}
	}
	qid := doc(identity.QID, "162979388586170001")
	for _, c := range []struct {
		name, text string
		warnings   []string
		docs       []identity.Document
		birth      string
		sex        string
	}{
		{"official example's year", "001093029317|NGUYEN VAN MAU|1987-01-18|0|162979388586170001|<1<00<0123232422", []string{WarnBirthYear},
			[]identity.Document{doc(identity.CCCD, "001093029317"), qid}, "1987-01-18", "M"},
		{"health card too", "191234567|LE VAN BA|1980-05-06|0|162979388586170001|<1<DN4460123456789<0912345678", nil,
			[]identity.Document{doc(identity.CMND, "191234567"), qid, doc(identity.BHYT, "0123456789")}, "1980-05-06", "M"},
		{"passport", "C1234567|LE VAN BA|1980-05-06|0|162979388586170001|<0<<", nil,
			[]identity.Document{doc(identity.Passport, "C1234567"), qid}, "1980-05-06", ""},
		{"another declared", "191234567|LE VAN BA|1980-05-06|1|162979388586170001|162979388586170009<1<<", []string{WarnOtherPerson},
			[]identity.Document{doc(identity.CMND, "191234567"), qid}, "1980-05-06", "M"},
		{"masked", "******001234|LE VAN BA|1980-**-**|0|162979388586170001|<1<<", []string{WarnMasked}, []identity.Document{qid}, "1980", "M"},
		{"all masked", "******001234|LE VAN BA|****-**-**|0|162979388586170001|<1<<", []string{WarnMasked}, []identity.Document{qid}, "", "M"},
		{"number masked only", "******001234|LE VAN BA|1980-05-06|0|162979388586170001|<1<<", []string{WarnMasked}, []identity.Document{qid}, "1980-05-06", "M"},
		{"no EXT", "191234567|LE VAN BA|1980-05-06|0|162979388586170001", []string{WarnShortened}, []identity.Document{doc(identity.CMND, "191234567"), qid}, "1980-05-06", ""},
		{"empty EXT", "191234567|LE VAN BA|1980-05-06|0|162979388586170001|", nil, []identity.Document{doc(identity.CMND, "191234567"), qid}, "1980-05-06", ""},
		{"odd number", "AB/12|LE VAN BA|1980-05-06|0|162979388586170001|", []string{WarnNumber}, []identity.Document{qid}, "1980-05-06", ""},
		{"no number", "|LE VAN BA|1980-05-06|0|162979388586170001|", nil, []identity.Document{qid}, "1980-05-06", ""},
		{"no such day", "191234567|LE VAN BA|1980-13-06|0|162979388586170001|", []string{WarnBirthDate}, []identity.Document{doc(identity.CMND, "191234567"), qid}, "", ""},
		{"more in EXT", "191234567|LE VAN BA|1980-05-06|0|162979388586170001|<1<<<sig<xanh|more", nil, []identity.Document{doc(identity.CMND, "191234567"), qid}, "1980-05-06", "M"},
	} {
		r := Read(c.text, nil, testNow)
		if r.Kind != QRQG || r.Trust != Unverified || !slices.Equal(r.Warnings, c.warnings) || !slices.Equal(r.Documents, c.docs) || r.Birth != c.birth || r.Sex != c.sex {
			t.Errorf("%s: %v %v %v documents %v birth %q sex %q, want qrqg unverified %v %v %q %q", c.name, r.Kind, r.Trust, r.Warnings, r.Documents, r.Birth, r.Sex, c.warnings, c.docs, c.birth, c.sex)
		}
	}
}

func TestBHYT(t *testing.T) {
	const name = "4e677579e1bb856e205468e1bb8b204d696e68204b686169" // Nguyễn Thị Minh Khai
	whole := "DN4460123456789|" + name + "|18/01/1987|2|-|46 - 001|01/01/2021|-|15/12/2020|46010123456789|-|4|01/01/2025|6f34b2d123350b6-7102|$"
	replace := func(from, to string) string { return strings.Replace(whole, from, to, 1) }
	for _, c := range []struct {
		name, text string
		warnings   []string
		birth      string
		number     string
	}{
		{"whole", whole, nil, "1987-01-18", "0123456789"},
		{"upper hex", replace(name, strings.ToUpper(name)), nil, "1987-01-18", "0123456789"},
		{"ten digits", replace("DN4460123456789", "0123456789"), nil, "1987-01-18", "0123456789"},
		{"army letters", replace("DN4460123456789", "DN401AA31900313"), nil, "1987-01-18", "A31900313"},
		{"ten elements", whole[:strings.Index(whole, "|-|4|")] + "|$", []string{WarnShortened}, "1987-01-18", "0123456789"},
		{"four elements and no end", "0123456789|" + name + "|18/01/1987|2", []string{WarnShortened}, "1987-01-18", "0123456789"},
		{"year only", replace("18/01/1987", "1987"), nil, "1987", "0123456789"},
		{"month and year", replace("18/01/1987", "01/1987"), nil, "1987-01", "0123456789"},
		{"no birth date", replace("18/01/1987", "-"), []string{WarnBirthDate}, "", "0123456789"},
		{"valid until yesterday", replace("|-|15/12", "|28/02/2022|15/12"), []string{WarnExpired}, "1987-01-18", "0123456789"},
		{"valid until today", replace("|-|15/12", "|01/03/2022|15/12"), nil, "1987-01-18", "0123456789"},
		{"valid from next week", replace("01/01/2021|", "08/03/2022|"), []string{WarnNotYetValid}, "1987-01-18", "0123456789"},
		{"odd number", replace("DN4460123456789", "XX"), []string{WarnNumber}, "1987-01-18", ""},
		{"name that is no hex", replace(name, "Nguyn Th"), []string{WarnGarbled}, "1987-01-18", "0123456789"},
		{"half a letter", replace(name, "4e677579e1bb"), []string{WarnGarbled}, "1987-01-18", "0123456789"},
	} {
		r := Read(c.text, nil, testNow)
		if r.Kind != BHYT || r.Trust != Unverified || !slices.Equal(r.Warnings, c.warnings) || r.Birth != c.birth || r.Sex != "F" {
			t.Errorf("%s: %v %v %v birth %q sex %q, want bhyt unverified %v %q F", c.name, r.Kind, r.Trust, r.Warnings, r.Birth, r.Sex, c.warnings, c.birth)
		}
		switch {
		case c.number == "" && len(r.Documents) > 0, c.number != "" && (len(r.Documents) != 1 || !strings.HasSuffix(r.Documents[0].Number, c.number)):
			t.Errorf("%s: documents %v, want %q", c.name, r.Documents, c.number)
		}
	}
}

func TestBareNumbers(t *testing.T) {
	for _, c := range []struct {
		text     string
		kind     Kind
		reason   string
		document string
		warnings []string
	}{
		{"046187001234", Document, Unsigned, "cccd:046187001234", nil},
		{" 046 187 001 234\r\n", Document, Unsigned, "cccd:046187001234", nil},
		{"003187001234", Document, Unsigned, "cccd:003187001234", []string{WarnProvince}},
		{"046387001234", Document, Unsigned, "cccd:046387001234", []string{WarnBirthYear}},
		{"191234567", Document, Unsigned, "cmnd:191234567", nil},
		{"c1234567", Document, Unsigned, "passport:C1234567", nil},
		{"DN 4 46 0123456789", Document, Unsigned, "bhyt:0123456789", nil},
		{"0123456789", Unknown, Ambiguous, "", nil},
		{"000000000000", Unknown, Garbage, "", nil},
		{"12345", Unknown, Garbage, "", nil},
		{"12345678901234", Unknown, Garbage, "", nil},
	} {
		r := Read(c.text, nil, testNow)
		document := ""
		if len(r.Documents) > 0 {
			document = r.Documents[0].String()
		}
		if r.Kind != c.kind || r.Reason != c.reason || document != c.document || !slices.Equal(r.Warnings, c.warnings) {
			t.Errorf("%q: %v %q %q %v, want %v %q %q %v", c.text, r.Kind, r.Reason, document, r.Warnings, c.kind, c.reason, c.document, c.warnings)
		}
	}
}
