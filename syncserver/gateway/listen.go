package gateway

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"quachot/internal/wire"
)

// Serve answers stations and browsers on l until ctx ends, then closes every
// connection and waits for the talks to end. browser is the certificate that
// browsers see.
func (g *Gateway) Serve(ctx context.Context, l net.Listener, browser tls.Certificate) error {
	stations := wire.OfficeTLS(g.c.Vault.TLS)
	pages := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Certificates: []tls.Certificate{browser}}
	both := &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if hello.ServerName == wire.ServerName {
				return stations, nil
			}
			return pages, nil
		},
	}
	return g.serve(ctx, tls.NewListener(l, both), g)
}

// ServeWeb answers browsers in plain HTTP, for the office's own computer.
func (g *Gateway) ServeWeb(ctx context.Context, l net.Listener) error {
	return g.serve(ctx, l, g.c.Web)
}

func (g *Gateway) serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: helloTime,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(g.c.Log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() {
		g.closeAll()
		s.Close()
	})
	defer stop()
	err := s.Serve(l)
	if ctx.Err() != nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", l.Addr(), err)
}

// certificateFile keeps the browsers' certificate, so that an exception once
// given by a person holds.
const certificateFile = "web.pem"

const certificateLife = 800 * 24 * time.Hour

// BrowserCertificate reads the certificate of the pages or makes a new one when
// there is none or it soon ends. Browsers warn of it once: nobody signed it.
func BrowserCertificate(dir string, names []string, now time.Time) (tls.Certificate, error) {
	path := filepath.Join(dir, certificateFile)
	if b, err := os.ReadFile(path); err == nil {
		c, err := tls.X509KeyPair(b, b)
		if err == nil && c.Leaf != nil && c.Leaf.NotAfter.After(now.AddDate(0, 0, 30)) {
			return c, nil
		}
	}
	b, err := newCertificate(names, now)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate of the pages: %w", err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return tls.Certificate{}, fmt.Errorf("write certificate of the pages: %w", err)
	}
	return tls.X509KeyPair(b, b)
}

func newCertificate(names []string, now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Qua Chot"}, NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, n := range append([]string{"localhost", "127.0.0.1", "::1"}, names...) {
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else if n != "" {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return append(b, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), nil
}
