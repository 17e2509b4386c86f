package view

import (
	"testing"
	"time"
	_ "unsafe" // for linkname
)

// cacheFor is how long the toolkit keeps what it drew.
//
//go:linkname cacheFor fyne.io/fyne/v2/internal/cache.ValidDuration
var cacheFor time.Duration

func TestToolkitForgetsSoon(t *testing.T) {
	if cacheFor != 20*time.Second {
		t.Errorf("the toolkit keeps drawn texts for %v: package brief came too late", cacheFor)
	}
}
