package printer

import (
	"errors"
	"image"
	"slices"
	"testing"
)

func TestBlocking(t *testing.T) {
	for _, c := range []struct {
		words   []string
		stopped bool
		want    error
	}{
		{nil, false, nil},
		{[]string{"none"}, true, nil},
		{[]string{"media-empty"}, false, ErrNoCards},
		{[]string{"media-empty-error"}, false, ErrNoCards},
		{[]string{"media-empty-warning"}, false, nil},
		{[]string{"media-empty-warning"}, true, ErrNoCards},
		{[]string{"marker-supply-low-warning"}, true, nil},
		{[]string{"door-open-error", "media-jam-error"}, true, ErrJam},
		{[]string{"offline-report"}, true, ErrLost},
		{[]string{"connecting-to-device"}, false, nil},
		{[]string{"hết giấy"}, true, nil},
	} {
		if got := Blocking(c.words, c.stopped); got != c.want {
			t.Errorf("%q, stopped %v: got %v, want %v", c.words, c.stopped, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	got := Clean([]string{"none", "media-low-warning", "media-low-report", "", "door-open"})
	if want := []string{"door-open", "media-low"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPageCheck(t *testing.T) {
	dot := []image.Image{image.NewGray(image.Rect(0, 0, 1, 1))}
	for _, bad := range []Page{
		{}, {PDF: []byte("x"), Pictures: dot, DPI: 300}, {Pictures: dot}, {PDF: []byte("x"), Width: -1},
	} {
		if err := bad.Check(); !errors.Is(err, ErrRefused) {
			t.Errorf("%+v: got %v, want ErrRefused", bad, err)
		}
	}
	if err := (Page{Pictures: dot, DPI: 203, Width: 80}).Check(); err != nil {
		t.Error(err)
	}
}
