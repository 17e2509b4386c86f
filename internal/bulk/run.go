package bulk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quachot/internal/card"
	"quachot/internal/cardart"
	"quachot/internal/people"
	"quachot/internal/qr"
	"quachot/internal/vietnam/units"
)

// run is one Issue under way.
type run struct {
	Job
	art     *cardart.Art
	given   map[card.Number]bool
	summary Summary
}

// drawn is a card ready to be recorded and written.
type drawn struct {
	issued Issued
	art    cardart.Card
}

// block makes cards for the first of these people, as many as there are numbers,
// and says how many people it is done with.
func (r *run) block(ctx context.Context, some []people.Person) (int, error) {
	numbers, err := r.reserve(ctx, len(some))
	if err != nil {
		return 0, err
	}
	if err := r.prepare(numbers[0]); err != nil {
		return 0, err
	}
	some = some[:len(numbers)]
	var cards []drawn
	var rejected []people.Rejected
	for i, p := range some {
		d, err := r.draw(p, numbers[i])
		if reason := reasonOf(err); reason != "" {
			rejected = append(rejected, people.Rejected{Row: p.Row, Column: "name", Reason: reason, Value: p.Name})
			continue
		}
		if errors.Is(err, errBornLater) {
			rejected = append(rejected, people.Rejected{Row: p.Row, Column: "dob", Reason: "born_later", Value: p.Birth})
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("row %d: %w", p.Row, err)
		}
		cards = append(cards, d)
	}
	if len(cards) > 0 {
		if err := r.release(ctx, cards); err != nil {
			return 0, err
		}
	}
	r.summary.Rejected = append(r.summary.Rejected, rejected...)
	return len(some), nil
}

// reserve asks for numbers and trusts none that is wrong or was there before.
func (r *run) reserve(ctx context.Context, n int) ([]card.Number, error) {
	numbers, err := r.Reserve(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("reserve %d card numbers: %w", n, err)
	}
	if len(numbers) == 0 || len(numbers) > n {
		return nil, fmt.Errorf("%w: %d numbers for %d", ErrNumbers, len(numbers), n)
	}
	for _, number := range numbers {
		if parsed, err := card.ParseNumber(string(number)); err != nil || parsed != number {
			return nil, fmt.Errorf("%w: %q is no card number", ErrNumbers, number)
		}
		if r.given[number] {
			return nil, fmt.Errorf("%w: %s twice", ErrNumbers, number.Grouped())
		}
		r.given[number] = true
	}
	return numbers, nil
}

// prepare makes the drawing board when the first number is known.
func (r *run) prepare(first card.Number) error {
	if r.art != nil {
		return nil
	}
	style := r.Style
	if style.Issuer == "" {
		style.Issuer, _ = units.Province(string(first[:2]), r.Issued)
	}
	art, err := cardart.New(style)
	if err != nil {
		return err
	}
	r.art = art
	return nil
}

// errBornLater is for a birth date after the day of issue.
var errBornLater = errors.New("born after the day of issue")

// reasonOf is the code for a card that cannot be made for this name.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, cardart.ErrLetter):
		return "letters"
	case errors.Is(err, qr.ErrTooLong):
		return "too_long"
	}
	return ""
}

func (r *run) draw(p people.Person, n card.Number) (drawn, error) {
	if p.Birth > r.Issued.In(vietnam).Format(time.DateOnly)[:min(len(p.Birth), len(time.DateOnly))] {
		return drawn{}, errBornLater
	}
	cose, err := card.Sign(r.Key, r.KID, card.Claims{Number: string(n), Name: p.Name, Birth: p.Birth, Sex: p.Sex, Ward: p.Ward,
		Issued: r.Issued, Expires: r.Expires})
	if err != nil {
		return drawn{}, err
	}
	token, err := card.Verify(cose, nil)
	if err != nil && !errors.Is(err, card.ErrUnknownKey) {
		return drawn{}, fmt.Errorf("read the signed card back: %w", err)
	}
	write := card.Base45
	if r.Digits {
		write = card.Digits
	}
	text, err := write(cose)
	if err != nil {
		return drawn{}, err
	}
	d := drawn{
		issued: Issued{Person: p, Row: p.Row, Number: n, Hash: token.Hash, Text: text},
		art:    cardart.Card{Number: n, Text: text, Name: p.Name, Birth: p.Birth, Ward: p.Ward, Issued: r.Issued, Expires: r.Expires},
	}
	if ward, ok := units.Ward(p.Ward, r.Issued); ok {
		d.art.Ward, d.art.Place = ward.Name, ward.Place()
	}
	return d, r.art.Check(d.art)
}

// vietnam is UTC+7 all year.
var vietnam = time.FixedZone("ICT", 7*3600)
