// Package sample makes people who do not exist and the codes they would show,
// from a seed, for benchmarks, the fleet and end-to-end tests. The mix is that
// of the design, section 14.
package sample

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"unicode"

	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/record"
)

var (
	surnames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Tôn Nữ", "Công Tằng"}
	middles  = []string{"Văn", "Thị", "Quang", "Minh", "Đức", "Ngọc", "Hữu", "Thanh", "Xuân", "Kim", "Thị Thu", "Thị Ngọc", "Bảo", "Gia"}
	givens   = []string{"Ửng", "Bình", "Khải", "Hải", "Hoa", "Lan", "Sơn", "Thủy", "Trang", "Tuấn", "Vinh", "Yến", "Dũng", "Hạnh", "Khánh", "Linh", "Phượng", "Quỳnh", "Tâm", "Nhã"}
	streets  = []string{"Nguyễn Huệ", "Lê Lợi", "Trần Hưng Đạo", "Bà Triệu", "Hùng Vương", "Điện Biên Phủ", "Phan Bội Châu", "Đinh Tiên Hoàng", "An Dương Vương", "Tôn Đức Thắng"}
	wards    = []string{"Vĩnh Ninh", "Phú Hội", "An Cựu", "Thủy Xuân", "Phú Mậu", "Hương Long", "Kim Long", "Thuận Lộc", "Phú Bài", "Thủy Phương", "Lăng Cô", "Vinh Hiền"}
	towns    = []string{"Thành phố Huế, Thừa Thiên Huế", "Thị xã Hương Thủy, Thừa Thiên Huế", "Huyện Phú Lộc, Thừa Thiên Huế", "Huyện Phú Vang, Thừa Thiên Huế", "Quận Hải Châu, Đà Nẵng", "Huyện Hải Lăng, Quảng Trị"}
	codes    = []string{"19768", "19774", "19789", "19803", "19810", "20014", "20107"}
)

// Person is somebody who does not exist.
type Person struct {
	Name    string
	Birth   time.Time
	Female  bool
	CCCD    string
	CMND    string // often empty
	QID     string
	Address string
	Ward    string
	Phone   string
}

// Source makes people and codes. It is not safe for concurrent use.
type Source struct {
	rand    *rand.Rand
	station string
	key     ed25519.PrivateKey
	kid     []byte
	counter uint32
	now     time.Time
}

// New is a source that repeats itself for the same seed. Cards are signed with
// Key(), whose certificate is Certificate, as of now.
func New(seed uint64, now time.Time) *Source {
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	var s [ed25519.SeedSize]byte
	for i := range s {
		s[i] = byte(r.Uint32())
	}
	return &Source{rand: r, station: "469001", key: ed25519.NewKeyFromSeed(s[:]), kid: []byte("smpl"), now: now}
}

// Certificate is the public half of the key that signs this source's cards.
func (s *Source) Certificate() card.Key {
	return card.Key{KID: s.kid, Public: s.key.Public().(ed25519.PublicKey), Name: "sample"}
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// Person makes one more person.
func (s *Source) Person() Person {
	r := s.rand
	birth := time.Date(1940+r.IntN(78), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	p := Person{
		Name:    pick(r, surnames) + " " + pick(r, middles) + " " + pick(r, givens),
		Birth:   birth,
		Female:  r.IntN(2) == 0,
		QID:     fmt.Sprintf("1629%014d", r.Int64N(100_000_000_000_000)),
		Address: fmt.Sprintf("%d/%d Kiệt %d %s, %s, %s", 1+r.IntN(200), 1+r.IntN(30), 1+r.IntN(150), pick(r, streets), pick(r, wards), pick(r, towns)),
		Ward:    pick(r, codes),
		Phone:   fmt.Sprintf("09%08d", r.IntN(100_000_000)),
	}
	sex := 0
	if p.Female {
		sex = 1
	}
	if birth.Year() >= 2000 {
		sex += 2
	}
	p.CCCD = fmt.Sprintf("046%d%02d%06d", sex, birth.Year()%100, r.IntN(1_000_000))
	if r.IntN(2) == 0 {
		p.CMND = fmt.Sprintf("19%07d", r.IntN(10_000_000))
	}
	return p
}

func (p Person) sexWord() string {
	if p.Female {
		return "Nữ"
	}
	return "Nam"
}

func (p Person) sexLetter() string {
	if p.Female {
		return "F"
	}
	return "M"
}

// ChipCard is the text of the person's CCCD.
func (p Person) ChipCard() string {
	return strings.Join([]string{p.CCCD, p.CMND, p.Name, p.Birth.Format("02012006"), p.sexWord(), p.Address, "25042021"}, "|")
}

// NationalQR is the text of the person's QRQG.
func (p Person) NationalQR() string {
	sex := "1"
	if p.Female {
		sex = "2"
	}
	return strings.Join([]string{p.CCCD, Plain(p.Name), p.Birth.Format("2006-01-02"), "0", p.QID, "<" + sex + "<<" + p.Phone}, "|")
}

// Plain is a name in upper case without marks, as QRQG writes it.
func Plain(name string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(t, strings.NewReplacer("đ", "d", "Đ", "D").Replace(name))
	if err != nil {
		return strings.ToUpper(name)
	}
	return strings.ToUpper(s)
}

// Card signs a card for p and gives its Base45 text.
func (s *Source) Card(p Person) (string, error) {
	s.counter++
	number, err := card.NewNumber(s.station, s.counter)
	if err != nil {
		return "", err
	}
	token, err := card.Sign(s.key, s.kid, card.Claims{
		Number: string(number), Name: p.Name, Birth: p.Birth.Format("2006-01-02"), Sex: p.sexLetter(), Ward: p.Ward,
		Issued: s.now.Add(-24 * time.Hour).Truncate(time.Second), Expires: s.now.AddDate(1, 0, 0).Truncate(time.Second),
	})
	if err != nil {
		return "", err
	}
	return card.Base45(token)
}

// Declaration is a spoken declaration of p.
func (s *Source) Declaration(p Person) record.Declaration {
	return record.Declaration{
		Documents: []identity.Document{{Kind: identity.CCCD, Number: p.CCCD}},
		Name:      p.Name, Birth: p.Birth.Format("2006-01-02"), Sex: p.sexLetter(), Phone: p.Phone,
		From: pick(s.rand, codes), To: pick(s.rand, codes), Purpose: pick(s.rand, []string{"work", "home", "freight", "care"}), Source: "spoken",
	}
}

// Passing is what one citizen brings to the lane: a code to scan, or a
// declaration.
type Passing struct {
	Kind        string // card, cccd, qrqg, declaration
	Text        string
	Declaration *record.Declaration
}

// Next is one more passing of the mix: 60 % own cards, 25 % CCCD, 10 % QRQG,
// 5 % declarations, each of a new person.
func (s *Source) Next() (Passing, error) {
	p := s.Person()
	switch n := s.rand.IntN(100); {
	case n < 60:
		text, err := s.Card(p)
		return Passing{Kind: "card", Text: text}, err
	case n < 85:
		return Passing{Kind: "cccd", Text: p.ChipCard()}, nil
	case n < 95:
		return Passing{Kind: "qrqg", Text: p.NationalQR()}, nil
	default:
		d := s.Declaration(p)
		return Passing{Kind: "declaration", Declaration: &d}, nil
	}
}
