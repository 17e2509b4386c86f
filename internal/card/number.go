package card

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Number is the number of one of our cards: 13 digits, station 6 (province 2
// and 4) + counter 6 + Damm check digit. It is printed under the QR and typed
// when the QR is ruined.
type Number string

// What ParseNumber refuses, for errors.Is.
var (
	ErrNumber     = errors.New("not a card number of 13 digits")
	ErrCheckDigit = errors.New("the check digit of the card number does not match")
)

// MaxCounter is the last counter of a station.
const MaxCounter = 999_999

// maxNumber is one more than the greatest Number as an integer.
const maxNumber = 10_000_000_000_000

// NewNumber is the number of the station's counter-th card. The station has six
// digits; anything else, or a counter above MaxCounter, is ErrNumber.
func NewNumber(station string, counter uint32) (Number, error) {
	if len(station) != 6 || !onlyDigits(station) {
		return "", fmt.Errorf("%w: station %q has not 6 digits", ErrNumber, station)
	}
	if counter > MaxCounter {
		return "", fmt.Errorf("%w: counter %d is above %d", ErrNumber, counter, MaxCounter)
	}
	body := fmt.Sprintf("%s%06d", station, counter)
	return Number(body + string('0'+damm(body))), nil
}

// ParseNumber reads a number as people type it or a scanner sends it: blanks,
// dots and dashes anywhere. The error is ErrNumber or ErrCheckDigit.
func ParseNumber(typed string) (Number, error) {
	if len(typed) > 64 { // 13 digits need no more, whatever stands between them
		return "", ErrNumber
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, typed)
	if len(digits) != 13 || !onlyDigits(digits) {
		return "", ErrNumber
	}
	if damm(digits) != 0 {
		return "", ErrCheckDigit
	}
	return Number(digits), nil
}

// NumberFromUint is the inverse of Uint. The error is ErrNumber or ErrCheckDigit.
func NumberFromUint(n uint64) (Number, error) {
	if n >= maxNumber {
		return "", ErrNumber
	}
	return ParseNumber(fmt.Sprintf("%013d", n))
}

// Grouped is the number as it is printed: "460012 000123 0".
func (n Number) Grouped() string {
	if len(n) != 13 {
		return string(n)
	}
	return string(n[:6] + " " + n[6:12] + " " + n[12:])
}

// Uint is all 13 digits as an integer, the form in lists and records; 0 when n
// is not a number.
func (n Number) Uint() uint64 {
	if len(n) != 13 || !onlyDigits(string(n)) {
		return 0
	}
	var u uint64
	for i := range len(n) {
		u = u*10 + uint64(n[i]-'0')
	}
	return u
}

// Serial is the 12 digits before the check digit: consecutive cards of a
// station differ by one. Key ranges are serials.
func (n Number) Serial() uint64 { return n.Uint() / 10 }

// Station is the first six digits.
func (n Number) Station() string {
	if len(n) != 13 {
		return ""
	}
	return string(n[:6])
}

// dammTable is the quasigroup of H. Michael Damm's thesis (2004) that finds
// every single wrong digit and every swap of neighbours.
var dammTable = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// damm is the check digit of digits, and 0 when the last of them already is one.
func damm(digits string) byte {
	var interim byte
	for i := range len(digits) {
		interim = dammTable[interim][digits[i]-'0']
	}
	return interim
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
