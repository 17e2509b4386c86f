package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"quachot/internal/vietnam/units"
	"quachot/internal/wire"
	"quachot/syncserver/publish"
)

type placeCmd struct {
	Load placeLoad `cmd:"" help:"Replace the places by those of a CSV file. With one bad row, none is loaded."`
	List placeList `cmd:"" help:"All places, one JSON line each."`
}

type placeLoad struct {
	File string `arg:"" help:"CSV, UTF-8, with a header line: code, name, kind (quarantine or test), address, phone, serves (ward or province codes), free (beds), at (LAT,LON)."`
}

func (l placeLoad) Run(c *call) error {
	b, err := c.readFile(l.File)
	if err != nil {
		return fmt.Errorf("read the places: %w", err)
	}
	places, rejected, err := parsePlaces(b)
	if err != nil {
		return err
	}
	out := json.NewEncoder(c.stdout)
	if len(rejected) > 0 {
		for _, r := range rejected {
			if err := out.Encode(r); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.stderr, "%d rows of %s cannot be used. Nothing was loaded, the places in force stay. Correct them and load the file again.\n", len(rejected), l.File)
		return exit(exitFindings)
	}
	return c.withOffice(func(o *office) error {
		if err := publish.SetPlaces(c.ctx, o.store, places); err != nil {
			return err
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "place load", fmt.Sprint(len(places)))); err != nil {
			return err
		}
		return out.Encode(map[string]int{"loaded": len(places)})
	})
}

// readFile reads a file where the caller stands, or what is piped in for "-"; no
// more of it than any of our files may hold.
func (c *call) readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(c.stdin, maxInput))
	}
	info, err := os.Stat(c.path(name))
	if err != nil {
		return nil, err
	}
	if info.Size() > maxInput {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are read", name, info.Size(), maxInput)
	}
	return os.ReadFile(c.path(name))
}

// maxInput bounds a file of rules, cases or places, in bytes.
const maxInput = 4 << 20

type placeList struct{}

func (placeList) Run(c *call) error {
	return c.withExisting(func(o *office) error {
		places, err := publish.Places(c.ctx, o.store)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, p := range places {
			if err := out.Encode(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// maxPlaces bounds the list: it goes to every station.
const maxPlaces = 5000

var placeColumns = []string{"code", "name", "kind", "address", "phone", "serves", "free", "at"}

// parsePlaces reads the file; an error is for a file that cannot be used at all.
func parsePlaces(b []byte) (places []wire.CarePlace, rejected []rejectedLine, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read the header line: %w", err)
	}
	column, err := columns(head)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return places, rejected, nil
		}
		row := 0
		var p wire.CarePlace
		if err == nil {
			row, _ = r.FieldPos(0)
			p, err = placeOf(fields, column)
		} else if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			row, err = bad.Line, bad.Err
		}
		switch {
		case err != nil:
		case seen[p.Code]:
			err = fmt.Errorf("there is a place %s already", p.Code)
		case len(places) >= maxPlaces:
			return nil, nil, fmt.Errorf("more than %d places", maxPlaces)
		}
		if err != nil {
			if rejected = append(rejected, rejectedLine{row, err.Error()}); len(rejected) >= maxRejects {
				return places, rejected, nil
			}
			continue
		}
		seen[p.Code] = true
		places = append(places, p)
	}
}

func columns(head []string) (map[string]int, error) {
	column := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(placeColumns, name) {
			return nil, fmt.Errorf("the column %q is none of: %s", name, strings.Join(placeColumns, ","))
		}
		column[name] = i
	}
	for _, need := range []string{"code", "name", "kind"} {
		if _, ok := column[need]; !ok {
			return nil, fmt.Errorf("the file has no column %q; its first line must be: %s", need, strings.Join(placeColumns, ","))
		}
	}
	return column, nil
}

// placeOf checks one row.
func placeOf(fields []string, column map[string]int) (p wire.CarePlace, err error) {
	get := func(name string) string {
		if i, ok := column[name]; ok && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	p = wire.CarePlace{Code: get("code"), Name: get("name"), Kind: strings.ToLower(get("kind")), Address: get("address"), Phone: get("phone")}
	if !postCode.MatchString(p.Code) {
		return p, fmt.Errorf("the code %q cannot be used: 1 to 20 letters, digits and dashes", p.Code)
	}
	if p.Name == "" {
		return p, errors.New("the name is empty")
	}
	for _, s := range []string{p.Name, p.Address, p.Phone} {
		if utf8.RuneCountInString(s) > 200 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			return p, errors.New("name, address and phone have at most 200 letters on one line")
		}
	}
	if p.Kind != "quarantine" && p.Kind != "test" {
		return p, fmt.Errorf("the kind %q is neither quarantine nor test", p.Kind)
	}
	if p.Serves, err = servedCodes(get("serves")); err != nil {
		return p, err
	}
	if free := get("free"); free != "" {
		n, err := strconv.ParseUint(free, 10, 16)
		if err != nil {
			return p, fmt.Errorf("free %q is not a number of beds", free)
		}
		p.Free = uint(n)
	}
	p.At, err = parsePlace(get("at"))
	return p, err
}

// servedCodes reads codes of wards and provinces between blanks or semicolons.
func servedCodes(s string) ([]string, error) {
	var all []string
	for _, code := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ';' || r == ',' }) {
		_, ward := units.Ward(code, time.Time{})
		_, province := units.Province(code, time.Time{})
		if !ward && !province {
			return nil, fmt.Errorf("serves: %q is no code of a ward or province", code)
		}
		all = append(all, code)
	}
	return all, nil
}
