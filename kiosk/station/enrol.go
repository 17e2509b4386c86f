package station

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"quachot/internal/wire"
	"quachot/kiosk/uplink"
)

// ErrEnrolled says that the directory already belongs to a station.
var ErrEnrolled = errors.New("this computer is enrolled already")

// Enrol makes dir the data directory of a new station with a single-use code
// from the office. A try that did not reach the office can be made again with
// the same code. Errors: ErrEnrolled, wire.ErrCode, *uplink.Problem.
func Enrol(ctx context.Context, dir, code string) (Identity, error) {
	c, err := wire.ParseCode(code)
	if err != nil {
		return Identity{}, fmt.Errorf("%w. Nothing was changed. Type or scan it again", err)
	}
	p, a, err := apply(dir, c)
	if err != nil {
		return Identity{}, err
	}
	e, err := uplink.Enrol(ctx, c, a)
	if err != nil {
		return Identity{}, errors.Join(err, forget(dir, err))
	}
	return become(dir, c, p, e, nil)
}

// apply makes the keys of a new station in dir. ErrEnrolled when there is one.
func apply(dir string, c wire.Code) (pending, uplink.Applicant, error) {
	if id, err := Load(dir); err == nil {
		return pending{}, uplink.Applicant{}, fmt.Errorf("%w, as station %s (%s). Its records stay. To enrol it anew, move the directory %s away first, after everything is sent", ErrEnrolled, id.Station, id.Name, dir)
	} else if !errors.Is(err, ErrNotEnrolled) {
		return pending{}, uplink.Applicant{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return pending{}, uplink.Applicant{}, fmt.Errorf("make data directory: %w", err)
	}
	p, err := applicant(dir)
	if err != nil {
		return p, uplink.Applicant{}, err
	}
	a := uplink.Applicant{Key: ed25519.NewKeyFromSeed(p.Seed), Name: hostname(), Program: "enrol"}
	if c.Issuer {
		a.Signing = ed25519.NewKeyFromSeed(p.SigningSeed).Public().(ed25519.PublicKey)
	}
	return p, a, nil
}

// forget drops the keys of a try that the office refused for good: it may know
// them already, from a try whose answer was lost, and takes a key once.
func forget(dir string, err error) error {
	var p *uplink.Problem
	if !errors.As(err, &p) || p.Code != uplink.CodeCode {
		return nil
	}
	if err := os.Remove(filepath.Join(dir, pendingFile)); err != nil {
		return fmt.Errorf("clean up after the refused enrolment: %w", err)
	}
	return nil
}

// become writes down what the station is now.
// proof is what the office has still to see; nil when it enrolled the station.
func become(dir string, c wire.Code, p pending, e wire.Enrolled, proof *wire.EnrolRequest) (Identity, error) {
	f := stored{
		Version: fileVersion, Station: e.Station, Name: e.Name, Post: e.Post, Address: c.Address,
		Seed: p.Seed, Office: e.Office, Enrolled: time.Now().Unix(),
	}
	if c.Issuer {
		f.SigningSeed, f.Certificate = p.SigningSeed, e.Issuer // a certificate may come later
	}
	f.Enrol = proof
	key, place := makeStoreKey(account(f))
	f.StorePlace = place
	if place == PlaceFile {
		f.StoreKey = key[:]
	}
	if err := save(dir, f); err != nil {
		return Identity{}, err
	}
	if err := os.Remove(filepath.Join(dir, pendingFile)); err != nil {
		return Identity{}, fmt.Errorf("clean up after enrolment (the station is enrolled): %w", err)
	}
	return Load(dir)
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
