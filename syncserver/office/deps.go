// Package office is the office's web pages: who is connected, what is scanned as
// it arrives, and how a station joins. Pages are rendered here with
// html/template; htmx and server-sent events keep the board alive. Nothing on a
// page comes from another host, and no script or style stands inside a page.
//
// The package stores nothing: what it shows and does goes through the small
// interfaces of [Deps], which syncserver/command fills. Sessions alone live here,
// in memory: a restart of the office asks everybody to log in again.
package office

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Deps is all the pages need. Records, Stations, Accounts and Enrolment must be
// set; zero values of the rest have the meaning written beside them.
type Deps struct {
	Stations  Stations
	Records   Records
	Accounts  Accounts
	Enrolment Enrolment
	// SetupCode is asked for by the first-start page, as long as there is no
	// account; the command prints it on its console (see NewSetupCode). Empty =
	// the first account can only be made by the command `account add`.
	SetupCode string
	// Office is the deployment's name in the page's head, for example the
	// province. Empty = the program's name alone.
	Office string
	// Language is "vi" (also when empty) or "en", until a visitor chooses.
	Language string
	Log      *slog.Logger     // nil = nothing is logged
	Now      func() time.Time // nil = time.Now
}

// Stations tells of the enrolled stations.
type Stations interface {
	// Stations are all of them, revoked ones too, in any order.
	Stations(ctx context.Context) ([]Station, error)
	// Revoke takes a station out of service; by is the account that did it.
	// ErrNotFound when there is no such station.
	Revoke(ctx context.Context, id string, reason RevokeReason, by string) error
}

// Station is one line of the list of stations.
type Station struct {
	ID        string // 6 digits
	Name      string
	Post      string // code
	PostName  string
	Enrolled  bool      // false = its code has not been used yet
	Connected bool      // now
	LastSeen  time.Time // zero = never
	Held      uint64    // records the office holds
	Waiting   uint64    // records the station still has to send, as it last said
	Pending   uint64    // records held but not readable yet
	SkewMS    *int64    // its clock minus the office's; nil = never measured
	ListsAsOf time.Time // as_of of the manifest it holds; zero = none
	Forked    bool      // two histories under one number
	Revoked   RevokeReason
	Program   string // version
	Issuer    bool   // may sign cards
}

// RevokeReason says why a station is out of service; empty = it is not.
type RevokeReason string

// The reasons.
const (
	Retired RevokeReason = "retired" // given back
	Lost    RevokeReason = "lost"    // or stolen
)

// Records is the feed of what arrives. N counts up from 1 in the order of
// arrival and is never given twice.
type Records interface {
	// Recent are the newest records, newest first, at most limit.
	Recent(ctx context.Context, limit int) ([]Record, error)
	// After are the records with a higher N, oldest first, at most limit.
	After(ctx context.Context, n uint64, limit int) ([]Record, error)
	// Wake gives a channel that receives after records were stored or a station
	// came, went or changed, until ctx ends. It has room for one signal, is never
	// closed and never waited for; signals may be merged, none may be lost.
	Wake(ctx context.Context) <-chan struct{}
}

// Accounts are the people who may log in here. Names are unique, compared as
// they are after [CleanName].
type Accounts interface {
	// Account gives ErrNotFound when there is no such name.
	Account(ctx context.Context, name string) (Account, error)
	// AddAccount gives ErrExists when the name is taken.
	AddAccount(ctx context.Context, a Account) error
	// CountAccounts is asked at the start and by the login page.
	CountAccounts(ctx context.Context) (int, error)
}

// Account is one person of the office. Password is what [HashPassword] gave.
type Account struct {
	Name     string
	Role     Role
	Password string
}

// Enrolment makes posts and invites stations.
type Enrolment interface {
	Posts(ctx context.Context) ([]Post, error)
	// AddPost gives ErrExists when the code is taken.
	AddPost(ctx context.Context, p Post, by string) error
	// Invite makes a station at the post with this code and its single-use
	// enrolment code. ErrNotFound when there is no such post.
	Invite(ctx context.Context, name, post string, issuer bool, by string) (Invitation, error)
}

// Post is a place where stations stand.
type Post struct {
	Code string
	Name string
	Kind PostKind
}

// PostKind is one of PostKinds.
type PostKind string

// PostKinds are the kinds of post, as in wire.Post.Kind.
func PostKinds() []PostKind { return []PostKind{"road", "place", "lodging", "patrol"} }

// Invitation is what the new station is told, once.
type Invitation struct {
	Station string // its number, 6 digits
	Name    string
	Post    string // code
	Code    string // the enrolment code as wire.Code.String writes it
	// Fingerprint of the office's keys, which the kiosk shows too; may be empty.
	Fingerprint string
	Expires     time.Time
}

// Errors that the implementations of Deps wrap.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
)
