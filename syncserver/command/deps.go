package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quachot/internal/record"
	web "quachot/syncserver/office"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
)

// deps are the pages' view of the office.
func (c *call) deps(o *office, setup string) web.Deps {
	p := pages{o: o, c: c}
	name, _ := o.store.Setting(c.ctx, publish.SettingProvince) // empty: the program's name alone
	return web.Deps{Stations: p, Records: p, Accounts: p, Enrolment: p, SetupCode: setup, Office: name, Language: c.flags.Lang, Log: c.log.With("part", "pages")}
}

// pages implements the interfaces of package office over the store.
type pages struct {
	o *office
	c *call
}

// webError turns the store's errors into those of the pages.
func webError(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("%w: %w", web.ErrNotFound, err)
	case errors.Is(err, store.ErrExists):
		return fmt.Errorf("%w: %w", web.ErrExists, err)
	}
	return err
}

func (p pages) Stations(ctx context.Context) ([]web.Station, error) {
	all, err := p.o.store.Stations(ctx)
	if err != nil {
		return nil, err
	}
	names, err := p.postNames(ctx)
	if err != nil {
		return nil, err
	}
	connected := p.o.gateway.Connected()
	list := make([]web.Station, 0, len(all))
	for _, s := range all {
		live, now := connected[s.ID]
		t := web.Station{
			ID: s.ID, Name: s.Name, Post: s.Post, PostName: names[s.Post], Enrolled: s.State != store.Invited, Connected: now,
			LastSeen: s.Seen.At, Held: s.Held, Waiting: s.Seen.Unsent, Pending: s.Pending, SkewMS: s.Seen.SkewMS, ListsAsOf: s.Seen.AsOf,
			Forked: s.Forked, Program: s.Seen.Program, Issuer: s.Issuer,
		}
		if now {
			t.LastSeen, t.Waiting = live.Heard, live.Unsent
		}
		if s.State == store.Retired || s.State == store.Lost {
			t.Revoked = web.RevokeReason(s.State)
		}
		list = append(list, t)
	}
	return list, nil
}

func (p pages) postNames(ctx context.Context) (map[string]string, error) {
	posts, err := p.o.store.Posts(ctx)
	names := map[string]string{}
	for _, post := range posts {
		names[post.Code] = post.Name
	}
	return names, err
}

func (p pages) Revoke(ctx context.Context, id string, reason web.RevokeReason, by string) error {
	return webError(p.o.revoke(ctx, id, string(reason), by))
}

func (p pages) Recent(ctx context.Context, limit int) ([]web.Record, error) {
	all, err := p.o.store.Latest(ctx, limit)
	if err != nil {
		return nil, err
	}
	return p.records(ctx, all)
}

func (p pages) After(ctx context.Context, n uint64, limit int) ([]web.Record, error) {
	var all []store.Record
	for r, err := range p.o.store.Records(ctx, store.Query{After: n, Limit: limit}) {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return p.records(ctx, all)
}

func (p pages) records(ctx context.Context, all []store.Record) ([]web.Record, error) {
	names, err := p.postNames(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]web.Record, 0, len(all))
	for _, r := range all {
		w := web.Record{
			N: r.N, Received: r.Received, At: r.Corrected, Station: r.Station, Post: r.Post, PostName: names[r.Post], Lane: r.Lane,
			Officer: r.Officer, Pending: r.Pending,
		}
		if r.Pending == "" && r.Kind != record.KindDamaged {
			if err := w.Fill(r.Kind, r.Entry().Into); err != nil {
				w.Pending = store.PendingParse
			}
		} else if r.Pending == "" {
			w.Kind = r.Kind
		}
		list = append(list, w)
	}
	return list, nil
}

func (p pages) Wake(ctx context.Context) <-chan struct{} { return p.o.store.Wake(ctx) }

func (p pages) Account(ctx context.Context, name string) (web.Account, error) {
	a, err := p.o.store.Account(ctx, name)
	return web.Account{Name: a.Name, Role: web.Role(a.Role), Password: a.Password}, webError(err)
}

func (p pages) AddAccount(ctx context.Context, a web.Account) error {
	err := p.o.store.AddAccount(ctx, store.Account{Name: a.Name, Role: string(a.Role), Password: a.Password, Created: time.Now()})
	if err != nil {
		return webError(err)
	}
	return p.o.audit(ctx, "pages", "account add", a.Name)
}

func (p pages) CountAccounts(ctx context.Context) (int, error) {
	all, err := p.o.store.Accounts(ctx)
	return len(all), err
}

func (p pages) Posts(ctx context.Context) ([]web.Post, error) {
	posts, err := p.o.store.Posts(ctx)
	list := make([]web.Post, 0, len(posts))
	for _, post := range posts {
		list = append(list, web.Post{Code: post.Code, Name: post.Name, Kind: web.PostKind(post.Kind)})
	}
	return list, err
}

func (p pages) AddPost(ctx context.Context, post web.Post, by string) error {
	return webError(p.o.addPost(ctx, store.Post{Code: post.Code, Name: post.Name, Kind: string(post.Kind)}, by))
}

func (p pages) Invite(ctx context.Context, name, post string, issuer bool, by string) (web.Invitation, error) {
	posts, err := p.o.store.Posts(ctx)
	if err != nil {
		return web.Invitation{}, err
	}
	for _, known := range posts {
		if known.Code == post {
			s, code, expires, err := p.o.invite(ctx, invitation{name: name, post: post, issuer: issuer, by: by, province: p.c.flags.Province, address: p.c.public(p.o)})
			return web.Invitation{Station: s.ID, Name: s.Name, Post: s.Post, Code: code.String(), Fingerprint: p.o.fingerprint(), Expires: expires}, webError(err)
		}
	}
	return web.Invitation{}, fmt.Errorf("post %s: %w", post, web.ErrNotFound)
}

// fingerprint is the hash of the office's keys, for two people to compare.
func (o *office) fingerprint() string {
	h := o.vault.Keys().Hash()
	return fmt.Sprintf("%X-%X-%X-%X-%X", h[0:2], h[2:4], h[4:6], h[6:8], h[8:10])
}
