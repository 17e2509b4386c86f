package qr

import (
	"image"

	"github.com/makiuchi-d/gozxing"
)

// smallest is the least side of a picture that can hold a code.
const smallest = 21

func same(g *image.Gray) *image.Gray { return g }

// cropCentre is the middle 60 % of both sides, where the aiming frame is.
func cropCentre(g *image.Gray) *image.Gray {
	width, height := g.Rect.Dx(), g.Rect.Dy()
	if width < 2*smallest || height < 2*smallest {
		return nil
	}
	dx, dy := width/5, height/5
	min := g.Rect.Min
	return g.SubImage(image.Rect(min.X+dx, min.Y+dy, min.X+width-dx, min.Y+height-dy)).(*image.Gray)
}

// scale is the picture at num/den of its size, bilinear.
func scale(g *image.Gray, num, den int) *image.Gray {
	if g == nil {
		return nil
	}
	width, height := g.Rect.Dx()*num/den, g.Rect.Dy()*num/den
	if width < smallest || height < smallest || width*height > 2*maxPixels {
		return nil
	}
	out := image.NewGray(image.Rect(0, 0, width, height))
	columns, rows := mixes(width, g.Rect.Dx()), mixes(height, g.Rect.Dy())
	for y, r := range rows {
		a, b := g.Pix[r.at*g.Stride:], g.Pix[r.next*g.Stride:]
		line := out.Pix[y*out.Stride : y*out.Stride+width]
		for x, c := range columns {
			top := uint32(a[c.at])*(256-c.part) + uint32(a[c.next])*c.part
			bottom := uint32(b[c.at])*(256-c.part) + uint32(b[c.next])*c.part
			line[x] = uint8((top*(256-r.part) + bottom*r.part) >> 16)
		}
	}
	return out
}

// mix says that a pixel is made of pixel at and, with part/256, of pixel next.
type mix struct {
	at, next int
	part     uint32
}

// mixes are the sources of each of to pixels in a line of from pixels.
func mixes(to, from int) []mix {
	all := make([]mix, to)
	for i := range all {
		centre := max((2*i+1)*from*128/to-128, 0) // in 1/256 of a pixel
		m := mix{at: min(centre>>8, from-1), part: uint32(centre & 255)}
		m.next = min(m.at+1, from-1)
		all[i] = m
	}
	return all
}

func invert(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for i, v := range packed(g) {
		out.Pix[i] = 255 - v
	}
	return out
}

// localMean binarises after Bradley and Roth (2007): a pixel is black when it is
// clearly darker than the mean of its neighbourhood. It reads through glare,
// where the library's block means fail.
type localMean struct{ source gozxing.LuminanceSource }

// radius is half the side of the neighbourhood, in pixels; darker is how much
// below the mean a black pixel is, in percent.
const (
	radius = 14
	darker = 10
)

func newLocalMean(source gozxing.LuminanceSource) gozxing.Binarizer { return &localMean{source} }

func (b *localMean) GetLuminanceSource() gozxing.LuminanceSource { return b.source }

func (b *localMean) GetBlackRow(int, *gozxing.BitArray) (*gozxing.BitArray, error) {
	return nil, ErrNotFound // only one-dimensional codes ask for rows
}

func (b *localMean) CreateBinarizer(source gozxing.LuminanceSource) gozxing.Binarizer {
	return newLocalMean(source)
}

func (b *localMean) GetWidth() int  { return b.source.GetWidth() }
func (b *localMean) GetHeight() int { return b.source.GetHeight() }

func (b *localMean) GetBlackMatrix() (*gozxing.BitMatrix, error) {
	width, height := b.GetWidth(), b.GetHeight()
	pix := b.source.GetMatrix()
	sums := integral(pix, width, height)
	out, err := gozxing.NewBitMatrix(width, height)
	if err != nil {
		return nil, err
	}
	for y := range height {
		top, bottom := max(y-radius, 0), min(y+radius+1, height)
		for x := range width {
			left, right := max(x-radius, 0), min(x+radius+1, width)
			stride := width + 1
			sum := sums[bottom*stride+right] - sums[top*stride+right] - sums[bottom*stride+left] + sums[top*stride+left]
			area := uint64((bottom - top) * (right - left))
			if uint64(pix[y*width+x])*area*100 < uint64(sum)*(100-darker) {
				out.Set(x, y)
			}
		}
	}
	return out, nil
}

// integral is the summed-area table, one row and column wider. 32 bits hold the
// sum of 16 million white pixels; beyond that differences still come out right,
// because unsigned sums wrap.
func integral(pix []byte, width, height int) []uint32 {
	stride := width + 1
	sums := make([]uint32, stride*(height+1))
	for y := range height {
		var row uint32
		for x := range width {
			row += uint32(pix[y*width+x])
			sums[(y+1)*stride+x+1] = sums[y*stride+x+1] + row
		}
	}
	return sums
}
