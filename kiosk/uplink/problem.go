package uplink

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/gorilla/websocket"

	"quachot/internal/wire"
)

// Codes of a Problem; the texts for the screen are under "sync.<code>".
const (
	CodeOffline   = "offline"    // nobody answers
	CodeNotOffice = "not_office" // somebody else answers: a web page, another key
	CodeRefused   = "refused"    // the office does not know or want this station
	CodeRetired   = "retired"    // the station was given back, and the office has everything
	CodeVersion   = "version"    // one side is too old
	CodeTwice     = "twice"      // another program uses this station's identity
	CodeBusy      = "busy"       // the office cannot now
	CodeCut       = "cut"        // the link broke
	CodeCode      = "code"       // the enrolment code is wrong, used or too old
)

// Problem is an error in words for people: what happened, what is safe, what to
// do. Err is its cause.
type Problem struct {
	Code string
	What string
	Safe string
	Do   string
	Err  error
}

// Error is the three parts in one line: what happened, what is safe, what to do.
func (p *Problem) Error() string { return fmt.Sprintf("%s. %s. %s.", p.What, p.Safe, p.Do) }

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Err }

const everythingSafe = "Everything scanned is saved on this computer and scanning goes on"

var problems = map[string]Problem{
	CodeOffline:   {What: "The office does not answer", Do: "Nothing to do: it is tried again by itself; when it lasts, look at the cable, the modem or the SIM"},
	CodeNotOffice: {What: "Something else answered in the office's place, such as the login page of a guest network or another computer", Do: "Open the network's login page in a browser, or use another network; if the office got a new computer, ask it for a new enrolment code"},
	CodeRefused:   {What: "The office does not accept this station", Do: "Ring the office: it may have revoked this station or lost its list of stations"},
	CodeRetired:   {What: "This station was given back to the office", Safe: "Everything scanned here is at the office", Do: "Nothing to do; to use this computer again, ask the office for an enrolment code"},
	CodeVersion:   {What: "This program and the office's do not understand each other", Do: "Install the newest version on the side that is older"},
	CodeTwice:     {What: "Another computer works under this station's name", Do: "Ring the office: if this computer's disk was copied, one of the two must be enrolled anew"},
	CodeBusy:      {What: "The office cannot take records at the moment", Do: "Nothing to do: it is tried again by itself"},
	CodeCut:       {What: "The link to the office broke", Do: "Nothing to do: it is tried again by itself"},
	CodeCode:      {What: "The office did not accept the enrolment code", Do: "Ask the office for a new code: each works once and for 24 hours", Safe: "Nothing was changed on this computer"},
}

// explain puts any error of a session into words.
func explain(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return problem(codeOf(err), err)
}

func problem(code string, err error) *Problem {
	p := problems[code]
	p.Code, p.Err = code, err
	if p.Safe == "" {
		p.Safe = everythingSafe
	}
	return &p
}

func codeOf(err error) string {
	var header tls.RecordHeaderError
	var refused *refusal
	var op *net.OpError
	switch {
	case errors.As(err, &refused):
		return refused.code()
	case errors.Is(err, wire.ErrPeer), errors.Is(err, websocket.ErrBadHandshake), errors.As(err, &header), errors.Is(err, errNotOffice):
		return CodeNotOffice
	case errors.As(err, &op) && op.Op == "dial":
		return CodeOffline
	}
	return CodeCut
}

// errNotOffice is what an answer of a stranger wraps.
var errNotOffice = errors.New("not the office")

// refusal is the office's no as an error.
type refusal struct{ wire.Refusal }

func (r *refusal) Error() string {
	return fmt.Sprintf("refused by the office (%s): %s", r.Code, r.Text)
}

func (r *refusal) code() string {
	switch r.Code {
	case wire.RefuseUnknown, wire.RefuseRevoked:
		return CodeRefused
	case wire.RefuseRetired:
		return CodeRetired
	case wire.RefuseVersion:
		return CodeVersion
	case wire.RefuseEpoch:
		return CodeTwice
	case wire.RefuseCode:
		return CodeCode
	case wire.RefuseBusy, wire.RefuseDisk:
		return CodeBusy
	}
	return CodeCut
}

// isLasting tells a refusal that trying again soon will not change.
func isLasting(err error) bool {
	var r *refusal
	return errors.As(err, &r) &&
		(r.Code == wire.RefuseUnknown || r.Code == wire.RefuseRevoked || r.Code == wire.RefuseRetired || r.Code == wire.RefuseVersion)
}
