package command

import (
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"time"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"quachot/hardware/qr"
)

type decodeCmd struct {
	Image []string `arg:"" help:"Pictures: PNG, JPEG, GIF, BMP, TIFF, WebP."`
}

// maxPixels bounds a picture before it is unpacked: 100 megapixels are 400 MB.
const maxPixels = 100_000_000

type decodeLine struct {
	File  string  `json:"file"`
	Text  string  `json:"text"`
	MS    float64 `json:"ms"`
	Error string  `json:"error"`
}

// Run answers one line per picture. Exit 1 when one has no readable code, 2 when
// one is no picture.
func (d decodeCmd) Run(c *call) error {
	worst := exitDone
	for _, file := range d.Image {
		started := time.Now()
		text, code, err := decode(c.path(file))
		l := decodeLine{File: file, Text: text, MS: float64(time.Since(started).Microseconds()) / 1000}
		if err != nil {
			l.Error = err.Error()
		}
		worst = max(worst, code)
		if err := line(c.stdout, l); err != nil {
			return err
		}
	}
	if worst != exitDone {
		return exit(worst)
	}
	return nil
}

func decode(path string) (text string, code int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", exitUsage, fmt.Errorf("open picture: %w", err)
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return "", exitUsage, fmt.Errorf("read picture: %w", err)
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return "", exitUsage, fmt.Errorf("read picture: %d x %d pixels are too many", size.Width, size.Height)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return "", exitUsage, fmt.Errorf("read picture: %w", err)
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return "", exitUsage, fmt.Errorf("read picture: %w", err)
	}
	text, err = qr.Decode(img)
	if err != nil {
		return "", exitFindings, err
	}
	return text, exitDone, nil
}
