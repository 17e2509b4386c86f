package office

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// fake is an office in memory: all four interfaces of Deps.
type fake struct {
	mu       sync.Mutex
	records  []Record
	stations []Station
	accounts map[string]Account
	posts    []Post
	wakes    map[chan struct{}]bool
	broken   error // given by every read while set
	code     string
}

func newFake() *fake {
	return &fake{accounts: map[string]Account{}, wakes: map[chan struct{}]bool{}, code: "09ZGA-0001T-DMKZ5-GFE17-TZB1H-6EY21-KKXMA-E3HWJ-FFVYZ-3AE87-5N764-AK86"}
}

func (f *fake) deps() Deps { return Deps{Stations: f, Records: f, Accounts: f, Enrolment: f} }

// change runs do with the lock held and wakes every stream.
func (f *fake) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	for c := range f.wakes {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// arrive stores records as the gateway would and numbers them.
func (f *fake) arrive(rs ...Record) {
	f.change(func() {
		for _, r := range rs {
			r.N = uint64(len(f.records) + 1)
			f.records = append(f.records, r)
		}
	})
}

func (f *fake) breakStore(err error) { f.change(func() { f.broken = err }) }

func (f *fake) Stations(context.Context) ([]Station, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.stations), f.broken
}

func (f *fake) Revoke(_ context.Context, id string, reason RevokeReason, by string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.stations {
		if f.stations[i].ID == id {
			f.stations[i].Revoked = reason
			return f.broken
		}
	}
	return fmt.Errorf("station %s: %w", id, ErrNotFound)
}

func (f *fake) Recent(_ context.Context, limit int) ([]Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	newest := slices.Clone(f.records[max(0, len(f.records)-limit):])
	slices.Reverse(newest)
	return newest, f.broken
}

func (f *fake) After(_ context.Context, n uint64, limit int) ([]Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	from := min(int(n), len(f.records))
	return slices.Clone(f.records[from:min(from+limit, len(f.records))]), f.broken
}

func (f *fake) Wake(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wakes[c] = true
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.wakes, c)
	})
	return c
}

// streams is how many boards are open.
func (f *fake) streams() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.wakes)
}

func (f *fake) Account(_ context.Context, name string) (Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, ok := f.accounts[name]
	if !ok {
		return Account{}, fmt.Errorf("account %q: %w", name, ErrNotFound)
	}
	return a, nil
}

func (f *fake) AddAccount(_ context.Context, a Account) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.accounts[a.Name]; ok {
		return ErrExists
	}
	f.accounts[a.Name] = a
	return nil
}

func (f *fake) CountAccounts(context.Context) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.accounts), nil
}

func (f *fake) Posts(context.Context) ([]Post, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.posts), f.broken
}

func (f *fake) AddPost(_ context.Context, p Post, by string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.posts, func(o Post) bool { return o.Code == p.Code }) {
		return ErrExists
	}
	f.posts = append(f.posts, p)
	return nil
}

func (f *fake) Invite(_ context.Context, name, post string, issuer bool, by string) (Invitation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.posts, func(o Post) bool { return o.Code == post })
	if i < 0 {
		return Invitation{}, ErrNotFound
	}
	id := fmt.Sprintf("46%04d", len(f.stations)+1)
	f.stations = append(f.stations, Station{ID: id, Name: name, Post: post, PostName: f.posts[i].Name, Issuer: issuer})
	return Invitation{
		Station: id, Name: name, Post: post, Code: f.code, Fingerprint: "470E-3C7B-F7E1-A9C8-2D4E",
		Expires: time.Now().Add(24 * time.Hour),
	}, nil
}
