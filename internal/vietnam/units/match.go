package units

import "strings"

// quality says how well words name something; the lower the better.
type quality uint8

// The qualities.
const (
	exact    quality = 0 // every word as it is
	whole    quality = 2 // whole words from the first on, the last one perhaps begun
	begun    quality = 4 // beginnings of words
	initials quality = 6 // first letters
	withKind quality = 1 // added to the above when the kind was typed too
	within   quality = 8 // words inside the name
	none     quality = 255
)

// match says how well words name an entry from its beginning.
func match(tokens []string, e entry) quality {
	if q := matchName(tokens, e.name); q != none {
		return q
	}
	if e.kind == nil || e.kind.words == "" {
		return none
	}
	k := e.kind
	if tokens[0][0] != k.words[0] {
		return none
	}
	if q := afterKind(tokens, k); q > 0 && q < len(tokens) {
		if m := matchName(tokens[q:], e.name); m != none {
			return m + withKind
		}
	}
	// p12, q1, tphue: the kind's letters run into the name
	if rest, ok := strings.CutPrefix(tokens[0], k.letters); ok && (len(rest) > 1 || rest != "" && rest[0] <= '9') {
		if m := matchFirst(rest, tokens[1:], e.name); m != none {
			return m + withKind
		}
	}
	return none
}

// afterKind is how many of the words are the kind; 0 = the first is not.
func afterKind(tokens []string, k *kind) int {
	if tokens[0] == k.letters {
		return 1
	}
	n, rest := 0, k.words
	for rest != "" && n < len(tokens) {
		word, after, _ := strings.Cut(rest, " ")
		if tokens[n] != word {
			return 0
		}
		n, rest = n+1, after
	}
	return n
}

// matchName is match without the kind.
func matchName(tokens []string, name string) quality {
	return matchFirst(tokens[0], tokens[1:], name)
}

func matchFirst(first string, others []string, name string) quality {
	if name == "" || first[0] != name[0] {
		return none
	}
	if q := byWords(first, others, name); q != none {
		return q
	}
	if len(others) > 0 {
		return none
	}
	if joined(first, name) {
		return begun
	}
	if len(first) > 1 && byInitials(first, name) {
		return initials
	}
	return none
}

// byWords takes each token as the beginning of the next word.
func byWords(first string, others []string, name string) quality {
	q := exact
	token := first
	for i := 0; ; i++ {
		word, rest, _ := strings.Cut(name, " ")
		if !strings.HasPrefix(word, token) {
			return none
		}
		if i == len(others) {
			if word != token || rest != "" {
				q = max(q, whole)
			}
			return q
		}
		if rest == "" {
			return none
		}
		if word != token {
			q = begun
		}
		token, name = others[i], rest
	}
}

// joined says that token is the beginning of name with its words run together.
func joined(token, name string) bool {
	i := 0
	for j := 0; j < len(name) && i < len(token); j++ {
		if name[j] == ' ' {
			continue
		}
		if name[j] != token[i] {
			return false
		}
		i++
	}
	return i == len(token)
}

// byInitials says that token is the first letters of the name's first words; a
// number counts as a whole.
func byInitials(token, name string) bool {
	for token != "" {
		if name == "" {
			return false
		}
		word, rest, _ := strings.Cut(name, " ")
		n := 1
		if word[0] <= '9' {
			n = len(word)
		}
		if len(token) < n || token[:n] != word[:n] {
			return false
		}
		token, name = token[n:], rest
	}
	return true
}

// inside says that the words begin words further on in the name.
func inside(tokens []string, name string) quality {
	for {
		_, rest, more := strings.Cut(name, " ")
		if !more {
			return none
		}
		if rest[0] == tokens[0][0] && byWords(tokens[0], tokens[1:], rest) != none {
			return within
		}
		name = rest
	}
}
