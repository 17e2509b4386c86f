package screen

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/vietnam/docnum"
)

// Sources of a declaration.
const (
	sourceSpoken = "spoken"
	sourcePaper  = "paper"
)

// declaration is what the form says so far.
func (p *declare) declaration(m *Model) record.Declaration {
	d := declarationOf(p.form)
	d.Documents = append(slices.Clone(p.documents), d.Documents...)
	if p.sex != "" {
		d.Sex = p.sex
	}
	d.Address, d.Source, d.Way = p.address, sourceSpoken, m.way
	if m.vehicle != nil {
		d.Plate = m.vehicle.plate
	}
	if p.about != nil && p.about.ID != (record.ID{}) {
		d.Earlier = append(d.Earlier, p.about.ID)
	}
	d.Earlier = append(d.Earlier, p.scans...)
	return d
}

// declarationOf reads the fields of declareFields.
func declarationOf(f *form) record.Declaration {
	d := record.Declaration{
		Name: f.value("name"), Birth: f.value("birth"), Phone: f.value("phone"), Purpose: f.value("purpose"),
		Contact: f.value("contact") == "yes",
	}
	if s := f.value("symptoms"); s != "" {
		d.Symptoms = strings.Split(s, ",")
	}
	if n, err := strconv.ParseUint(f.value("doses"), 10, 8); err == nil {
		d.Doses = uint(n)
	}
	if test := f.value("test"); test != "" {
		d.Tests = []string{strings.TrimSpace(test + " " + f.value("testday"))}
	}
	from, through, to := f.value("from"), f.value("through"), f.value("to")
	fromCode, _ := codesOf(from)
	toCode, _ := codesOf(to)
	d.From, d.To = first(fromCode), first(toCode)
	d.Through, _ = codesOf(splitKeys(through)...)
	_, d.Units = codesOf(append(append([]string{from}, splitKeys(through)...), to)...)
	if x := f.field("document"); !x.off() && x.input.value() != "" {
		d.Documents = documentsIn(x.input.value())
	}
	d.Sex = sexOf(d.Documents)
	return d
}

// sexOf is what a personal number says; "" when there is none.
func sexOf(documents []identity.Document) string {
	for _, d := range documents {
		if d.Kind == identity.CCCD {
			if p, err := docnum.ParsePersonal(d.Number); err == nil {
				return p.Sex
			}
		}
	}
	return ""
}

// misfits are the codes of what a personal number says otherwise than the rest: a
// number typed wrong, or another person's.
func misfits(d record.Declaration, year int) (codes []string) {
	for _, doc := range d.Documents {
		if doc.Kind != identity.CCCD {
			continue
		}
		if p, err := docnum.ParsePersonal(doc.Number); err == nil {
			codes = append(codes, p.Check(d.Birth, d.Sex, year)...)
		}
	}
	return codes
}

// keysOf are the keys of units of a declaration: from, through, to; "" for what
// is not said.
func keysOf(d record.Declaration) []string {
	editions := strings.Split(d.Units, ",")
	var keys []string
	n := 0
	for _, code := range append(append([]string{d.From}, d.Through...), d.To) {
		if code == "" {
			keys = append(keys, "")
			continue
		}
		keys = append(keys, code+"@"+editions[min(n, len(editions)-1)])
		n++
	}
	return keys
}

func joinKeys(keys []string) string { return strings.Join(keys, ",") }

func splitKeys(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// sameDeclaration says that lists and rules would see no difference.
func sameDeclaration(a, b record.Declaration) bool { return reflect.DeepEqual(a, b) }
