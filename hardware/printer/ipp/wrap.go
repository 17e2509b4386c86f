package ipp

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"

	"quachot/hardware/printer"
)

// wrap puts pictures into a PDF, one a page in its true size: what every CUPS
// takes, whatever the printer behind it.
func wrap(page printer.Page) ([]byte, error) {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	kids := ""
	for i := range page.Pictures {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<</Type/Pages/Kids[%s]/Count %d>>", kids, len(page.Pictures))
	for i, img := range page.Pictures {
		r := img.Bounds()
		if r.Empty() {
			return nil, fmt.Errorf("print %q: page %d is empty: %w", page.Title, i+1, printer.ErrRefused)
		}
		w, h := float64(r.Dx())*72/float64(page.DPI), float64(r.Dy())*72/float64(page.DPI)
		this := 3 + 3*i
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>", w, h, this+2, this+1)
		draw := fmt.Sprintf("q %.3f 0 0 %.3f 0 0 cm /I Do Q", w, h)
		object("<</Length %d>>stream\n%s\nendstream", len(draw), draw)
		space, data, err := pixels(img)
		if err != nil {
			return nil, fmt.Errorf("print %q: %w", page.Title, err)
		}
		object("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%s\nendstream",
			r.Dx(), r.Dy(), space, len(data), data)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes(), nil
}

// pixels are the picture's bytes, packed, and their colour space.
func pixels(img image.Image) (space string, data []byte, err error) {
	r := img.Bounds()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	gray, isGray := img.(*image.Gray)
	row := make([]byte, 0, 3*r.Dx())
	for y := r.Min.Y; y < r.Max.Y && err == nil; y++ {
		row = row[:0]
		for x := r.Min.X; x < r.Max.X; x++ {
			if isGray {
				row = append(row, gray.GrayAt(x, y).Y)
				continue
			}
			red, green, blue, _ := img.At(x, y).RGBA()
			row = append(row, byte(red>>8), byte(green>>8), byte(blue>>8))
		}
		_, err = z.Write(row)
	}
	if err == nil {
		err = z.Close()
	}
	if isGray {
		return "DeviceGray", b.Bytes(), err
	}
	return "DeviceRGB", b.Bytes(), err
}
