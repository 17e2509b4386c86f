package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"quachot/internal/badge"
	"quachot/internal/paper"
	"quachot/internal/pin"
	"quachot/internal/qr"
	"quachot/internal/text"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
)

type officerCmd struct {
	Add    officerAdd    `cmd:"" help:"Let an officer log in at the stations; prints his number."`
	List   officerList   `cmd:"" help:"All officers, one JSON line each."`
	Badge  officerBadge  `cmd:"" help:"Make an officer's badge; the one before counts no more."`
	PIN    officerPIN    `cmd:"" name:"pin" help:"Give an officer another PIN."`
	Remove officerRemove `cmd:"" help:"An officer logs in no more; what he did stays on record."`
}

type officerAdd struct {
	Name    string `arg:"" help:"Name, for people."`
	Role    string `required:"" enum:"steward,issuer,supervisor" help:"steward, issuer or supervisor."`
	PINFile string `name:"pin-file" required:"" help:"File with the PIN, 4 to 12 digits; - for standard input." placeholder:"FILE"`
	ID      string `name:"id" help:"Number to log in with; empty = the next one. A badge needs 1 to 9 letters A-Z and digits."`
}

func (a officerAdd) Run(c *call) error {
	name, err := cleanName(a.Name)
	if err != nil {
		return err
	}
	if a.ID != "" && !officerID.MatchString(a.ID) {
		return fmt.Errorf("the number %q cannot be used: 1 to 16 letters A-Z, digits, dashes, dots. Nothing was changed", a.ID)
	}
	return c.withOffice(func(o *office) error {
		verifier, err := c.newPIN(a.PINFile)
		if err != nil {
			return err
		}
		made, err := o.store.AddOfficer(c.ctx, store.Officer{ID: a.ID, Name: name, Role: a.Role, PIN: verifier})
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is an officer %s already, or was one: a number is never given twice", made.ID)
		}
		if err != nil {
			return err
		}
		return c.officerDone(o, made, "add "+a.Role)
	})
}

// officerID is what can be typed at every station.
var officerID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,16}$`)

// newPIN makes the verifier of the PIN in a file.
func (c *call) newPIN(file string) (string, error) {
	code, err := c.secret(file)
	if err != nil {
		return "", fmt.Errorf("read the PIN: %w", err)
	}
	return pin.MakePIN(code)
}

// officerDone sends the list down, writes the audit and prints the officer.
func (c *call) officerDone(o *office, who store.Officer, what string) error {
	if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "officer "+what, who.ID)); err != nil {
		return err
	}
	return json.NewEncoder(c.stdout).Encode(officerLineOf(who))
}

// officer is the one on the list with that number, in any letter case.
func (c *call) officer(o *office, id string) (store.Officer, error) {
	all, err := o.store.Officers(c.ctx)
	if err != nil {
		return store.Officer{}, err
	}
	for _, x := range all {
		if strings.EqualFold(x.ID, id) {
			return x, nil
		}
	}
	return store.Officer{}, fmt.Errorf("there is no officer %s; see `syncserver officer list`", id)
}

type officerLine struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Role  string `json:"role"`
	Badge bool   `json:"badge,omitempty"` // one was made that counts
}

func officerLineOf(o store.Officer) officerLine {
	return officerLine{o.ID, o.Name, o.Role, len(o.Badge) > 0}
}

type officerList struct{}

func (officerList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		all, err := o.store.Officers(c.ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, x := range all {
			if err := out.Encode(officerLineOf(x)); err != nil {
				return err
			}
		}
		return nil
	})
}

type officerPIN struct {
	ID      string `arg:"" help:"The officer's number."`
	PINFile string `name:"pin-file" required:"" help:"File with the new PIN, 4 to 12 digits; - for standard input." placeholder:"FILE"`
}

func (p officerPIN) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		who, err := c.officer(o, p.ID)
		if err != nil {
			return err
		}
		verifier, err := c.newPIN(p.PINFile)
		if err != nil {
			return err
		}
		if err := o.store.ChangeOfficer(c.ctx, store.Officer{ID: who.ID, PIN: verifier}); err != nil {
			return err
		}
		return c.officerDone(o, who, "pin")
	})
}

type officerRemove struct {
	ID string `arg:"" help:"The officer's number."`
}

func (r officerRemove) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		who, err := c.officer(o, r.ID)
		if err != nil {
			return err
		}
		if err := o.store.RemoveOfficer(c.ctx, who.ID, time.Now()); err != nil {
			return err
		}
		who.Badge = nil
		return c.officerDone(o, who, "remove")
	})
}

type officerBadge struct {
	ID  string `arg:"" help:"The officer's number."`
	QR  string `name:"qr" help:"Write the badge's QR as a picture (PNG)." placeholder:"FILE"`
	PDF string `name:"pdf" help:"Write the badge as a page to print and cut." placeholder:"FILE"`
}

// Run writes the badge before the office lets it count: a file that cannot be
// written leaves the old badge as it is. The badge's text is in these files and
// nowhere else.
func (b officerBadge) Run(c *call) error {
	if b.QR == "" && b.PDF == "" {
		return errors.New("name a file with --qr or --pdf: a badge is nowhere but in it. Nothing was changed")
	}
	return c.withOffice(func(o *office) error {
		who, err := c.officer(o, b.ID)
		if err != nil {
			return err
		}
		made, err := badge.New(who.ID)
		if err != nil {
			return fmt.Errorf("officer %s: %w. The badge he has, if any, still counts. Add him again with another --id", who.ID, err)
		}
		if err := b.write(c, o, who, made); err != nil {
			return fmt.Errorf("%w. The badge he has, if any, still counts", err)
		}
		if err := o.store.ChangeOfficer(c.ctx, store.Officer{ID: who.ID, Badge: made.Hash()}); err != nil {
			return err
		}
		who.Badge = made.Hash()
		return c.officerDone(o, who, "badge")
	})
}

// write makes every file before it writes the first.
func (b officerBadge) write(c *call, o *office, who store.Officer, made badge.Badge) error {
	files := map[string][]byte{}
	if b.QR != "" {
		code, err := qr.Encode(made.Text(), qr.Q)
		if err != nil {
			return err
		}
		if files[b.QR], err = drawPNG(code); err != nil {
			return err
		}
	}
	if b.PDF != "" {
		province, err := o.store.Setting(c.ctx, publish.SettingProvince)
		if err != nil {
			return err
		}
		sheet := paper.Badge{Size: paper.A6, Text: made.Text(), Officer: who.ID, Name: who.Name, Role: who.Role, Province: province}
		if files[b.PDF], err = paper.Render(sheet, text.Load(c.flags.Lang)); err != nil {
			return err
		}
	}
	for name, content := range files {
		if err := os.WriteFile(c.path(name), content, 0o600); err != nil {
			return fmt.Errorf("write the badge: %w", err)
		}
	}
	return nil
}
