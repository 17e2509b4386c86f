// Command bench measures what the project promises and prints one line a value:
// {name, value, unit, limit, ratio}. A limit is a peer or a bound measured in
// the same run on the same disk, because machines are noisy; ratio is
// value / limit, and "aim" in the notes says which side of it is good.
//
//	go run ./build/bench NAME [--json]
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// Value is one measured number. Limit and Ratio are 0 where there is nothing to
// compare with.
type Value struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Limit float64 `json:"limit,omitempty"`
	Ratio float64 `json:"ratio,omitempty"`
	Note  string  `json:"note,omitempty"`
}

// against gives v its limit.
func (v Value) against(limit float64, note string) Value {
	v.Limit, v.Note = limit, note
	if limit != 0 {
		v.Ratio = v.Value / limit
	}
	return v
}

// A measure runs in its own empty directory on the disk of the current one and
// hands over values as it gets them.
type measure struct {
	name, what string
	run        func(ctx context.Context, dir string, out func(Value)) error
}

var measures = []measure{
	{"journal", "durable records a second beside bbolt's own Update", benchJournal},
	{"lane", "scan to verdict with the record on disk, beside fdatasync", benchLane},
	{"wire", "records a second and bytes a record between two real programs", benchWire},
	{"link", "share of a slow link that is cut every 20 s", benchLink},
	{"herd", "a thousand stations back within a second", benchHerd},
	{"ingest", "the office's memory after a million records", benchIngest},
	{"window", "the real window: last key to pixels, characters lost, idle processor", benchWindow},
	{"windowshift", "memory of the real window over a shift of 20,000 scans", benchShift},
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == thirdChild {
		if err := runThird(context.Background(), os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		return
	}
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(a string) bool { return a == "--json" })
	asJSON := len(args) < len(os.Args)-1
	if len(args) != 1 {
		usage(os.Stderr)
		os.Exit(2)
	}
	i := slices.IndexFunc(measures, func(m measure) bool { return m.name == args[0] })
	if i < 0 {
		usage(os.Stderr)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := runIn(ctx, measures[i], printer(asJSON)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: go run ./build/bench NAME [--json]")
	for _, m := range measures {
		fmt.Fprintf(w, "  %-8s %s\n", m.name, m.what)
	}
}

func runIn(ctx context.Context, m measure, out func(Value)) error {
	dir, err := os.MkdirTemp(".", "bench-")
	if err != nil {
		return fmt.Errorf("make a directory to measure in: %w", err)
	}
	defer os.RemoveAll(dir)
	return m.run(ctx, dir, out)
}

func printer(asJSON bool) func(Value) {
	if asJSON {
		enc := json.NewEncoder(os.Stdout)
		return func(v Value) { _ = enc.Encode(v) }
	}
	return func(v Value) {
		line := fmt.Sprintf("%-28s %12.2f %-8s", v.Name, v.Value, v.Unit)
		if v.Limit != 0 {
			line += fmt.Sprintf(" limit %10.2f  ratio %6.3f", v.Limit, v.Ratio)
		}
		if v.Note != "" {
			line += "  " + v.Note
		}
		fmt.Println(strings.TrimRight(line, " "))
	}
}
