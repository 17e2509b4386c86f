// Command dict makes the dictionary that records are packed with, from records
// of made-up people in the mix of design section 14, and says how many bytes a
// sealed record of each kind then takes. It needs no network and gives the same
// bytes every time.
//
//	go run ./build/dict              measure the shipped dictionary
//	go run ./build/dict -out FILE    make a new one
//
// A released dictionary is never made again: a better one gets the next number
// in assets/dict.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/klauspost/compress/zstd"

	"quachot/internal/seal"
)

func main() {
	out := flag.String("out", "", "write a new dictionary to this file")
	id := flag.Uint("id", 1, "its number")
	flag.Parse()
	var err error
	if *out != "" {
		err = train(*out, uint32(*id))
	} else {
		err = measure()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// train builds the dictionary: as history the words that records hold, the
// commonest last, where they cost least; and the statistics of 30,000 records.
func train(path string, id uint32) error {
	g := newGenerator(1)
	var samples [][]byte
	for range 30000 {
		_, plain := g.record()
		if len(plain) > 48 { // shorter ones are stored as they are
			samples = append(samples, plain)
		}
	}
	d, err := zstd.BuildDict(zstd.BuildDictOptions{
		ID: id, Contents: samples, History: g.history(samples), Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedBestCompression,
	})
	if err != nil {
		return fmt.Errorf("build dictionary: %w", err)
	}
	fmt.Printf("%d bytes from %d records\n", len(d), len(samples))
	return os.WriteFile(path, d, 0o644)
}

// measure seals people that the dictionary was not made from.
func measure() error {
	c, err := seal.NewCodec(seal.NewKey(), [16]byte{1}, seal.CurrentDict)
	if err != nil {
		return err
	}
	g := newGenerator(rand.Uint64())
	sizes := map[string][]int{}
	for seq := range uint64(20000) {
		kind, plain := g.record()
		n := len(c.Seal(seq, plain))
		wire := n + 1 // CBOR's length in front
		if n >= 24 {
			wire++
		}
		if n >= 256 {
			wire++
		}
		sizes[kind] = append(sizes[kind], wire)
		sizes["all"] = append(sizes["all"], wire)
		sizes["all, plain"] = append(sizes["all, plain"], len(plain))
	}
	for _, kind := range slices.SortedFunc(maps.Keys(sizes), cmp.Compare[string]) {
		s := sizes[kind]
		slices.Sort(s)
		sum := 0
		for _, n := range s {
			sum += n
		}
		fmt.Printf("%-24s %6d records  mean %6.1f  p50 %4d  p95 %4d  max %4d bytes\n", kind, len(s), float64(sum)/float64(len(s)), s[len(s)/2], s[len(s)*95/100], s[len(s)-1])
	}
	return nil
}
