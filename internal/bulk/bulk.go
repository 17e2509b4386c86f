// Package bulk makes many cards in one go: from the rows of a people file, an
// issuing key and a supply of numbers to files that can be printed.
//
// It works in blocks. For each: numbers are reserved, cards are signed and drawn
// in memory, the caller records them, and only then does the file with them
// appear, whole. So no card exists that the records do not know; a crash loses
// numbers, never cards.
package bulk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"time"

	"quachot/internal/card"
	"quachot/internal/cardart"
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

// blockSize is how many cards are reserved, recorded and written at once: ten
// sheets.
const blockSize = 100

// Job says what to make. Everything is needed but what is said to be optional.
type Job struct {
	People []people.Person
	Out    string // folder, made when it is not there; readable by its owner only
	Format Format

	Key     ed25519.PrivateKey
	KID     []byte
	Issued  time.Time // iat of every card; whole seconds
	Expires time.Time
	Digits  bool // optional: the digits alphabet instead of Base45
	// Style is optional. Without an issuer the province of the first number is
	// printed.
	Style cardart.Style

	// Reserve takes up to n fresh card numbers out of the supply, at least one,
	// and answers only after it is durable that they are never given again.
	// A number lost by a crash after that is simply never used.
	Reserve func(ctx context.Context, n int) ([]card.Number, error)
	// Record is optional. It is called with each block of signed cards before
	// any file that shows them is there. Its error ends the job.
	Record func(ctx context.Context, cards []Issued) error
	// Progress is optional. It is called after each block with the number of
	// people done with, cards or not.
	Progress func(done, total int)
}

// Issued is one card made.
type Issued struct {
	Person people.Person `json:"-"`
	Row    int           `json:"row"` // of the people file
	Number card.Number   `json:"number"`
	Hash   [32]byte      `json:"-"` // of the token
	Text   string        `json:"-"` // of the QR; only while it is recorded
	File   string        `json:"file"`
	Page   int           `json:"page,omitempty"` // in File, from 1; 0 for PNG
}

// Summary says what was made.
type Summary struct {
	Cards    []Issued          `json:"cards"`
	Rejected []people.Rejected `json:"rejected"` // rows whose card cannot be made
	Files    []string          `json:"files"`    // names in Out
}

// Errors of Issue, for errors.Is.
var (
	ErrJob     = errors.New("the job cannot be done")
	ErrNumbers = errors.New("the supply of card numbers gave what it must not")
)

// Issue signs and draws the cards of j. When ctx ends or something fails, the
// summary says what was made before; those cards are good.
//
// Beside each file of cards lies a CSV of the same name that says whose card is
// where in it.
func Issue(ctx context.Context, j Job) (Summary, error) {
	if err := j.check(); err != nil {
		return Summary{}, err
	}
	if err := os.MkdirAll(j.Out, 0o700); err != nil {
		return Summary{}, fmt.Errorf("make the folder for the cards: %w", err)
	}
	r := run{Job: j, given: map[card.Number]bool{}}
	for start := 0; start < len(j.People); {
		if err := ctx.Err(); err != nil {
			return r.summary, fmt.Errorf("issue cards: stopped after %d of %d people: %w", start, len(j.People), err)
		}
		done, err := r.block(ctx, j.People[start:min(start+blockSize, len(j.People))])
		if err != nil {
			return r.summary, fmt.Errorf("issue cards: after %d of %d people: %w", start, len(j.People), err)
		}
		start += done
		if j.Progress != nil {
			j.Progress(start, len(j.People))
		}
	}
	return r.summary, nil
}

func (j Job) check() error {
	switch {
	case j.Format != A4 && j.Format != CR80 && j.Format != PNG:
		return fmt.Errorf("%w: format %q, want a4, cr80 or png", ErrJob, j.Format)
	case j.Out == "":
		return fmt.Errorf("%w: no folder to write to", ErrJob)
	case len(j.Key) != ed25519.PrivateKeySize || len(j.KID) == 0 || len(j.KID) > card.MaxKID:
		return fmt.Errorf("%w: no issuing key with a key id of 1 to %d bytes", ErrJob, card.MaxKID)
	case j.Issued.IsZero() || !j.Expires.After(j.Issued):
		return fmt.Errorf("%w: issued %v, expires %v", ErrJob, j.Issued, j.Expires)
	case j.Reserve == nil:
		return fmt.Errorf("%w: no supply of card numbers", ErrJob)
	}
	return nil
}
