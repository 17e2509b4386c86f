package station

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/wire"
)

const (
	identityFile = "station.cbor"
	pendingFile  = "enrolling.cbor"
	fileVersion  = 1
)

// Identity is who this station is. It is made once, by Enrol.
type Identity struct {
	Station  string // 6 digits
	Name     string // of the lane, given by the office
	Post     string // code of the post at enrolment
	Address  string // of the office, HOST:PORT
	Key      ed25519.PrivateKey
	Office   wire.OfficeKeys
	Enrolled time.Time
	// StoreKey opens the state buckets, StorePlace says where it is kept:
	// PlaceKeyring or PlaceFile.
	StoreKey   [32]byte
	StorePlace string
	// Signing signs cards and Certificate is the office's word for it; both are
	// nil when this station issues none.
	Signing     ed25519.PrivateKey
	Certificate []byte
	// Enrol is the proof that the office has not seen yet, of a station that was
	// enrolled by a file; nil otherwise.
	Enrol *wire.EnrolRequest
}

// stored is the layout of station.cbor.
type stored struct {
	Version     uint            `cbor:"1,keyasint"`
	Station     string          `cbor:"2,keyasint"`
	Name        string          `cbor:"3,keyasint"`
	Post        string          `cbor:"4,keyasint"`
	Address     string          `cbor:"5,keyasint"`
	Seed        []byte          `cbor:"6,keyasint"`
	Office      wire.OfficeKeys `cbor:"7,keyasint"`
	Enrolled    int64           `cbor:"8,keyasint"` // unix seconds
	StoreKey    []byte          `cbor:"9,keyasint,omitempty"`
	StorePlace  string          `cbor:"10,keyasint"`
	SigningSeed []byte          `cbor:"11,keyasint,omitempty"`
	Certificate []byte          `cbor:"12,keyasint,omitempty"`
	// Enrol is there until the office knows the station.
	Enrol *wire.EnrolRequest `cbor:"13,keyasint,omitempty"`
}

// pending is the layout of enrolling.cbor: the keys with which a code is tried,
// written before the office hears of them: what a station is at the office must
// never hang on a file that could not be written afterwards.
type pending struct {
	Seed        []byte `cbor:"1,keyasint"`
	SigningSeed []byte `cbor:"2,keyasint"`
}

// Load reads who the station in dir is. ErrNotEnrolled when there is none.
func Load(dir string) (Identity, error) {
	f, err := readStored(dir)
	if err != nil {
		return Identity{}, err
	}
	id := Identity{
		Station: f.Station, Name: f.Name, Post: f.Post, Address: f.Address,
		Key: ed25519.NewKeyFromSeed(f.Seed), Office: f.Office, Enrolled: time.Unix(f.Enrolled, 0),
		StorePlace: f.StorePlace, Certificate: f.Certificate, Enrol: f.Enrol,
	}
	if len(f.SigningSeed) == ed25519.SeedSize && f.Certificate != nil {
		id.Signing = ed25519.NewKeyFromSeed(f.SigningSeed)
	}
	id.StoreKey, err = loadStoreKey(f)
	return id, err
}

// PublicKey is the key that the station in dir signs with. It does not ask the
// keyring, so a checker can have it under any user. ErrNotEnrolled when there is
// none.
func PublicKey(dir string) (ed25519.PublicKey, error) {
	f, err := readStored(dir)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(f.Seed).Public().(ed25519.PublicKey), nil
}

func readStored(dir string) (f stored, err error) {
	b, err := os.ReadFile(filepath.Join(dir, identityFile))
	if errors.Is(err, os.ErrNotExist) {
		return f, fmt.Errorf("%s: %w", dir, ErrNotEnrolled)
	}
	if err != nil {
		return f, fmt.Errorf("read who this station is: %w", err)
	}
	if err := cbor.Unmarshal(b, &f); err != nil || len(f.Seed) != ed25519.SeedSize {
		return f, fmt.Errorf("read who this station is: %s is damaged (%v): restore it from a copy, or enrol anew into another directory and keep this one, its journal may hold records", identityFile, err)
	}
	if f.Version > fileVersion {
		return f, fmt.Errorf("read who this station is: %s was written by a newer version of the program", identityFile)
	}
	return f, nil
}

func save(dir string, f stored) error {
	b, err := cbor.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode who this station is: %w", err)
	}
	return writeDurably(filepath.Join(dir, identityFile), b)
}

// applicant gives the keys to enrol with: those of an interrupted try, or new
// ones, on disk before they are used.
func applicant(dir string) (p pending, err error) {
	path := filepath.Join(dir, pendingFile)
	if b, err := os.ReadFile(path); err == nil {
		if cbor.Unmarshal(b, &p) == nil && len(p.Seed) == ed25519.SeedSize && len(p.SigningSeed) == ed25519.SeedSize {
			return p, nil
		}
	}
	p = pending{Seed: make([]byte, ed25519.SeedSize), SigningSeed: make([]byte, ed25519.SeedSize)}
	_, _ = rand.Read(p.Seed) // never fails, by its contract
	_, _ = rand.Read(p.SigningSeed)
	b, err := cbor.Marshal(p)
	if err != nil {
		return p, fmt.Errorf("encode new keys: %w", err)
	}
	return p, writeDurably(path, b)
}

// writeDurably replaces a file so that after a power cut it is the old or the
// new one, whole.
func writeDurably(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// fingerprint is the first 8 bytes of the key's SHA-256 as four groups of hex.
func fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	var groups []string
	for i := 0; i < 8; i += 2 {
		groups = append(groups, fmt.Sprintf("%x", sum[i:i+2]))
	}
	return strings.Join(groups, " ")
}
