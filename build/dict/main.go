// Command dict makes the dictionary that records are packed with.
package main

import (
	"fmt"
	"os"

	"github.com/klauspost/compress/zstd"
)

func main() {
	var in [][]byte
	for i := range 200 {
		in = append(in, []byte(fmt.Sprintf("\x83\x01\x1a%04x\xa6\x01\x01\x02\x0a\x03\x02\x04\x02\x05\x81\xa1\x01\x6aunverified\x07\x81\xa2\x01\x01\x02\x6c%012d\x08Nguyễn Thị %d\x0aM\x0bPhường Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế", i, i*7919, i)))
	}
	hist := []byte("unverifiedNguyễn Thị Phường Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế")
	d, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 1, Contents: in, History: hist, Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedBestCompression})
	if err != nil {
		panic(err)
	}
	os.WriteFile("assets/dict/records-1.zdict", d, 0o644)
}
