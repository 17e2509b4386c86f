package command

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quachot/internal/bulk"
	"quachot/internal/card"
	"quachot/internal/people"
	"quachot/syncserver/store"
)

type issueCmd struct {
	People string `required:"" help:"CSV or XLSX: name, dob, sex, document, ward, phone, address, hamlet." placeholder:"FILE"`
	Out    string `required:"" help:"Folder for the files." placeholder:"DIR"`
	Format string `required:"" enum:"a4,cr80,png" help:"a4, cr80 or png."`
	Digits bool   `help:"QR in digits, for scanners that type behind a Vietnamese input method."`
	Years  int    `default:"1" help:"How many years the cards are valid."`
}

func (i issueCmd) Run(c *call) error {
	if i.Years < 1 || i.Years > 10 {
		return fmt.Errorf("%d years: want 1 to 10", i.Years)
	}
	return c.withOffice(func(o *office) error {
		list, rejected, err := people.ReadFile(c.path(i.People))
		if err != nil {
			return err
		}
		now := time.Now().Truncate(time.Second)
		province, err := o.province(c.ctx, c.flags.Province)
		if err != nil {
			return err
		}
		certificate, _, err := o.certifyOwn(c.ctx, province, now)
		if err != nil {
			return err
		}
		summary, err := o.issue(c, ownNumber(province), bulk.Job{
			People: list, Out: c.path(i.Out), Format: bulk.Format(i.Format),
			Key: o.vault.Cards, KID: certificate.KID,
			Issued: now, Expires: now.AddDate(i.Years, 0, 0), Digits: i.Digits,
		})
		if err != nil {
			return fmt.Errorf("%d cards were made and count; the rest was not: %w", len(summary.Cards), err)
		}
		return i.report(c, summary, append(rejected, summary.Rejected...))
	})
}

// issue makes the cards. Each block is in the store, with its links, before any
// file shows it.
func (o *office) issue(c *call, station string, job bulk.Job) (bulk.Summary, error) {
	job.Reserve = func(ctx context.Context, n int) ([]card.Number, error) {
		first, err := o.store.ReserveCards(ctx, station, uint32(n))
		if err != nil {
			return nil, err
		}
		numbers := make([]card.Number, n)
		for k := range numbers {
			if numbers[k], err = card.NewNumber(station, first+uint32(k)); err != nil {
				return nil, err
			}
		}
		return numbers, nil
	}
	job.Record = func(ctx context.Context, issued []bulk.Issued) error {
		cards := make([]store.Card, len(issued))
		for k, x := range issued {
			cards[k] = store.Card{
				Number: x.Number.Uint(), Token: x.Hash[:], Name: x.Person.Name, Birth: x.Person.Birth, Sex: x.Person.Sex, Ward: x.Person.Ward,
				Documents: x.Person.Documents, Station: station, Step: "issued", Issued: job.Issued, Expires: job.Expires,
			}
		}
		return o.store.PutCards(ctx, cards)
	}
	job.Progress = func(done, total int) { fmt.Fprintf(c.stderr, "%d of %d cards\n", done, total) }
	summary, err := bulk.Issue(c.ctx, job)
	if err != nil {
		return summary, err
	}
	if err := o.lists.Refresh(c.ctx); err != nil { // somebody on the watch-list may have a card now
		return summary, err
	}
	return summary, o.audit(c.ctx, "command", "issue", fmt.Sprint(len(summary.Cards)))
}

// report prints a line per card, one per row that has none, and the files.
func (i issueCmd) report(c *call, s bulk.Summary, rejected []people.Rejected) error {
	out := json.NewEncoder(c.stdout)
	for _, x := range s.Cards {
		if err := out.Encode(x); err != nil {
			return err
		}
	}
	for _, r := range rejected {
		if err := out.Encode(map[string]any{"rejected": r}); err != nil {
			return err
		}
	}
	if err := out.Encode(map[string]any{"cards": len(s.Cards), "rejected": len(rejected), "files": s.Files}); err != nil {
		return err
	}
	if len(rejected) > 0 {
		return exit(exitFindings)
	}
	return nil
}
