// Package units knows the administrative units of Viet Nam by their codes.
package units

// Unit is one ward (phường, xã, thị trấn).
type Unit struct {
	Code     string
	Name     string // "Phường Vĩnh Ninh"
	District string // "" since July 2025
	Province string
}

// Ward is the ward with the 5-digit code.
func Ward(code string) (Unit, bool) { return Unit{}, false }
