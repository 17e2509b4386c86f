package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"unicode"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/vietnam/units"
)

// Names as they are spread in the country, the commonest first.
var (
	surnames = strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Đinh Đoàn Lâm Trịnh Mai Đào Cao Hà Lương Tạ Châu Thái Tôn Phùng Quách Nông Hồng Vương Văn Tô Kiều La Lưu Bạch Triệu")
	middles  = strings.Split("Thị,Văn,Thị Thu,Đức,Minh,Ngọc,Hữu,Thanh,Quang,Xuân,Thị Ngọc,Quốc,Thị Kim,Thị Thanh,Công,Anh,Thị Minh,Thành,Đình,Thị Hồng,Hoàng,Kim,Bảo,Thị Mỹ,Gia,Duy,Trọng,Thị Bích,Phương,Tuấn,Viết,Như,Khánh,Thùy,Hải,Nhật", ",")
	givens   = strings.Fields("Anh Hương Hùng Lan Hoa Bình Dũng Hà Hải Hạnh Hiền Hiếu Hòa Hồng Huệ Huy Khánh Linh Long Loan Mai Minh My Nam Nga Ngân Ngọc Nhân Nhi Nhung Oanh Phong Phúc Phương Phước Quân Quang Quỳnh Sơn Tâm Tân Thắng Thanh Thảo Thành Thu Thủy Thúy Thương Tiến Toàn Trang Trinh Trung Tú Tuấn Tùng Tuyết Uyên Vân Việt Vinh Vy Yến Đạt Đức Cường Châu Chi Diệp Dung Duyên Giang Hằng Hoàng Khoa Kiên Lộc Lợi Nguyên Nhật Thịnh Thiện Trâm Khải Định Hậu Ly Lâm Liên Khôi Như Quý Tài Trí Thư Bé Út")
	streets  = strings.Split("Nguyễn Huệ,Lê Lợi,Trần Hưng Đạo,Bà Triệu,Hùng Vương,Điện Biên Phủ,Phan Bội Châu,Đinh Tiên Hoàng,An Dương Vương,Tôn Đức Thắng,Nguyễn Trãi,Lê Duẩn,Quang Trung,Lý Thường Kiệt,Hai Bà Trưng,Phan Chu Trinh,Nguyễn Văn Cừ,Lê Thánh Tông,Trần Phú,Ngô Quyền,Nguyễn Du,Hoàng Diệu,Võ Thị Sáu,Cách Mạng Tháng Tám,Nguyễn Tất Thành,Phạm Văn Đồng,Đặng Thái Thân,Chi Lăng,Bạch Đằng,Huỳnh Thúc Kháng,Nguyễn Sinh Cung,Bùi Thị Xuân", ",")
	hamlets  = strings.Split("Thôn %d,Tổ %d,Xóm %d,Ấp %d,Khu phố %d,Tổ dân phố %d,Khối %d,Đội %d,Thôn Đông,Thôn Trung,Thôn Đoài,Bản %d,Tổ dân phố số %d", ",")
	purposes = []string{"work", "home", "freight", "care", "medical", "official", "study", "other"}
	symptoms = []string{"fever", "cough", "breath", "taste", "throat", "tired"}
)

// home is the province that most people at a post come from, and its neighbours.
var home, neighbours = "46", []string{"45", "48", "49", "44"}

// place is one ward as an address writes it.
type place struct{ code, ward, rest, province string }

// generator makes records as the lane writes them.
type generator struct {
	r      *rand.Rand
	places []place
	near   []place
	around []place
	counts uint64
}

func newGenerator(seed uint64) *generator {
	g := &generator{r: rand.New(rand.NewPCG(seed, 5))}
	day := time.Date(2021, 12, 1, 0, 0, 0, 0, time.UTC)
	for n := range 100000 {
		u, ok := units.Ward(fmt.Sprintf("%05d", n), day)
		if !ok || u.District == "" {
			continue
		}
		province := strings.TrimPrefix(strings.TrimPrefix(u.Province, "Tỉnh "), "Thành phố ")
		p := place{code: u.Code, ward: u.Name, rest: u.District + ", " + province, province: province}
		g.places = append(g.places, p)
	}
	homeName, _ := units.Province(home, day)
	for _, p := range g.places {
		if strings.HasSuffix(homeName, p.province) {
			g.near = append(g.near, p)
		}
		for _, code := range neighbours {
			if name, ok := units.Province(code, day); ok && strings.HasSuffix(name, p.province) {
				g.around = append(g.around, p)
			}
		}
	}
	return g
}

// pick favours the first of a list.
func pick(r *rand.Rand, of []string) string {
	if r.IntN(2) == 0 {
		return of[r.IntN(max(1, len(of)/5))]
	}
	return of[r.IntN(len(of))]
}

func (g *generator) place() place {
	switch n := g.r.IntN(10); {
	case n < 5:
		return g.near[g.r.IntN(len(g.near))]
	case n < 7:
		return g.around[g.r.IntN(len(g.around))]
	}
	return g.places[g.r.IntN(len(g.places))]
}

func bare(ward string) string {
	for _, kind := range []string{"Phường ", "Xã ", "Thị trấn "} {
		ward = strings.TrimPrefix(ward, kind)
	}
	return ward
}

func (g *generator) address() string {
	p, r := g.place(), g.r
	ward := p.ward
	if r.IntN(3) > 0 {
		ward = bare(ward)
	}
	var street string
	switch n := r.IntN(10); {
	case n < 3:
		street = fmt.Sprintf("%d/%d Kiệt %d %s", 1+r.IntN(200), 1+r.IntN(30), 1+r.IntN(150), pick(r, streets))
	case n < 5:
		street = fmt.Sprintf("%d %s", 1+r.IntN(400), pick(r, streets))
	case n < 6:
		street = fmt.Sprintf("Số %d Ngõ %d %s", 1+r.IntN(90), 1+r.IntN(90), pick(r, streets))
	default:
		street = pick(r, hamlets)
		if strings.Contains(street, "%d") {
			street = fmt.Sprintf(street, 1+r.IntN(15))
		}
	}
	return street + ", " + ward + ", " + p.rest
}

// person is somebody who does not exist.
type person struct {
	name, birth, sex, cccd, cmnd, phone string
}

func (g *generator) person() person {
	r := g.r
	birth := time.Date(1940+r.IntN(78), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	p := person{name: pick(r, surnames) + " " + pick(r, middles) + " " + pick(r, givens), birth: birth.Format(time.DateOnly), sex: "M"}
	digit := r.IntN(2)
	if digit == 1 {
		p.sex = "F"
	}
	if birth.Year() >= 2000 {
		digit += 2
	}
	province := 46
	if r.IntN(2) == 0 {
		province = 1 + r.IntN(96)
	}
	p.cccd = fmt.Sprintf("%03d%d%02d%06d", province, digit, birth.Year()%100, r.IntN(1_000_000))
	if r.IntN(2) == 0 {
		p.cmnd = fmt.Sprintf("%09d", r.IntN(400_000_000))
	}
	p.phone = fmt.Sprintf("0%d%08d", []int{9, 9, 3, 7, 8}[r.IntN(5)], r.IntN(100_000_000))
	return p
}

// record is one more of the mix: 60 % own cards, 25 % CCCD, 10 % QRQG, 5 %
// declarations, each of a new person.
func (g *generator) record() (kind string, plain []byte) {
	offset := time.Duration(g.r.IntN(3600_000)) * time.Millisecond
	var body any
	of := record.KindScan
	switch n := g.r.IntN(100); {
	case n < 60:
		kind, body = "scan card", g.card()
	case n < 85:
		kind, body = "scan cccd", g.cccd()
	case n < 95:
		kind, body = "scan qrqg", g.qrqg()
	default:
		kind, body, of = "declaration", g.declaration(), record.KindDeclaration
	}
	plain, err := record.Encode(of, offset, body)
	if err != nil {
		panic(err) // made here, of known types
	}
	return kind, plain
}

func (g *generator) direction() record.Direction { return record.Direction(1 + g.r.IntN(2)) }

func (g *generator) card() record.Scan {
	g.counts++
	s := record.Scan{
		Direction: g.direction(), Reading: credential.Card, Trust: credential.Signed, Verdict: record.Pass,
		Card: (460000+uint64(g.r.IntN(99)))*10_000_000 + g.r.Uint64N(10_000_000),
	}
	if g.r.IntN(30) == 0 {
		s.Verdict, s.Reasons = record.Check, []record.Reason{{Code: "recent", Arg: fmt.Sprint(1 + g.r.IntN(59))}}
	}
	return s
}

func (g *generator) cccd() record.Scan {
	p := g.person()
	s := record.Scan{
		Direction: g.direction(), Reading: credential.CCCD, Trust: credential.Unverified, Verdict: record.Check,
		Reasons:   []record.Reason{{Code: "unverified"}},
		Documents: []identity.Document{{Kind: identity.CCCD, Number: p.cccd}},
		Name:      p.name, Birth: p.birth, Sex: p.sex, Address: g.address(), Why: "unsigned",
	}
	if p.cmnd != "" {
		s.Documents = append(s.Documents, identity.Document{Kind: identity.CMND, Number: p.cmnd})
	}
	return s
}

func (g *generator) qrqg() record.Scan {
	p := g.person()
	qid := fmt.Sprintf("16%d%09d", 2_900_000+g.r.IntN(99_999), g.r.IntN(1_000_000_000))
	return record.Scan{
		Direction: g.direction(), Reading: credential.QRQG, Trust: credential.Unverified, Verdict: record.Check,
		Reasons:   []record.Reason{{Code: "unverified"}},
		Documents: []identity.Document{{Kind: identity.CCCD, Number: p.cccd}, {Kind: identity.QID, Number: qid}},
		Name:      plainName(p.name), Birth: p.birth, Sex: p.sex, Phone: p.phone, Why: "unsigned",
	}
}

func (g *generator) declaration() record.Declaration {
	p, r := g.person(), g.r
	d := record.Declaration{
		Documents: []identity.Document{{Kind: identity.CCCD, Number: p.cccd}}, Name: p.name, Birth: p.birth, Sex: p.sex, Phone: p.phone,
		From: g.place().code, To: g.place().code, Purpose: purposes[r.IntN(len(purposes))], Source: "spoken",
	}
	if r.IntN(8) == 0 {
		d.Symptoms = []string{symptoms[r.IntN(len(symptoms))]}
	}
	if r.IntN(3) == 0 {
		d.Doses = uint(1 + r.IntN(3))
	}
	return d
}

// plainName is a name as QRQG writes it: upper case without marks.
func plainName(name string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(t, strings.NewReplacer("đ", "d", "Đ", "D").Replace(name))
	if err != nil {
		return strings.ToUpper(name)
	}
	return strings.ToUpper(s)
}

// history is what new records point back into: what is rare first.
func (g *generator) history(samples [][]byte) []byte {
	var b bytes.Buffer
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			b.WriteString(s)
		}
	}
	for _, p := range g.places { // every district of the country
		add(", " + p.rest)
	}
	wards := map[string]int{}
	for _, p := range g.places {
		wards[bare(p.ward)]++
	}
	names := make([]string, 0, len(wards))
	for w, n := range wards {
		if n > 6 { // the ward names that many districts have
			names = append(names, w)
		}
	}
	slices.Sort(names)
	for _, w := range names {
		add(", " + w)
	}
	for _, list := range [][]string{streets, symptoms, purposes} {
		for _, s := range list {
			add(" " + s)
		}
	}
	for _, p := range append(slices.Clone(g.around), g.near...) {
		add(", " + p.ward + ", " + p.rest)
	}
	for _, list := range [][]string{givens, middles, surnames} {
		for i := len(list) - 1; i >= 0; i-- {
			add(list[i] + " ")
			add(plainName(list[i]) + " ")
		}
	}
	for _, s := range samples[:24] { // the keys between the words
		b.Write(s)
	}
	return b.Bytes()
}
