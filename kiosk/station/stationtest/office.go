// Package stationtest enrols stations for tests, at an office that only knows
// how to enrol and to sign lists. The real one is syncserver; build/e2e runs it.
package stationtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/lists"
	"quachot/kiosk/station"
)

// Office enrols whoever comes with a code, until Close.
type Office struct {
	*httptest.Server
	Keys wire.OfficeKeys
	// Refuse is the code with which every hello is refused; "" = none is.
	Refuse string
	// Lose is how many answers get lost: the office takes the hello and the link
	// breaks.
	Lose int
	// Asked are the enrolments that came, in order. To be read when no call of
	// Enrol is under way.
	Asked []wire.EnrolRequest

	t    testing.TB
	sign ed25519.PrivateKey
}

// New starts an office that ends with the test.
func New(t testing.TB) *Office {
	t.Helper()
	tls, sign := key(101), key(102)
	o := &Office{t: t, sign: sign, Keys: wire.OfficeKeys{
		Deployment: [16]byte{1}, TLS: tls.Public().(ed25519.PublicKey), Sign: sign.Public().(ed25519.PublicKey),
		Seal: recipient(t), Recovery: recipient(t), Salt: [16]byte{2},
	}}
	o.Server = httptest.NewUnstartedServer(http.HandlerFunc(o.enrol))
	o.Server.TLS = wire.OfficeTLS(tls)
	o.Server.StartTLS()
	t.Cleanup(o.Server.Close)
	return o
}

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func recipient(t testing.TB) seal.Recipient {
	t.Helper()
	p, err := seal.NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	return p.Recipient()
}

// Code is an enrolment code of this office.
func (o *Office) Code() wire.Code {
	return wire.Code{Address: strings.TrimPrefix(o.URL, "https://"), Token: [10]byte{7}, Office: o.Keys.Hash()}
}

// Enrol makes a new data directory that is enrolled as station 460001 at post
// PB1, and takes the office away: the station is offline from then on.
func Enrol(t testing.TB) (dir string, o *Office) {
	t.Helper()
	o, dir = New(t), t.TempDir()
	if _, err := station.Enrol(context.Background(), dir, o.Code().String()); err != nil {
		t.Fatal(err)
	}
	o.Server.Close()
	return dir, o
}

// Give puts lists into a station's store as if they had come down.
func (o *Office) Give(s *lists.Store, serial uint64, contents map[string]any) {
	o.t.Helper()
	m := wire.Manifest{Deployment: o.Keys.Deployment, Serial: serial, AsOf: time.Now().UnixMilli()}
	data := map[string][]byte{}
	for name, content := range contents {
		e, b, err := wire.NewList(name, serial, content)
		if err != nil {
			o.t.Fatal(err)
		}
		m.Lists = append(m.Lists, e)
		data[name] = b
	}
	signed, err := wire.SignManifest(m, o.sign)
	if err != nil {
		o.t.Fatal(err)
	}
	wants, err := s.Offer(signed)
	for _, w := range wants {
		b := data[w.List][w.Offset:]
		if _, err := s.Put(wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset, Data: b[:min(len(b), wire.ChunkSize)]}); err != nil {
			o.t.Fatal(err)
		}
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *Office) enrol(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	_, hello, err := ws.ReadMessage()
	if err != nil {
		return
	}
	if q := o.asked(hello); q != nil {
		o.Asked = append(o.Asked, *q)
	}
	if o.Lose > 0 {
		o.Lose--
		return
	}
	var typ wire.Type = wire.TypeWelcome
	var body any = wire.Welcome{Version: wire.Version, Enrolled: &wire.Enrolled{Station: "460001", Name: "Làn 1", Post: "PB1", Office: o.Keys}}
	if o.Refuse != "" {
		typ, body = wire.TypeRefusal, wire.Refusal{Code: o.Refuse}
	}
	frame, err := wire.Marshal(typ, body)
	if err != nil {
		o.t.Error(err)
	}
	_ = ws.WriteMessage(websocket.BinaryMessage, frame) // the caller notices
	_, _, _ = ws.ReadMessage()                          // until it leaves
}

// asked is the enrolment in a hello; nil when it is none.
func (o *Office) asked(frame []byte) *wire.EnrolRequest {
	var h wire.Hello
	_, body, err := wire.Unmarshal(frame)
	if err == nil {
		err = wire.Into(body, &h)
	}
	if err != nil {
		o.t.Error(err)
	}
	return h.Enrol
}
