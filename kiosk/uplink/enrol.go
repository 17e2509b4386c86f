package uplink

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"quachot/internal/clock"
	"quachot/internal/wire"
)

// Applicant is a computer that wants to become a station.
type Applicant struct {
	Key     ed25519.PrivateKey // the station's key, for ever
	Name    string             // the computer's name, for the office's list
	Program string
	// Signing is the public half of a card signing key, for a code made with
	// --issuer; nil otherwise.
	Signing ed25519.PublicKey
}

// Enrol gives the code to the office and returns what the station becomes. The
// office proves itself by the hash in the code; a computer in between can
// neither read the token nor pose as the office or as the station. Errors are
// Problems.
func Enrol(ctx context.Context, code wire.Code, a Applicant) (wire.Enrolled, error) {
	e, err := enrol(ctx, code, a)
	if err == nil {
		return e, nil
	}
	p := explain(err)
	if p.Safe == everythingSafe {
		p.Safe = problems[CodeCode].Safe
	}
	switch p.Code { // nothing tries an enrolment again by itself
	case CodeOffline:
		p.What = fmt.Sprintf("No office answers at %s, the address in the code", code.Address)
		p.Do = "See that this computer has a network and that the office runs, then enrol again: the code still counts"
	case CodeCut, CodeBusy:
		p.Do = "Enrol again on this computer with the same code: it still counts, also when the office has taken it already"
	}
	return wire.Enrolled{}, p
}

// Proof is what an applicant shows for a code.
func (a Applicant) Proof(code wire.Code) *wire.EnrolRequest {
	public := a.Key.Public().(ed25519.PublicKey)
	return &wire.EnrolRequest{Key: public, Name: a.Name, MAC: wire.EnrolMAC(code.Token, public, code.Office), Signing: a.Signing}
}

func enrol(ctx context.Context, code wire.Code, a Applicant) (wire.Enrolled, error) {
	l, err := dial(ctx, nil, code.Address, wire.StationTLS(a.Key, nil))
	if err != nil {
		return wire.Enrolled{}, err
	}
	defer l.ws.Close()
	stop := context.AfterFunc(ctx, func() { l.ws.Close() })
	defer stop()
	w, err := greet(l, wire.Hello{
		Version: wire.Version,
		Program: a.Program,
		Clock:   wire.Clock{Wall: time.Now().UnixMilli(), SinceBoot: clock.System().SinceBoot().Milliseconds()},
		Enrol:   a.Proof(code),
	})
	if err != nil {
		return wire.Enrolled{}, err
	}
	return checkEnrolled(w.Enrolled, code, l)
}

// checkEnrolled proves that the keys are those the code names and that the other
// end of the link has one of them.
func checkEnrolled(e *wire.Enrolled, code wire.Code, l *link) (wire.Enrolled, error) {
	if e == nil {
		return wire.Enrolled{}, errors.New("the office's answer names no station")
	}
	if e.Office.Hash() != code.Office {
		return wire.Enrolled{}, fmt.Errorf("%w: its keys are not those of the code", wire.ErrPeer)
	}
	secure, ok := l.ws.UnderlyingConn().(tlsConn)
	if !ok {
		return wire.Enrolled{}, fmt.Errorf("%w: no TLS", wire.ErrPeer)
	}
	key, err := wire.PeerKey(secure.ConnectionState())
	if err != nil {
		return wire.Enrolled{}, err
	}
	if !key.Equal(ed25519.PublicKey(e.Office.TLS)) && !key.Equal(ed25519.PublicKey(e.Office.TLSNext)) {
		return wire.Enrolled{}, fmt.Errorf("%w: it stands between us and the office", wire.ErrPeer)
	}
	if len(e.Office.Sign) != ed25519.PublicKeySize || e.Station == "" {
		return wire.Enrolled{}, fmt.Errorf("%w: the office's answer is not complete", wire.ErrFrame)
	}
	return *e, nil
}

// tlsConn is the part of *tls.Conn that tells the peer's key.
type tlsConn interface{ ConnectionState() tls.ConnectionState }
