package wire

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// shake does one handshake. A server's alert reaches a TLS 1.3
// client with the first read, so one byte goes across.
func shake(t *testing.T, station, office *tls.Config) (peer tls.ConnectionState, stationErr, officeErr error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	_, _ = a.SetDeadline(deadline), b.SetDeadline(deadline)
	done := make(chan error, 1)
	server := tls.Server(b, office)
	go func() {
		defer b.Close()
		err := server.Handshake()
		if err == nil {
			_, err = server.Write([]byte{1})
		}
		done <- err
	}()
	client := tls.Client(a, station)
	_, stationErr = client.Read(make([]byte, 1))
	a.Close()
	officeErr = <-done
	return server.ConnectionState(), stationErr, officeErr
}

func TestPinnedTLS(t *testing.T) {
	station, office, next, stranger := key(1), key(2), key(3), key(4)
	pins := func() [][]byte { return [][]byte{public(office), public(next)} }
	cases := map[string]struct {
		station, office *tls.Config
		want            error
	}{
		"current key":     {StationTLS(station, pins), OfficeTLS(office), nil},
		"next key":        {StationTLS(station, pins), OfficeTLS(next), nil},
		"stranger":        {StationTLS(station, pins), OfficeTLS(stranger), ErrPeer},
		"enrolling":       {StationTLS(station, nil), OfficeTLS(stranger), nil},
		"office not ours": {StationTLS(station, pins), webServer(t), ErrPeer},
		// A dead clock, here or there, must not cut the link that would set it.
		"office's certificate ended in 2001":   {StationTLS(station, pins), dated(OfficeTLS(office), office, 2000), nil},
		"office's certificate begins in 2090":  {StationTLS(station, pins), dated(OfficeTLS(office), office, 2090), nil},
		"station's certificate ended in 2001":  {dated(StationTLS(station, pins), station, 2000), OfficeTLS(office), nil},
		"station's certificate begins in 2090": {dated(StationTLS(station, pins), station, 2090), OfficeTLS(office), nil},
		"station's clock says 1970":            {clocked(StationTLS(station, pins), 1970), OfficeTLS(office), nil},
		"office's clock says 2090":             {StationTLS(station, pins), clocked(OfficeTLS(office), 2090), nil},
	}
	for name, c := range cases {
		peer, stationErr, _ := shake(t, c.station, c.office)
		if !errors.Is(stationErr, c.want) || c.want == nil && stationErr != nil {
			t.Errorf("%s: %v, want %v", name, stationErr, c.want)
		}
		if c.want == nil {
			if got, err := PeerKey(peer); err != nil || !got.Equal(public(station)) {
				t.Errorf("%s: office sees key %x, %v", name, got, err)
			}
		}
	}
}

// dated shows a certificate of key that is good for one year only.
func dated(c *tls.Config, key ed25519.PrivateKey, year int) *tls.Config {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	c.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
	return c
}

// clocked has a clock that is far off.
func clocked(c *tls.Config, year int) *tls.Config {
	c.Time = func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	return c
}

func TestOfficeWantsAKey(t *testing.T) {
	bare := StationTLS(key(1), nil)
	bare.Certificates = nil
	if _, stationErr, officeErr := shake(t, bare, OfficeTLS(key(2))); stationErr == nil || officeErr == nil {
		t.Errorf("without a certificate: station %v, office %v; want errors", stationErr, officeErr)
	}
	old := StationTLS(key(1), nil)
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, stationErr, _ := shake(t, old, OfficeTLS(key(2))); stationErr == nil {
		t.Error("TLS 1.2 was accepted")
	}
	other := StationTLS(key(1), nil)
	other.Certificates = webServer(t).Certificates
	if _, _, officeErr := shake(t, other, OfficeTLS(key(2))); !errors.Is(officeErr, ErrPeer) {
		t.Errorf("station with an ECDSA key: %v, want ErrPeer", officeErr)
	}
}

// webServer shows an ECDSA certificate, as an office's page or a portal does.
func webServer(t *testing.T) *tls.Config {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: k}}}
}

// A handshake is paid on every connection of a link that lasts seconds: on 9.6
// kbit/s each kilobyte is most of a second.
func TestHandshakeIsSmall(t *testing.T) {
	_, office, _ := ed25519.GenerateKey(nil)
	_, station, _ := ed25519.GenerateKey(nil)
	a, b := net.Pipe()
	up, down := &counted{Conn: a}, &counted{Conn: b}
	client := tls.Client(up, StationTLS(station, func() [][]byte { return [][]byte{office.Public().(ed25519.PublicKey)} }))
	server := tls.Server(down, OfficeTLS(office))
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = client.Read(make([]byte, 1)) }() // takes what comes after the handshake
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes up, %d down", up.written.Load(), down.written.Load())
	if n := up.written.Load(); n > 1100 {
		t.Errorf("%d bytes from the station, want at most 1100", n)
	}
	a.Close()
}

type counted struct {
	net.Conn
	written atomic.Int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written.Add(int64(n))
	return n, err
}
