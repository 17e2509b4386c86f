package wire

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// ServerName is the TLS server name that stations ask for. By it the office
// tells stations from browsers on one port; it is never looked up.
const ServerName = "sync.quachot"

// ErrPeer says that the other side showed a key that is not the pinned one: it
// is not the office, or not a station.
var ErrPeer = errors.New("the other side has another key")

// StationTLS is the station's end of mutual TLS 1.3: it shows a certificate made
// from priv and talks only to a peer that proves one of officeKeys (the current
// and the next). Names, chains and dates are ignored, because a dead clock must
// not cut the link that would set it. A nil officeKeys accepts any Ed25519 key:
// only for enrolment, where the office's keys are checked by the code's hash.
func StationTLS(priv ed25519.PrivateKey, officeKeys func() [][]byte) *tls.Config {
	c := pinned(priv)
	c.ServerName = ServerName
	c.InsecureSkipVerify = true // replaced by VerifyConnection: pinned keys, no authorities
	c.VerifyConnection = func(s tls.ConnectionState) error {
		key, err := PeerKey(s)
		if err != nil || officeKeys == nil {
			return err
		}
		for _, k := range officeKeys() {
			if key.Equal(ed25519.PublicKey(k)) {
				return nil
			}
		}
		return ErrPeer
	}
	return c
}

// OfficeTLS is the office's end. It lets in whoever proves an Ed25519 key; who
// that is, is decided by PeerKey after the handshake.
func OfficeTLS(priv ed25519.PrivateKey) *tls.Config {
	c := pinned(priv)
	c.ClientAuth = tls.RequireAnyClientCert
	c.VerifyConnection = func(s tls.ConnectionState) error {
		_, err := PeerKey(s)
		return err
	}
	return c
}

// PeerKey is the key the other side proved in the handshake.
func PeerKey(s tls.ConnectionState) (ed25519.PublicKey, error) {
	if len(s.PeerCertificates) == 0 {
		return nil, fmt.Errorf("%w: it showed none", ErrPeer)
	}
	key, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: %T, want Ed25519", ErrPeer, s.PeerCertificates[0].PublicKey)
	}
	return key, nil
}

// pinned has no session tickets: every connection proves its key anew, and a
// ticket, which carries the station's certificate, is as long as what it saves.
// The key exchange is X25519 alone: the post-quantum hybrid adds 2.3 KB to every
// handshake, two seconds on a line of 9.6 kbit/s, for records that are sealed
// with X25519 below TLS anyway.
func pinned(priv ed25519.PrivateKey) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		CurvePreferences:       []tls.CurveID{tls.X25519},
		NextProtos:             []string{"http/1.1"},
		SessionTicketsDisabled: true,
		Certificates:           []tls.Certificate{selfSigned(priv)},
	}
}

// selfSigned wraps a key for TLS. Nothing in it but the key means anything.
func selfSigned(priv ed25519.PrivateKey) tls.Certificate {
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "quachot"},
		DNSNames:     []string{ServerName},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der := must(x509.CreateCertificate(rand.Reader, t, t, priv.Public(), priv))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: priv}
}
