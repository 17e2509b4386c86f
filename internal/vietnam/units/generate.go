//go:build ignore

// generate writes assets/units/units.txt.gz from the tables named in
// assets/units/ORIGIN.md: go run generate.go FOLDER_2021 FOLDER_2025 OUT
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: go run generate.go FOLDER_2021 FOLDER_2025 OUT")
	}
	var text bytes.Buffer
	three(&text, os.Args[1])
	two(&text, "2025-07-01", filepath.Join(os.Args[2], "vn_units_2025-07.json"))
	two(&text, "2026-07-01", filepath.Join(os.Args[2], "vn_units_2026-07.json"))

	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	w.Write(text.Bytes())
	check(w.Close())
	check(os.WriteFile(os.Args[3], packed.Bytes(), 0o644))
}

// three writes the edition of provinces, districts and wards.
func three(out *bytes.Buffer, folder string) {
	fmt.Fprintln(out, "@ 2021-11-01")
	districts := rows(filepath.Join(folder, "districts.csv"))
	wards := map[string][][]string{}
	for _, w := range rows(filepath.Join(folder, "wards.csv")) {
		wards[w[1]] = append(wards[w[1]], w)
	}
	for _, p := range rows(filepath.Join(folder, "provinces.csv")) {
		fmt.Fprintln(out, "P", p[0], p[1])
		for _, d := range districts {
			if d[1] != p[0] {
				continue
			}
			fmt.Fprintln(out, "D", d[0], d[2])
			for _, w := range wards[d[0]] {
				fmt.Fprintln(out, "W", w[0], w[2])
			}
		}
	}
}

// two writes an edition of provinces and wards.
func two(out *bytes.Buffer, from, file string) {
	fmt.Fprintln(out, "@", from)
	b, err := os.ReadFile(file)
	check(err)
	type unit struct {
		Code, FullName string
		Wards          []unit
	}
	var provinces []unit
	check(json.Unmarshal(b, &provinces))
	for _, p := range provinces {
		fmt.Fprintln(out, "P", p.Code, p.FullName)
		slices.SortFunc(p.Wards, func(a, b unit) int { return bytes.Compare([]byte(a.Code), []byte(b.Code)) })
		for _, w := range p.Wards {
			fmt.Fprintln(out, "W", w.Code, w.FullName)
		}
	}
}

func rows(file string) [][]string {
	f, err := os.Open(file)
	check(err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	check(err)
	return all[1:]
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
