package wire

// toSymbols cuts bytes into 5-bit symbols, the first bit first, zero-filled.
func toSymbols(b []byte) []byte {
	var out []byte
	acc, bits := uint(0), 0
	for _, c := range b {
		acc, bits = acc<<8|uint(c), bits+8
		for bits >= 5 {
			bits -= 5
			out = append(out, byte(acc>>bits&31))
		}
	}
	if bits > 0 {
		out = append(out, byte(acc<<(5-bits)&31))
	}
	return out
}

// fromSymbols is the inverse of toSymbols; false when the fill is not zero or
// is a whole symbol, so that every code has one spelling.
func fromSymbols(symbols []byte) ([]byte, bool) {
	var out []byte
	acc, bits := uint(0), 0
	for _, s := range symbols {
		acc, bits = acc<<5|uint(s), bits+5
		if bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out, bits < 5 && acc&(1<<bits-1) == 0
}

// checkSymbol is a weighted sum over the field of 32 elements (x^5 + x^2 + 1).
// Its weights are different powers of x, so that one wrong symbol and any two
// swapped ones are always found; the group's place is summed in too, so that
// swapped groups are found.
func checkSymbol(group []byte, place int) byte {
	sum, weight := byte(0), byte(1)
	for _, s := range group {
		weight = times(weight, 2)
		sum ^= times(weight, s)
	}
	return sum ^ times(times(weight, 2), byte(place%31+1))
}

// times multiplies in the field of 32 elements.
func times(a, b byte) byte {
	var product byte
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			product ^= a
		}
		a <<= 1
		if a&32 != 0 {
			a ^= 0b100101
		}
	}
	return product
}
