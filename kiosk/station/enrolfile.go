package station

import (
	"bytes"
	"errors"
	"fmt"

	"quachot/internal/bundle"
	"quachot/internal/wire"
)

// EnrolByFile makes dir the data directory of a new station with an enrolment
// file from the office, without a network. The office hears of it with the
// station's first contact or bundle; cards are signed only after that. Errors:
// ErrEnrolled, wire.ErrCode, and those of package bundle.
func EnrolByFile(dir string, file []byte) (Identity, error) {
	e, code, err := readEnrolment(file)
	if err != nil {
		return Identity{}, fmt.Errorf("%w. Nothing was changed. Ask the office for another enrolment file", err)
	}
	p, a, err := apply(dir, code)
	if err != nil {
		return Identity{}, err
	}
	return become(dir, code, p, e.Enrolled, a.Proof(code))
}

// readEnrolment proves that the file is by the office that the code in it names.
func readEnrolment(file []byte) (e bundle.Enrolment, code wire.Code, err error) {
	r, err := bundle.NewReader(bytes.NewReader(file))
	if err != nil {
		return e, code, err
	}
	t, body, err := r.Next()
	if err != nil {
		return e, code, err
	}
	if t != bundle.TypeEnrolment {
		return e, code, errors.New("this bundle is no enrolment file")
	}
	if err := wire.Into(body, &e); err != nil {
		return e, code, err
	}
	if code, err = wire.ParseCode(e.Code); err != nil {
		return e, code, err
	}
	office := e.Enrolled.Office
	if err := r.Head.Verify(office.Deployment); err != nil {
		return e, code, err
	}
	if office.Hash() != code.Office || !bytes.Equal(r.Head.Key, office.Sign) || e.Enrolled.Station == "" {
		return e, code, bundle.ErrStranger
	}
	return e, code, nil
}

// enrolled notes that the office knows this station now, and its certificate
// when it issues cards.
func (s *Station) enrolled(e wire.Enrolled) error {
	f, err := readStored(s.dir)
	if err != nil {
		return err
	}
	f.Enrol = nil
	if e.Issuer != nil {
		f.Certificate = e.Issuer
	}
	return save(s.dir, f)
}
