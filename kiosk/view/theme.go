package view

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme is the toolkit's theme, the same by day and night whatever the desktop
// says. The font stays Fyne's Noto Sans: it draws every stacked Vietnamese
// capital unclipped (a test measures it), which Roboto does not.
type Theme struct{}

var _ fyne.Theme = Theme{}

// Color ignores the desktop's variant.
func (Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameBackground {
		return dusk.ground
	}
	return theme.DefaultTheme().Color(name, theme.VariantLight)
}

// Font is Noto Sans.
func (Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon is the toolkit's.
func (Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size is the toolkit's; the board has its own.
func (Theme) Size(name fyne.ThemeSizeName) float32 { return theme.DefaultTheme().Size(name) }

// face is the font of a style, named with each text: a text that leaves the
// font to the theme makes the toolkit read every font of the system, and an
// emoji font of four megabytes, for each style.
func face(bold bool) fyne.Resource {
	if bold {
		return theme.DefaultTextBoldFont()
	}
	return theme.DefaultTextFont()
}
