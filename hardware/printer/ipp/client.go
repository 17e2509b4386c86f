package ipp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/user"
	"strings"
	"sync/atomic"
	"time"

	"quachot/hardware/printer"
)

// Operations (RFC 8011 section 5.4.15; CUPS 0x4001, 0x4002).
const (
	opPrintJob       = 0x0002
	opCancelJob      = 0x0008
	opJobAttributes  = 0x0009
	opPrinterAttrs   = 0x000b
	opDefaultPrinter = 0x4001
	opPrinters       = 0x4002
)

// Statuses that mean something to this client (RFC 8011 appendix B).
const (
	statusOK          = 0x00ff // this and below
	statusNotPossible = 0x0404
	statusNotFound    = 0x0406
	statusBusy        = 0x0507
)

// statusError is an answer that says no.
type statusError struct{ status uint16 }

func (e statusError) Error() string { return fmt.Sprintf("IPP status 0x%04x", e.status) }

// maxAnswer bounds an answer: a list of some hundred printers.
const maxAnswer = 4 << 20

// connectFor is how long a connection may take; a printer on the desk needs none.
const connectFor = 3 * time.Second

// client talks to one server.
type client struct {
	http *http.Client
	base string // "http://host:port"
	peer bool   // a local socket: the server sees who we are
	id   atomic.Uint32
}

// newClient makes one for "host:port", or for the path of a local socket.
func newClient(server string) *client {
	c := &client{base: "http://" + server}
	dial := (&net.Dialer{Timeout: connectFor}).DialContext
	if strings.HasPrefix(server, "/") {
		c.base, c.peer = "http://localhost", true
		dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: connectFor}).DialContext(ctx, "unix", server)
		}
	}
	c.http = &http.Client{
		// No connection is kept: a request on a stale one might be sent twice.
		Transport:     &http.Transport{DialContext: dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// cupsServer is where CUPS listens: what CUPS_SERVER says, the local socket, or
// port 631.
func cupsServer() string {
	if s := os.Getenv("CUPS_SERVER"); s != "" {
		if !strings.HasPrefix(s, "/") && !strings.Contains(s, ":") {
			s += ":631"
		}
		return s
	}
	for _, socket := range []string{"/run/cups/cups.sock", "/var/run/cups/cups.sock", "/private/var/run/cupsd"} {
		if _, err := os.Stat(socket); err == nil {
			return socket
		}
	}
	return "localhost:631"
}

// me is the name that jobs are handed in under.
func me() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "kiosk"
}

// call sends one request about the printer or server at path and gives its
// answer. Errors: printer.ErrLost when nothing was sent; statusError or
// printer.ErrRefused when the answer is no; anything else means that the request
// may have been carried out.
func (c *client) call(ctx context.Context, path string, op uint16, operation, job []attr, doc []byte) (message, error) {
	uri := "ipp://" + strings.TrimPrefix(c.base, "http://") + path
	m := message{code: op, id: c.id.Add(1), groups: []group{{tagOperation, append([]attr{
		word(tagCharset, "attributes-charset", "utf-8"),
		word(tagLanguage, "attributes-natural-language", "en"),
		word(tagURI, "printer-uri", uri),
	}, operation...)}}}
	if len(job) > 0 {
		m.groups = append(m.groups, group{tagJob, job})
	}
	answer, err := c.post(ctx, path, append(m.encode(), doc...), "")
	if err != nil {
		return message{}, err
	}
	got, _, err := decode(answer)
	if err != nil {
		return message{}, fmt.Errorf("the answer: %w", err)
	}
	if got.code > statusOK {
		return got, statusError{got.code}
	}
	return got, nil
}

// post sends a request once; once more when the server wants to know who we are,
// since it has then done nothing.
func (c *client) post(ctx context.Context, path string, body []byte, who string) ([]byte, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", printer.ErrUnknown, err)
	}
	r.Header.Set("Content-Type", "application/ipp")
	if who != "" {
		r.Header.Set("Authorization", "PeerCred "+who)
	}
	answer, err := c.http.Do(r)
	if err != nil && !sent.Load() {
		return nil, fmt.Errorf("%w: %w", printer.ErrLost, bare(err))
	}
	if err != nil {
		return nil, bare(err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusUnauthorized && c.peer && who == "" && strings.Contains(strings.Join(answer.Header.Values("Www-Authenticate"), ","), "PeerCred"):
		return c.post(ctx, path, body, me())
	case answer.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("HTTP %d: %w", answer.StatusCode, printer.ErrUnknown)
	case answer.StatusCode >= 300 && answer.StatusCode < 500:
		return nil, fmt.Errorf("HTTP %d: %w", answer.StatusCode, printer.ErrRefused)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("HTTP %d", answer.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(b) > maxAnswer {
		return nil, fmt.Errorf("the answer has more than %d bytes: %w", maxAnswer, ErrMessage)
	}
	return b, nil
}

// bare is err without the method and address that net/http puts before it.
func bare(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
