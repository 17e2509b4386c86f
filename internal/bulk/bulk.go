// Package bulk makes many cards in one go: from the rows of a people file, an
// issuing key and a supply of numbers to files that can be printed.
package bulk

import (
	"context"
	"crypto/ed25519"
	"time"

	"quachot/internal/card"
	"quachot/internal/people"
)

// Format is the kind of file made.
type Format string

// The formats of `syncserver issue --format`.
const (
	A4   Format = "a4"   // PDF sheets of 2 x 5 cards (Avery C32011-10)
	CR80 Format = "cr80" // PDF with one card a page, for card printers
	PNG  Format = "png"  // one picture a card, 1011 x 638, named NUMBER.png
)

// Job says what to make. All fields without "may" are needed.
type Job struct {
	People []people.Person
	Out    string // folder, made when it is not there
	Format Format

	Key     ed25519.PrivateKey
	KID     []byte
	Issued  time.Time // iat of every card
	Expires time.Time
	Digits  bool // the digits alphabet instead of Base45

	// Reserve takes up to n fresh card numbers out of the supply, at least one,
	// and answers only after it is durable that they are never given again.
	// A number lost by a crash after that is simply never used.
	Reserve func(ctx context.Context, n int) ([]card.Number, error)
	// Record may be nil. It is called with each block of signed cards before
	// any file that shows them is there, so that no card exists that the
	// records do not know.
	Record func(ctx context.Context, cards []Issued) error
	// Progress may be nil. It is called after each block.
	Progress func(done, total int)
}

// Issued is one card made.
type Issued struct {
	Person people.Person `json:"-"`
	Row    int           `json:"row"`
	Number card.Number   `json:"number"`
	Hash   [32]byte      `json:"-"` // of the token
	Text   string        `json:"-"` // of the QR
	File   string        `json:"file"`
	Page   int           `json:"page,omitempty"` // in File, from 1; 0 for PNG
}

// Summary says what was made.
type Summary struct {
	Cards    []Issued          `json:"cards"`
	Rejected []people.Rejected `json:"rejected"` // rows whose card cannot be made
	Files    []string          `json:"files"`
}

// Issue signs and draws the cards of j. On an error the summary says what was
// made before it.
func Issue(ctx context.Context, j Job) (Summary, error) { return Summary{}, nil }
