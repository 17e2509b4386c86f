package checkpoint

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

var (
	noon    = time.Date(2021, 10, 1, 5, 0, 0, 0, time.UTC) // 12:00 in Huế
	listsAt = noon.Add(-20 * time.Minute)
	noLists time.Time
	issuer  = key(1)
	someone = key(2)
	number  = must(card.NewNumber("460012", 123))
)

const cccd = "046187001234|191234567|Nguyễn Thị Minh Khai|18011987|Nữ|12/3 Kiệt 45 Nguyễn Huệ, Huế|25042021"

func key(seed byte) ed25519.PrivateKey {
	b := make([]byte, ed25519.SeedSize)
	b[0] = seed
	return ed25519.NewKeyFromSeed(b)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// token is our card as it is scanned.
func token(priv ed25519.PrivateKey, kid string, change func(*card.Claims)) string {
	c := card.Claims{
		Number: string(number), Name: "NGUYỄN THỊ ỬNG", Birth: "1987-01-18", Sex: "F", Ward: "19768",
		Issued: noon.AddDate(0, -1, 0), Expires: noon.AddDate(0, 11, 0),
	}
	if change != nil {
		change(&c)
	}
	return must(card.Base45(must(card.Sign(priv, []byte(kid), c))))
}

// fakeLists are lists in memory; a watch-list entry is a document's text.
type fakeLists struct {
	revoked uint64
	token   [32]byte
	watch   map[identity.Match]wire.WatchDetails
	stale   [3]uint
	asOf    time.Time
	first   uint64 // of the issuer's range
	levels  map[string]uint8
}

func (f *fakeLists) Trusted() *credential.Trusted {
	return &credential.Trusted{Cards: card.Keyring{{
		KID: []byte("k1"), Public: issuer.Public().(ed25519.PublicKey), First: f.first, Last: 999999999999,
	}}}
}
func (f *fakeLists) Revoked(n uint64, t [32]byte) bool {
	return n != 0 && n == f.revoked || t != [32]byte{} && t == f.token
}
func (f *fakeLists) Watch(k identity.Keys) (wire.WatchDetails, bool) {
	d, ok := f.watch[k.Match]
	return d, ok
}
func (f *fakeLists) Settings() wire.Settings { return wire.Settings{StaleH: f.stale, Levels: f.levels} }
func (f *fakeLists) AsOf() time.Time         { return f.asOf }

// match stands in for the costly derivation.
func match(d identity.Document) identity.Match {
	h := sha256.Sum256([]byte(d.String()))
	return identity.Match(h[:16])
}

func derive(docs []identity.Document) []identity.Keys {
	keys := make([]identity.Keys, len(docs))
	for i, d := range docs {
		keys[i].Match = match(d)
	}
	return keys
}

func watching(doc string, d wire.WatchDetails) func(*Input, *fakeLists) {
	return func(_ *Input, l *fakeLists) {
		l.watch = map[identity.Match]wire.WatchDetails{match(must(identity.ParseDocument(doc))): d}
	}
}

func seen(doc string, ago time.Duration) func(*Input, *fakeLists) {
	m := match(must(identity.ParseDocument(doc)))
	return func(in *Input, _ *fakeLists) {
		in.Recent = func(asked identity.Match) (Seen, bool) {
			return Seen{At: in.Now.Add(-ago), Verdict: record.Pass, Direction: record.In}, asked == m
		}
	}
}

func both(fs ...func(*Input, *fakeLists)) func(*Input, *fakeLists) {
	return func(in *Input, l *fakeLists) {
		for _, f := range fs {
			f(in, l)
		}
	}
}

func at(t time.Time) func(*Input, *fakeLists)  { return func(in *Input, _ *fakeLists) { in.Now = t } }
func stale(h [3]uint) func(*Input, *fakeLists) { return func(_ *Input, l *fakeLists) { l.stale = h } }
func revoked(n card.Number) func(*Input, *fakeLists) {
	return func(_ *Input, l *fakeLists) { l.revoked = n.Uint() }
}

func TestJudge(t *testing.T) {
	own := token(issuer, "k1", nil)
	ownCOSE := must(card.Decode(own))
	expired := token(issuer, "k1", func(c *card.Claims) { c.Expires = noon.Add(-time.Hour) })
	ahead := func(d time.Duration) string {
		return token(issuer, "k1", func(c *card.Claims) { c.Issued = noon.Add(d) })
	}
	watchOwn := watching("card:"+string(number), wire.WatchDetails{Reason: "f0", Note: "ring 115"})

	tests := []struct {
		name    string
		text    string
		given   func(*Input, *fakeLists)
		verdict record.Verdict
		reasons []record.Reason
	}{
		// recognise
		{"nothing", "", nil, record.Unreadable, say("empty")},
		{"garbage", "hello?", nil, record.Unreadable, say("garbage")},
		{"binary", "\x00\xff\xfe\x01", nil, record.Unreadable, nil},
		{"half a card", own[:len(own)/2], nil, record.Unreadable, say("truncated")},
		{"too long", string(make([]byte, 9000)), nil, record.Unreadable, say("too_large")},
		{"mistyped card number", "4600120001231", nil, record.Unreadable, say("bad_check_digit")},
		{"unreadable beats stale lists", "hello?", stale([3]uint{0, 0, 1}), record.Unreadable, say("garbage")},
		// verify
		{"own card", own, nil, record.Pass, nil},
		{"own card in digits", must(card.Digits(ownCOSE)), nil, record.Pass, nil},
		{"tampered card", must(card.Base45(flip(ownCOSE))), nil, record.Stop, say("bad_signature")},
		{"another's signature under our kid", token(someone, "k1", nil), nil, record.Stop, say("bad_signature")},
		{"unknown key", token(someone, "k9", nil), nil, record.Check, say("unknown_key")},
		{"number outside the key's range", own, func(_ *Input, l *fakeLists) { l.first = 470000000000 }, record.Check, say("key_range")},
		{"card that names nobody", token(issuer, "k1", func(c *card.Claims) { c.Name, c.Birth, c.Sex, c.Ward = "", "", "", "" }), nil, record.Check, say("no_identity")},
		{"CCCD", cccd, nil, record.Check, say("unverified")},
		{"QRQG", "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<00<0123232422", nil, record.Check, say("unverified")},
		{"BHYT", "0123456789|4e677579e1bb856e205468e1bb8b204d696e68204b686169|18/01/1987|2|-|46 - 001|01/04/2021|-|20/03/2021|46010123456789|-|4| 01/01/2025|15e89ac07ee8517f-1202|4|-|$", nil, record.Check, say("unverified")},
		{"typed card number", number.Grouped(), nil, record.Check, say("unverified")},
		{"typed document number", "046187001234", nil, record.Check, say("unverified")},
		{"a link", "https://example.org/?q=1", nil, record.Check, say("link")},
		// revoked, expired
		{"revoked by number", own, revoked(number), record.Stop, say("revoked")},
		{"revoked by token", own, func(_ *Input, l *fakeLists) { l.token = sha256.Sum256(ownCOSE) }, record.Stop, say("revoked")},
		{"revoked number typed", string(number), revoked(number), record.Stop, say("revoked", "unverified")},
		{"revoked, key unknown here", token(someone, "k9", nil), revoked(number), record.Stop, say("revoked", "unknown_key")},
		{"expired", expired, nil, record.Stop, []record.Reason{{Code: "expired", Arg: "2021-10-01"}}},
		{"last second", token(issuer, "k1", func(c *card.Claims) { c.Expires = noon.Add(time.Second) }), nil, record.Pass, nil},
		{"never expires", token(issuer, "k1", func(c *card.Claims) { c.Expires = time.Time{} }), nil, record.Pass, nil},
		{"issued by a clock a minute fast", ahead(time.Minute), nil, record.Pass, nil},
		{"issued by a clock in another zone", ahead(7 * time.Hour), nil, record.Check, []record.Reason{{Code: "not_yet_valid", Arg: "2021-10-01"}}},
		{"card from tomorrow", ahead(24 * time.Hour), nil, record.Stop, []record.Reason{{Code: "not_yet_valid", Arg: "2021-10-02"}}},
		{"expired and revoked", expired, revoked(number), record.Stop, []record.Reason{{Code: "revoked"}, {Code: "expired", Arg: "2021-10-01"}}},
		// clock
		{"clock of 1970, good card", own, at(time.Unix(0, 0)), record.Check, say("clock")},
		{"clock of last year, expired card", expired, at(noon.AddDate(-1, 0, 0)), record.Check, say("clock")},
		{"clock before the lists, card without end", token(issuer, "k1", func(c *card.Claims) { c.Expires = time.Time{} }), at(noon.AddDate(0, 0, -1)), record.Pass, nil},
		{"clock before the lists, revoked is revoked", own, both(at(noon.AddDate(-1, 0, 0)), revoked(number)), record.Stop, say("revoked", "clock")},
		{"clock a minute before the lists", own, at(listsAt.Add(-time.Minute)), record.Pass, nil},
		{"clock before the office's time today", own, func(in *Input, _ *fakeLists) { in.LatestOffice = noon.Add(time.Hour) }, record.Check, say("clock")},
		{"clock two years ahead of the office", own, func(in *Input, _ *fakeLists) {
			in.Now, in.Ahead = noon.AddDate(2, 0, 0), 2*365*24*time.Hour
		}, record.Check, say("clock")},
		{"clock a minute ahead of the office", own, func(in *Input, _ *fakeLists) { in.Ahead = time.Minute }, record.Pass, nil},
		{"lists are not old by a clock ahead", cccd, both(stale([3]uint{0, 24, 0}), func(in *Input, _ *fakeLists) {
			in.Now, in.Ahead = noon.AddDate(1, 0, 0), 365*24*time.Hour
		}), record.Check, say("unverified")},
		// watch-list
		{"watched CCCD", cccd, watching("cccd:046187001234", wire.WatchDetails{Reason: "f0"}), record.Stop, say("watch", "unverified")},
		{"watched by the old number", cccd, watching("cmnd:191234567", wire.WatchDetails{}), record.Stop, say("watch", "unverified")},
		{"watched person shows our card", own, watchOwn, record.Stop, say("watch")},
		{"watched person's card typed", string(number), watchOwn, record.Stop, say("watch", "unverified")},
		{"watched person's card expired", expired, watchOwn, record.Stop, []record.Reason{{Code: "expired", Arg: "2021-10-01"}, {Code: "watch"}}},
		{"watched phone", "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<00<0123232422", watching("phone:0123232422", wire.WatchDetails{}), record.Stop, say("watch", "unverified")},
		{"watched until yesterday", cccd, watching("cccd:046187001234", wire.WatchDetails{Until: noon.AddDate(0, 0, -1).Unix()}), record.Check, say("unverified")},
		{"watched until tomorrow", cccd, watching("cccd:046187001234", wire.WatchDetails{Until: noon.AddDate(0, 0, 1).Unix()}), record.Stop, say("watch", "unverified")},
		{"a doubted clock ends no watch", own, both(watching("card:"+string(number), wire.WatchDetails{Until: noon.AddDate(0, 0, -1).Unix()}), func(in *Input, _ *fakeLists) { in.LatestOffice = noon.Add(time.Hour) }), record.Stop, say("watch", "clock")},
		{"somebody else is watched", own, watching("card:4600120009999", wire.WatchDetails{}), record.Pass, nil},
		// age of the lists
		{"no lists", own, func(_ *Input, l *fakeLists) { l.asOf = time.Time{} }, record.Check, say("lists_none")},
		{"old lists said", own, both(at(listsAt.Add(13*time.Hour)), stale([3]uint{12, 24, 72})), record.Pass, []record.Reason{{Code: "lists_old", Arg: "13"}}},
		{"old lists amber", own, both(at(listsAt.Add(24*time.Hour)), stale([3]uint{12, 24, 72})), record.Check, []record.Reason{{Code: "lists_stale", Arg: "24"}}},
		{"old lists need a supervisor", own, both(at(listsAt.Add(100*time.Hour)), stale([3]uint{12, 24, 72})), record.Check, []record.Reason{{Code: "lists_supervisor", Arg: "100"}}},
		{"age is never a stop", cccd, both(at(listsAt.AddDate(1, 0, 0)), stale([3]uint{12, 24, 72})), record.Check, []record.Reason{{Code: "unverified"}, {Code: "lists_supervisor", Arg: "8760"}}},
		{"age without steps", own, at(listsAt.AddDate(0, 2, 0)), record.Pass, nil},
		{"age by the office's clock", own, both(stale([3]uint{0, 1, 0}), func(in *Input, _ *fakeLists) {
			in.Now, in.LatestOffice = listsAt.Add(59*time.Minute), listsAt.Add(61*time.Minute)
		}), record.Check, []record.Reason{{Code: "lists_stale", Arg: "1"}}},
		// recent
		{"seen a while ago", own, seen("card:"+string(number), 17*time.Minute), record.Pass, []record.Reason{{Code: "recent", Arg: "17"}}},
		{"seen an hour ago", own, seen("card:"+string(number), time.Hour), record.Pass, nil},
		{"seen with the old number", cccd, seen("cmnd:191234567", 5*time.Minute), record.Check, []record.Reason{{Code: "unverified"}, {Code: "recent", Arg: "5"}}},
		{"seen in the future by a set clock", own, seen("card:"+string(number), -24*time.Hour), record.Pass, nil},
		{"validity before duplicates", expired, seen("card:"+string(number), time.Minute), record.Stop, []record.Reason{{Code: "expired", Arg: "2021-10-01"}, {Code: "recent", Arg: "1"}}},
		{"a forger is nobody's second scan", must(card.Base45(flip(ownCOSE))), seen("card:"+string(number), time.Minute), record.Stop, say("bad_signature")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists := &fakeLists{asOf: listsAt}
			in := Input{Text: tt.text, Now: noon, Direction: record.In, Lists: lists, Derive: derive}
			if tt.given != nil {
				tt.given(&in, lists)
			}
			got := Judge(in)
			if got.Verdict != tt.verdict {
				t.Errorf("verdict %v, want %v (reading %+v)", got.Verdict, tt.verdict, got.Reading)
			}
			if diff := cmp.Diff(tt.reasons, got.Reasons); diff != "" && (tt.reasons != nil || tt.verdict == record.Pass) {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
			if got.Verdict == record.Pass && got.Reading.Trust != credential.Signed {
				t.Errorf("green for trust %v", got.Reading.Trust)
			}
		})
	}
}

func say(codes ...string) []record.Reason {
	var r []record.Reason
	for _, c := range codes {
		r = append(r, record.Reason{Code: c})
	}
	return r
}

// flip changes a letter of the name, which the signature covers.
func flip(cose []byte) []byte {
	b := append([]byte{}, cose...)
	for i := range b {
		if string(b[i:i+3]) == "NGU" {
			b[i] = 'M'
			return b
		}
	}
	panic("no name in the token")
}

func TestWatchDetailsAndLastComeOut(t *testing.T) {
	lists := &fakeLists{asOf: listsAt}
	in := Input{Text: cccd, Now: noon, Lists: lists, Derive: derive}
	both(watching("cmnd:191234567", wire.WatchDetails{Reason: "f1", Note: "ring"}), seen("cccd:046187001234", 3*time.Hour))(&in, lists)
	got := Judge(in)
	if got.Watch == nil || got.Watch.Note != "ring" {
		t.Errorf("watch %+v, want the note", got.Watch)
	}
	if got.Last == nil || !got.Last.At.Equal(noon.Add(-3*time.Hour)) {
		t.Errorf("last %+v, want three hours ago", got.Last)
	}
	if len(got.Keys) != 2 {
		t.Errorf("%d keys, want those of CCCD and old number", len(got.Keys))
	}
}

// A vehicle's plate is held against the watch-list when a decision names it.
func TestVehicle(t *testing.T) {
	for _, tt := range []struct {
		name  string
		plate string
		given func(*Input, *fakeLists)
		want  []record.Reason
	}{
		{"nothing on the list", "75A-123.45", nil, nil},
		{"watched", "75a 123.45", watching("plate:75A12345", wire.WatchDetails{Note: "ring 113"}), say("watch_plate")},
		{"another one", "75A12346", watching("plate:75A12345", wire.WatchDetails{}), nil},
		{"no plate", " ", watching("plate:75A12345", wire.WatchDetails{}), nil},
		{"until yesterday", "75A12345", watching("plate:75A12345", wire.WatchDetails{Until: noon.AddDate(0, 0, -1).Unix()}), nil},
		{"a doubted clock ends no watch", "75A12345", both(at(noon.AddDate(-1, 0, 0)), watching("plate:75A12345", wire.WatchDetails{Until: noon.AddDate(0, 0, -1).Unix()})), say("watch_plate")},
	} {
		lists := &fakeLists{asOf: listsAt}
		in := Input{Now: noon, Lists: lists, Derive: derive}
		if tt.given != nil {
			tt.given(&in, lists)
		}
		got, details := Vehicle(tt.plate, in)
		if diff := cmp.Diff(tt.want, got); diff != "" || (details != nil) != (tt.want != nil) {
			t.Errorf("%s: details %+v, reasons (-want +got):\n%s", tt.name, details, diff)
		}
	}
}

// Deriving costs milliseconds: once a scan, and never for what names nobody.
func TestDeriveOnlyWhatIsNeeded(t *testing.T) {
	for text, want := range map[string][]string{
		"hello?":                 nil,
		"https://example.org/":   nil,
		cccd:                     {"cccd:046187001234", "cmnd:191234567"},
		token(issuer, "k1", nil): {"card:" + string(number)},
		string(number):           {"card:" + string(number)},
	} {
		var asked []string
		calls := 0
		Judge(Input{Text: text, Now: noon, Lists: &fakeLists{asOf: listsAt}, Derive: func(d []identity.Document) []identity.Keys {
			calls++
			for _, doc := range d {
				asked = append(asked, doc.String())
			}
			return derive(d)
		}})
		if diff := cmp.Diff(want, asked); diff != "" || calls > 1 {
			t.Errorf("%.20q: %d calls, asked (-want +got):\n%s", text, calls, diff)
		}
	}
}
