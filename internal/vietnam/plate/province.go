package plate

// Province is whose plates have the two digits, under its name of 2021; "" when
// nobody's. 80 is the traffic police department, for offices of the state.
func Province(number string) string {
	if name, ok := provinces[number]; ok {
		return name
	}
	return oldProvinces[number]
}

// oldProvinces are numbers that are given no more.
var oldProvinces = map[string]string{"13": "Hà Bắc"}

var provinces = map[string]string{
	"11": "Cao Bằng", "12": "Lạng Sơn", "14": "Quảng Ninh", "15": "Hải Phòng", "16": "Hải Phòng",
	"17": "Thái Bình", "18": "Nam Định", "19": "Phú Thọ", "20": "Thái Nguyên", "21": "Yên Bái",
	"22": "Tuyên Quang", "23": "Hà Giang", "24": "Lào Cai", "25": "Lai Châu", "26": "Sơn La",
	"27": "Điện Biên", "28": "Hòa Bình", "29": "Hà Nội", "30": "Hà Nội", "31": "Hà Nội", "32": "Hà Nội",
	"33": "Hà Nội", "34": "Hải Dương", "35": "Ninh Bình", "36": "Thanh Hóa", "37": "Nghệ An",
	"38": "Hà Tĩnh", "39": "Đồng Nai", "40": "Hà Nội", "41": "Hồ Chí Minh", "43": "Đà Nẵng",
	"47": "Đắk Lắk", "48": "Đắk Nông", "49": "Lâm Đồng", "50": "Hồ Chí Minh", "51": "Hồ Chí Minh",
	"52": "Hồ Chí Minh", "53": "Hồ Chí Minh", "54": "Hồ Chí Minh", "55": "Hồ Chí Minh", "56": "Hồ Chí Minh",
	"57": "Hồ Chí Minh", "58": "Hồ Chí Minh", "59": "Hồ Chí Minh", "60": "Đồng Nai", "61": "Bình Dương",
	"62": "Long An", "63": "Tiền Giang", "64": "Vĩnh Long", "65": "Cần Thơ", "66": "Đồng Tháp",
	"67": "An Giang", "68": "Kiên Giang", "69": "Cà Mau", "70": "Tây Ninh", "71": "Bến Tre",
	"72": "Bà Rịa - Vũng Tàu", "73": "Quảng Bình", "74": "Quảng Trị", "75": "Thừa Thiên Huế",
	"76": "Quảng Ngãi", "77": "Bình Định", "78": "Phú Yên", "79": "Khánh Hòa", "80": "Cục CSGT",
	"81": "Gia Lai", "82": "Kon Tum", "83": "Sóc Trăng", "84": "Trà Vinh", "85": "Ninh Thuận",
	"86": "Bình Thuận", "88": "Vĩnh Phúc", "89": "Hưng Yên", "90": "Hà Nam", "92": "Quảng Nam",
	"93": "Bình Phước", "94": "Bạc Liêu", "95": "Hậu Giang", "97": "Bắc Kạn", "98": "Bắc Giang", "99": "Bắc Ninh",
}
