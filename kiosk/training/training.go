// Package training makes the citizens, officers and keys of training mode: people
// who do not exist, with the codes they would show, one for each thing an officer
// must have seen once. Nothing here counts anywhere else: the cards are signed by
// a key that stands in this file, so that everybody could sign with it and no
// office ever certifies it, and their station number is 000000, which no office
// gives out.
package training

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"time"

	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/pin"
	"quachot/internal/wire"
	"quachot/kiosk/lists"
)

// Station is the station number of training: no province has it.
const Station = "000000"

// PIN is that of both officers of training.
const PIN = "2021"

// The officers of training.
const (
	Steward    = "T101"
	Supervisor = "T109"
)

// Sample is one citizen of training. What it teaches is in the texts under
// "training.sample." + Name.
type Sample struct {
	Name string // of the lesson: "pass", "check", ...
	Who  string // the person
	Code string // what the scanner reads
}

// kid names the key of training in a card.
var kid = []byte("training")

// key signs the cards of training. It is no secret: see the package's comment.
func key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("quachot training: everybody may know this key"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// The days of the cards. They are fixed, so that a sheet printed once stays good.
var (
	issued  = time.Date(2021, 11, 1, 0, 0, 0, 0, time.UTC)
	expires = time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)
	ended   = time.Date(2021, 11, 20, 0, 0, 0, 0, time.UTC)
)

// The counters of the cards.
const (
	cardPass = iota + 1
	cardStop
	cardOver
	cardForged
)

// watched is the document of the citizen on the watch-list. Serial number 000000
// of a year and province is nobody's.
const watched = "046085000000"

// Samples are the citizens, in the order in which they teach.
func Samples() ([]Sample, error) {
	var all []Sample
	for _, c := range []struct {
		lesson, who, born string
		counter           uint32
		until             time.Time
		forge             bool
	}{
		{"pass", "TRẦN VĂN MẪU", "1990-03-02", cardPass, expires, false},
		{"revoked", "LÊ VĂN MẪU", "1984-07-19", cardStop, expires, false},
		{"expired", "PHẠM THỊ MẪU", "1995-12-30", cardOver, ended, false},
		{"forged", "ĐỖ VĂN MẪU", "1979-05-05", cardForged, expires, true},
	} {
		code, err := sign(c.counter, c.who, c.born, c.until, c.forge)
		if err != nil {
			return nil, fmt.Errorf("training card of %s: %w", c.who, err)
		}
		all = append(all, Sample{Name: c.lesson, Who: c.who, Code: code})
	}
	half := all[0].Code[:len(all[0].Code)/2]
	return []Sample{
		all[0],
		{"check", "NGUYỄN THỊ MẪU", cccd("046187000000", "NGUYỄN THỊ MẪU", "18011987", "Nữ")},
		all[1], all[2], all[3],
		{"watch", "HỒ VĂN MẪU", cccd(watched, "HỒ VĂN MẪU", "07091985", "Nam")},
		{"unreadable", "TRẦN VĂN MẪU", half},
	}, nil
}

func sign(counter uint32, who, born string, until time.Time, forge bool) (string, error) {
	number, err := card.NewNumber(Station, counter)
	if err != nil {
		return "", err
	}
	cose, err := card.Sign(key(), kid, card.Claims{
		Number: string(number), Issued: issued, Expires: until, Name: who, Birth: born, Ward: "19768",
	})
	if err != nil {
		return "", err
	}
	if forge {
		cose[len(cose)-1] ^= 1 // the signature stands last
	}
	return card.Base45(cose)
}

func cccd(number, who, born, sex string) string {
	return number + "||" + who + "|" + born + "|" + sex + "|12 Đường Tập Huấn, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|25042021"
}

// Lists is what training adds to a station's lists. derive gives the identity
// keys of a document in this deployment. now dates lists where the station has
// none.
func Lists(derive func(identity.Document) identity.Keys, now time.Time) (lists.Extra, error) {
	entry, err := watchEntry(derive(identity.NewDocument(identity.CCCD, watched)))
	if err != nil {
		return lists.Extra{}, err
	}
	verifier, err := pin.MakePIN(PIN)
	if err != nil {
		return lists.Extra{}, fmt.Errorf("officers of training: %w", err)
	}
	revoked, err := card.NewNumber(Station, cardStop)
	if err != nil {
		return lists.Extra{}, err
	}
	return lists.Extra{
		AsOf:    now,
		Cards:   []card.Key{{KID: kid, Public: key().Public().(ed25519.PublicKey), Last: 999_999, Name: "training"}},
		Revoked: []uint64{revoked.Uint()},
		Watch:   []wire.WatchEntry{entry},
		Officers: []wire.Officer{
			{ID: Steward, Name: "Cán bộ tập huấn", Role: "steward", PIN: verifier},
			{ID: Supervisor, Name: "Chỉ huy tập huấn", Role: "supervisor", PIN: verifier},
		},
	}, nil
}

func watchEntry(k identity.Keys) (wire.WatchEntry, error) {
	plain, err := wire.EncodeList(wire.WatchDetails{Reason: "f1", Note: "TẬP HUẤN: tiếp xúc ca bệnh 12/11"})
	if err != nil {
		return wire.WatchEntry{}, fmt.Errorf("watch-list of training: %w", err)
	}
	nonce, sealed, err := identity.SealDetails(k, plain)
	if err != nil {
		return wire.WatchEntry{}, fmt.Errorf("watch-list of training: %w", err)
	}
	return wire.WatchEntry{Match: k.Match, Nonce: nonce, Details: sealed}, nil
}
